"""How a public name leaves the SDK. Decides what is said before, and for how long it stays.

What is deprecated keeps working for at least two minor versions and three months. Each deprecation stands in
``DEPRECATIONS``, from which the compatibility page and its tests take it, and warns whoever still uses the name.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps


class MeritlineDeprecationWarning(DeprecationWarning):
    """Something of the SDK that will be removed; the message names the version and what to use instead.

    A plugin's own tests find it early with ``filterwarnings = ["error::meritline_sdk.MeritlineDeprecationWarning"]``
    in their pytest settings.
    """


@dataclass(frozen=True, slots=True)
class Deprecation:
    """``name`` is deprecated since version ``since``, is removed in ``removed_in``; ``instead`` says what to write."""

    name: str
    since: str
    removed_in: str
    instead: str

    def told(self) -> str:
        """The sentence of the warning.

        >>> Deprecation("SchemeTemplate", "0.3", "0.5", "Template").told()
        'SchemeTemplate is deprecated since meritline-sdk 0.3 and goes in 0.5: use Template'
        """
        return (f"{self.name} is deprecated since meritline-sdk {self.since} and goes in {self.removed_in}: "
                f"use {self.instead}")


DEPRECATIONS: tuple[Deprecation, ...] = ()


def warn(gone: Deprecation, level: int = 3) -> None:
    """Warn whoever called the function that calls this; a higher ``level`` whoever called that one."""
    warnings.warn(gone.told(), MeritlineDeprecationWarning, stacklevel=level)


def warned(name: str) -> bool:
    """Whether the public name is deprecated; whoever asked the package for it is then warned."""
    for gone in DEPRECATIONS:
        if gone.name == name:
            warn(gone, level=4)
            return True
    return False


def deprecated[**P, R](gone: Deprecation) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator: the function still works and warns its caller.

    >>> @deprecated(Deprecation("old", "0.3", "0.5", "new"))
    ... def old(number: int) -> int:
    ...     return number + 1
    >>> with warnings.catch_warnings(record=True) as heard:
    ...     warnings.simplefilter("always")
    ...     old(1), str(heard[0].message)
    (2, 'old is deprecated since meritline-sdk 0.3 and goes in 0.5: use new')
    """
    def still(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def works(*args: P.args, **kwargs: P.kwargs) -> R:
            warn(gone)
            return function(*args, **kwargs)

        return works

    return still
