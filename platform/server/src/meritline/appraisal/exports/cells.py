"""A value as a cell of a workbook. Decides that no text is ever a formula and that no number is ever rounded.

Excel holds fifteen digits: a number with more of them is written as text, which says what it says. Text that begins
like a formula is marked as quoted, so that it stays text even when somebody edits it.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from meritline.appraisal.exports.sheet import FORMULA, plain_number

EXCEL_DIGITS: Final = 15
LONGEST_TEXT: Final = 32_767
GENERAL: Final = "General"
SHADE: Final = PatternFill("solid", fgColor="E8EDF2")
RULE: Final = Border(top=Side("thin"))
TOP, WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
BOLD, TITLE = Font(bold=True), Font(bold=True, size=14)

type Look = tuple[str, str, bool, bool]
"""Number format, role (``body``, ``head``, ``foot``, ``title``, ``label``), wrapped, quoted."""


class Looks:
    """The styles of one workbook, each made once: a style costs more than the cell itself."""

    def __init__(self) -> None:
        self._known: dict[Look, Any] = {}

    def cell(self, sheet: Any, value: Any, number_format: str = GENERAL, role: str = "body", *,
             wrapped: bool = False) -> Cell | None:
        """The cell of a value; nothing at all for an empty one of a row."""
        held = held_value(value)
        if held is None and role == "body":
            return None
        quoted = isinstance(held, str) and held.startswith(FORMULA)
        look = (number_format if not isinstance(held, str) else GENERAL, role, wrapped, quoted)
        if look not in self._known:
            self._known[look] = styled(sheet, *look)
        made: Any = Cell(sheet, 1, 1, None, self._known[look])
        if held is not None:
            made.value = held
            if isinstance(held, str):
                made.data_type = "s"  # whatever it begins with
        return made  # type: ignore[no-any-return]


def styled(sheet: Any, number_format: str, role: str, wrapped: bool, quoted: bool) -> Any:
    """The style of a look."""
    model: Any = Cell(sheet, 1, 1)
    model.number_format, model.quotePrefix = number_format, quoted
    model.alignment = WRAPPED if wrapped else TOP
    if role in ("head", "foot", "label"):
        model.font = BOLD
    if role == "head":
        model.fill = SHADE
    if role == "foot":
        model.border = RULE
    if role == "title":
        model.font = TITLE
    return model._style


def held_value(value: Any) -> Any:
    """The value as Excel holds it exactly: a number, or text."""
    match value:
        case None | bool() | float():
            return None if value is None else str(value)
        case int() | Decimal():
            number = Decimal(value)
            return value if fits(number) else plain_number(number)
        case datetime() | date():
            return value.isoformat()
        case _:
            text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
            return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def fits(number: Decimal) -> bool:
    """Whether a double, read with fifteen digits, is this very number."""
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= EXCEL_DIGITS


def money_format(currency: str) -> str:
    """Two decimals, thousands, the currency."""
    return f'#,##0.00 "{currency}"'


def number_format(value: Decimal | int | None, least: int = 0) -> str:
    """As many decimals as the number has, at least so many."""
    if value is None:
        return GENERAL
    exponent = Decimal(value).normalize().as_tuple().exponent
    places = max(least, -exponent if isinstance(exponent, int) else 0)
    return f"0.{'0' * places}" if places else "0"
