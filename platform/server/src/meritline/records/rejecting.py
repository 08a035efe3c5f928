"""Rejected rows as they are kept. Decides that anything a file can hold, broken bytes too, is kept readable."""

import msgspec

from meritline.records.formats import Table
from meritline.records.summary import reason_dict
from meritline.records.validate.rows import Reject


def kept_reject(reject: Reject) -> tuple[int, str | None, str, str]:
    """A rejected row as it is kept."""
    raw = msgspec.json.encode(scrubbed(reject.raw)).decode()
    reasons = msgspec.json.encode([reason_dict(each) for each in reject.reasons]).decode()
    return reject.line, scrubbed_text(reject.external_id), raw, reasons


def scrubbed(raw: dict[str, str]) -> dict[str, str]:
    """Values that a database can hold: broken bytes and NUL as escapes."""
    return {scrubbed_text(name) or "": scrubbed_text(value) or "" for name, value in raw.items()}


def scrubbed_text(text: str | None) -> str | None:
    """A text that a database can hold."""
    if text is None:
        return None
    return text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()


def raw_lines(table: Table, wanted: set[int]) -> dict[int, dict[str, str]]:
    """The rows of some lines, as the file has them."""
    return {
        line: chunk.raw(row)
        for chunk in table.chunks()
        for row, line in enumerate(chunk.lines)
        if line in wanted
    }
