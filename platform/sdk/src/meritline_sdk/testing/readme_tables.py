"""The table of indicators in a plugin's README. Decides that it stands between two marks and is never kept by hand."""

from collections.abc import Iterable, Iterator

from meritline_sdk.model.indicators import RatedIndicator
from meritline_sdk.model.sets import IndicatorSet

BEGIN, END = "<!-- indicators: begin -->", "<!-- indicators: end -->"


def with_table(text: str, sets: Iterable[IndicatorSet]) -> str:
    """The README with the table of the sets between its marks; ``ValueError`` where the marks are not there once."""
    before, begins, rest = text.partition(BEGIN)
    _, ends, after = rest.partition(END)
    if not (begins and ends) or BEGIN in rest or END in after:
        raise ValueError(f"the README needs the lines {BEGIN} and {END}, once and in this order")
    return "\n".join((before + BEGIN, *rows(sets), END + after))


def rows(sets: Iterable[IndicatorSet]) -> Iterator[str]:
    """A row for each indicator; where there are several sets, by its full key."""
    every = list(sets)
    yield from ("| indicator | English | 中文 | unit | better |", "|---|---|---|---|---|")
    for one in every:
        for found in one.indicators:
            key = found.key if len(every) == 1 else f"{one.key}.{found.key}"
            rated = " (rated)" if isinstance(found, RatedIndicator) else ""
            yield (f"| `{key}` | {cell(found.title.en)}{rated} | {cell(found.title.zh)} | {found.unit.key} "
                   f"| {found.better.value} |")


def cell(text: str) -> str:
    """The text inside a table."""
    return text.replace("|", "\\|")
