"""Which files there are of a period. Decides nothing but their names; commands and the HTTP door choose from here."""

from typing import BinaryIO, Final

from meritline.appraisal.exports.asked import Asked, check_format
from meritline.appraisal.exports.files import write_table
from meritline.appraisal.exports.scorecards import LINES, SCORECARDS
from meritline.db import Connection
from meritline.errors import MeritlineError
from meritline.rewards.exports import REWARDS
from meritline.rewards.statements.files import write_statements

STATEMENTS: Final = "statements"
TABLES: Final = {table.key: table for table in (SCORECARDS, LINES, REWARDS)}
WHAT: Final = (*TABLES, STATEMENTS)


def check_what(what: str) -> None:
    """Refuse a file that there is not."""
    if what not in WHAT:
        raise MeritlineError("E-EXPORT-WHAT", field="what", value=what, known=list(WHAT))


async def write_file(conn: Connection, what: str, asked: Asked, form: str, out: BinaryIO) -> None:
    """The file; ``conn`` is a snapshot of the tenant."""
    check_what(what)
    check_format(form)
    if what == STATEMENTS:
        await write_statements(conn, asked, form, out)
    else:
        await write_table(conn, TABLES[what], asked, form, out)
