"""What makes two records the same thing, as text that is equal exactly where the values are.

The keys of a group come back as an array without repetition; Python unites those of several groups, so that a team
counts once what several of its people did.
"""

from meritline.measuring.compiler import Compiler
from meritline.measuring.pieces import Sql, counted
from meritline.measuring.requests import TallyRequest
from meritline_sdk.model.kinds import TEXTUAL, Kind


def key_parts(compiler: Compiler, request: TallyRequest) -> list[Sql]:
    """The values that tell things apart; a record that lacks one is none of them. Of a tally that tells nothing apart
    there are none: a row shows also what it lacks."""
    parts = request.tally.by if request.tally.how == "distinct" else ()
    return [compiler.piece(part, request.parameters) for part in parts]


def key_text(parts: list[Sql]) -> str:
    """One key: a text, or an array of texts."""
    texts = [as_text(part) for part in parts]
    return texts[0] if len(texts) == 1 else f"ARRAY[{', '.join(texts)}]"


def as_text(part: Sql) -> str:
    """The value as text, the same for equal values: 1.0 is 1, and no time zone has a say."""
    if part.kind is Kind.NUMBER or part.sql_type == "numeric":
        text = f"trim_scale({part.text})::text"
    elif part.kind is Kind.INSTANT:
        text = f"{counted(part).text}::text"
    else:
        text = part.text if part.kind in TEXTUAL else f"({part.text})::text"
    return f'{text} COLLATE "C"'
