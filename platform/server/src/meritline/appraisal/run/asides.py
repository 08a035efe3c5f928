"""What is told beside a reading: numbers that change nothing, what the company chose, until when it is provisional."""

from dataclasses import replace

from meritline.appraisal.definitions import TenantIndicator
from meritline_sdk.evaluate.measured import Covered, Found
from meritline_sdk.evaluate.readings import beside_values, provisional_until, unit_beside
from meritline_sdk.evaluate.results import Asides
from meritline_sdk.evaluate.windows import Window
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import Indicator
from meritline_sdk.model.nodes import ParameterRef, Scalar


class Told:
    """The asides of one indicator. What does not depend on the subject is made once: a run reads thousands."""

    __slots__ = ("_alone", "_chosen", "_fixed", "_indicator")

    def __init__(self, chosen: TenantIndicator, indicator: Indicator, window: Window | None) -> None:
        self._chosen, self._indicator = chosen, indicator
        until = None if window is None else provisional_until(indicator, window, chosen.parameters)
        self._fixed = Asides(chosen=choices(chosen, indicator),
                             provisional_until=None if until is None else until.isoformat(),
                             package=package_of(chosen))
        self._alone = None if self._fixed == Asides() else self._fixed

    @property
    def alone(self) -> Asides | None:
        """The asides of a reading beside which no numbers are shown."""
        return self._alone

    def of(self, found: Found, covered: Covered) -> Asides | None:
        """The asides of one subject's reading."""
        if not self._indicator.beside:
            return self._alone
        beside = beside_values(self._indicator, found, covered=covered, parameters=self._chosen.parameters)
        return replace(self._fixed, beside=tuple(
            (one.title, reading, unit_beside(self._indicator, one).key) for one, reading in beside))


def package_of(chosen: TenantIndicator) -> str | None:
    """The package that holds the function of an indicator, in the version that brought the definition."""
    indicator = chosen.indicator
    if not isinstance(indicator, Indicator) or not isinstance(indicator.measure, PythonMeasure) or not chosen.plugin:
        return None
    return f"{chosen.plugin} {chosen.plugin_version or ''}".strip()


def choices(chosen: TenantIndicator, indicator: Indicator) -> tuple[tuple[ParameterRef, Scalar], ...]:
    """What the company decided: everything it set, and each choice among options also where it left the default."""
    found = ((one, chosen.parameters.get(one.name, one.default)) for one in indicator.parameters()
             if one.options or one.name in chosen.own)
    return tuple((one, value) for one, value in found if value is not None)
