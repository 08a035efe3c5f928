"""What a company may choose in the common set: in the README with its default, and one thing for every indicator."""

from pathlib import Path

from meritline_after_sales_common import COMMON
from meritline_sdk import Indicator
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.nodes import ParameterRef

README = Path(__file__).parents[2] / "plugins/after-sales-common/README.md"
DAY = 86400


def default(choice: ParameterRef) -> str:
    """The default as the README says it."""
    if choice.default is None:
        return "to be filled"
    if choice.kind is Kind.DURATION:
        seconds = int(choice.default) // MICROSECONDS_PER_SECOND  # type: ignore[arg-type]
        return f"{seconds // DAY} days" if seconds % DAY == 0 else f"{seconds} s"
    if choice.kind is Kind.FLAG:
        return "yes" if choice.default else "no"
    others = ", ".join(str(option) for option in choice.options if option != choice.default)
    return f"{choice.default} (or {others})" if others else str(choice.default)


def test_the_readme_lists_every_choice_with_its_default_and_no_choice_means_two_things() -> None:
    found: dict[str, ParameterRef] = {}
    for one in COMMON.indicators:
        for choice in one.parameters() if isinstance(one, Indicator) else ():
            assert found.setdefault(choice.name, choice) == choice, f"{one.key}: {choice.name} means two things"
    rows = []
    for name, choice in sorted(found.items()):
        assert choice.title is not None, name
        rows.append(f"| {choice.title.en} | {choice.title.zh} | `{name}` | {default(choice)} |")
    section = README.read_text("utf-8").partition("## What a company chooses")[2].partition("## Indicators")[0]
    assert [line for line in section.splitlines() if " | `" in line] == rows, "\n".join(rows)
