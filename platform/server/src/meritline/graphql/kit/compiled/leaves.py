"""Leaves: one value of a row as JSON text. Decides how Postgres writes each scalar, exactly as the executor would.

Every expression here is a text that is never null. A null where the schema promises a value, and a word that is not of
its enum, become an error of the statement on purpose: the plain resolvers then say which, and where.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from meritline.graphql.kit.compiled.refusing import NotCompiled

NULL: Final = "'null'"


class Sql(str):
    """An expression, among pieces that are text to be written as it is."""

    __slots__ = ()


type Piece = str


def joined(pieces: Sequence[Piece]) -> str:
    """The expression that writes the pieces one after the other."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and not isinstance(piece, Sql) and not isinstance(merged[-1], Sql):
            merged[-1] += piece
        else:
            merged.append(piece)
    return " || ".join(piece if isinstance(piece, Sql) else quoted(piece) for piece in merged) or "''"


def quoted(text: str) -> str:
    """A text constant."""
    return "'" + text.replace("'", "''") + "'"


def failure(alias: str) -> str:
    """An expression that fails when it is evaluated: no uuid is a whole number."""
    return f"({alias}.tenant_id::text)::int::text"


def leaf(written: str, sql: str, alias: str, enums: Mapping[str, Mapping[str, str]]) -> Sql:
    """The value of a field of this written type."""
    required = written.endswith("!")
    otherwise = failure(alias) if required else NULL
    name = written.removesuffix("!")
    if name in enums:
        return of_enum(sql, enums[name], alias, otherwise)
    form = FORMS.get(name)
    if form is None:
        raise NotCompiled(f"a field of type {written}")
    return Sql(f"coalesce({form.format(sql=f'({sql})', fail=failure(alias))}, {otherwise})")


#: How a value is written; null gives null.
FORMS: Final[Mapping[str, str]] = {
    "String": "to_json({sql}::text)::text",
    "ID": "to_json({sql}::text)::text",
    # A number beyond 32 bits is an error of the executor; here it is one of the cast.
    "Int": "{sql}::int::text",
    "Boolean": "{sql}::boolean::text",
    "Decimal": "'\"' || {sql}::numeric::text || '\"'",
    "Date": "to_json({sql}::date)::text",
    "DateTime": "'\"' || to_char({sql} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') || "
                "coalesce(nullif(to_char({sql} at time zone 'UTC', '.US'), '.000000'), '') || 'Z\"'",
    "JSON": "{sql}::text",
    "[String!]": "case when array_position({sql}, null) is null then array_to_json({sql})::text else {fail} end",
    "[Date!]": "case when array_position({sql}, null) is null then array_to_json({sql})::text else {fail} end",
}  # fmt: skip


def of_enum(sql: str, words: Mapping[str, str], alias: str, otherwise: str) -> Sql:
    """The name of a stored word."""
    names = " ".join(f"when {quoted(word)} then {quoted(f'"{name}"')}" for word, name in words.items())
    other = f"case when ({sql}) is null then {otherwise} else {failure(alias)} end"
    return Sql(f"case ({sql})::text {names} else {other} end")


def opaque(type_name: str, key: str, alias: str) -> Sql:
    """The opaque id of a row: base64 in its form for addresses, without padding."""
    text = f"convert_to({quoted(type_name + ':')} || ({key})::text, 'UTF8')"
    return Sql(f"coalesce('\"' || {base64(text)} || '\"', {failure(alias)})")


def base64(bytes_sql: str) -> str:
    """Bytes as ``urlsafe_b64encode`` writes them, without padding and without the lines that Postgres breaks."""
    return f"translate(encode({bytes_sql}, 'base64'), E'+/=\\n', '-_')"


def moment(sql: str) -> str:
    """A moment as ``isoformat`` writes it, for cursors."""
    return (f"(to_char({sql} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') || "
            f"coalesce(nullif(to_char({sql} at time zone 'UTC', '.US'), '.000000'), '') || '+00:00')")  # fmt: skip
