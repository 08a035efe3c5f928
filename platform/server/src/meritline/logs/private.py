"""What of an error may stand in a log. Decides that it is its kind, its code and its place, and never its words.

The words of an exception hold what somebody sent: a name in a violated key, a telephone number in a value that could
not be read, the literals of a query. The place (file, line, function, line of program text) is ours.
"""

import traceback
from collections.abc import Iterator
from typing import Any, Final

MOST_CAUSES: Final = 6
MOST_FRAMES: Final = 40


def shape(error: BaseException) -> str:
    """The kind of an error, with its codes: ``NotFound E-NOT-FOUND``, ``UniqueViolationError 23505 employee_key``."""
    return " ".join([type(error).__name__, *codes(error)])


def codes(error: BaseException) -> Iterator[str]:
    """Codes of ours, the state and the constraint of the database, the number of the operating system."""
    yield from dict.fromkeys(each.code for each in getattr(error, "problems", ()) if hasattr(each, "code"))
    for name in ("sqlstate", "constraint_name", "table_name"):
        if isinstance(found := getattr(error, name, None), str):
            yield found
    if isinstance(error, OSError) and error.errno is not None:
        yield f"errno {error.errno}"


def trace(error: BaseException) -> str:
    """Where it comes from and what caused it, the deepest cause first, as Python shows it without the words."""
    parts: list[str] = []
    for each in reversed([*chain(error)]):
        frames = traceback.extract_tb(each.__traceback__)[-MOST_FRAMES:]
        parts.append("".join([*traceback.format_list(frames), shape(each)]))
    return "\n".join(parts)


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error, the members of a group, and its causes."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < MOST_CAUSES:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        cause = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if cause is not None:
            waiting.append(cause)


def without_words(value: Any) -> Any:
    """An argument of a message; an error only by its shape."""
    return shape(value) if isinstance(value, BaseException) else value
