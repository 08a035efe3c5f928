"""The names of columns. Decides how a damaged header still names each column once.

A second column of the same name is ``category#2``, a nameless one ``#5`` by its place.
"""

from collections.abc import Sequence

from meritline.errors import MeritlineError


class HeaderRefused(MeritlineError):
    """A file whose first line cannot be a header."""

    code = "E-FILE-EMPTY"


def column_names(cells: Sequence[str], *, file: str, line: int, most: int) -> tuple[str, ...]:
    """Unique names in the order of the columns.

    >>> column_names(["id", "category", " category ", ""], file="f", line=1, most=9)
    ('id', 'category', 'category#2', '#4')
    """
    cells = [" ".join(cell.lstrip("\ufeff").split()) for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        raise HeaderRefused(file=file, line=line)
    if len(cells) > most:
        raise HeaderRefused("E-FILE-COLUMNS-MANY", file=file, line=line, count=len(cells), limit=most)
    taken = set(cells)
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        names.append(free_name(cell, taken, names) if cell else f"#{place}")
    return tuple(names)


def free_name(cell: str, taken: set[str], names: list[str]) -> str:
    """The cell, or the cell with the first number that no other column has."""
    if cell not in names:
        return cell
    count = 2
    while f"{cell}#{count}" in taken or f"{cell}#{count}" in names:
        count += 1
    return f"{cell}#{count}"
