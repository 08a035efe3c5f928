"""The header of a file against its source. Decides which columns must be there."""

from meritline.documents.table import nearest_first
from meritline.errors import Problem, Refused, problem
from meritline.records.formats import Table
from meritline.records.sources.mapping import SourceMapping


def check_header(table: Table, source: SourceMapping) -> None:
    """Raise ``Refused`` with every column that is missing, or that a strict naming does not know."""
    if table.header is None:
        return
    found: list[Problem] = []
    given = set(table.header)
    for name in sorted(required_columns(source) - given):
        near = nearest_first(name, given)[:5]
        found.append(problem("E-FILE-COLUMN", file=table.name, line=1, field=name, value=name, known=near))
    if source.only_known_columns:
        for name in sorted(given - source.wanted()):
            if not name.startswith("#"):
                near = nearest_first(name, source.wanted())[:8]
                found.append(problem("E-FILE-COLUMN-UNKNOWN", file=table.name, line=1, field=name, value=name,
                                     known=near))  # fmt: skip
    if found:
        raise Refused(found)


def required_columns(source: SourceMapping) -> set[str]:
    """The columns that a file must have."""
    if not source.columns_may_lack:
        return source.wanted()
    required = {name for each in source.fields if not each.spec.optional for name in each.columns}
    return required | set(source.id_columns)
