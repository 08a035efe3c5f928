"""TOML with the lines of its values: tomllib decides what a file says, tree-sitter where it says so.

Decimals are exact (a float never appears); a file is UTF-8, as TOML demands.
"""

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from meritline.documents.located import Document, Path
from meritline.errors import Problem, problem

GRAMMAR = Language(tree_sitter_toml.language())
AT = re.compile(r"\s*\(at line (\d+), column (\d+)\)|\s*\(at end of document\)")
TABLES = ("table", "table_array_element")


def read_toml(raw: bytes, file: str) -> Document | Problem:
    """The document with its lines, or the one problem that keeps it from being read."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw[: wrong.start].count(b"\n") + 1
        return problem("E-DOC-ENCODING", file=file, line=line, value=raw[wrong.start : wrong.start + 4].hex(" "))
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except ArithmeticError:
        return problem("E-DOC-SYNTAX", file=file, line=1, reason="a number is too large or too small")
    except ValueError as wrong:  # also what tomllib lets through: a number of thousands of digits
        found = AT.search(str(wrong))
        line = int(found[1]) if found and found[1] else max(1, len(text.splitlines()))
        return problem("E-DOC-SYNTAX", file=file, line=line, reason=AT.sub("", str(wrong)))
    except RecursionError:
        return problem("E-DOC-SYNTAX", file=file, line=1, reason="nested too deeply")
    return Document(data, file, dict(places(text)))


def places(text: str) -> Iterator[tuple[Path, int]]:
    """Every part of the document with its line."""
    arrays: dict[Path, int] = {}
    for node in Parser(GRAMMAR).parse(text.encode()).root_node.named_children:
        if node.type in TABLES:
            path = table_path(node, arrays)
            yield path, line(node)
            yield from pairs(node, path)
        else:
            yield from pair(node, ())


def table_path(node: Node, arrays: dict[Path, int]) -> Path:
    """The path of a ``[table]`` or ``[[array]]`` header; a step into an array means its newest element."""
    steps = keys(node.named_children[0])
    path: Path = ()
    for place, step in enumerate(steps):
        path = (*path, step)
        if node.type == "table_array_element" and place == len(steps) - 1:
            arrays[path] = arrays.get(path, -1) + 1
        if path in arrays:
            path = (*path, arrays[path])
    return path


def pairs(node: Node, path: Path) -> Iterator[tuple[Path, int]]:
    """The keys of a table."""
    for child in node.named_children:
        yield from pair(child, path)


def pair(node: Node, path: Path) -> Iterator[tuple[Path, int]]:
    """One ``key = value`` with everything inside the value."""
    if node.type != "pair":
        return
    named = [child for child in node.named_children if child.type != "comment"]
    here = path
    for step in keys(named[0]):
        here = (*here, step)
        yield here, line(node)
    yield from inside(named[-1], here)


def inside(value: Node, path: Path) -> Iterator[tuple[Path, int]]:
    """The parts of an inline table or an array."""
    if value.type == "inline_table":
        yield from pairs(value, path)
    if value.type == "array":
        elements = [child for child in value.named_children if child.type != "comment"]
        for place, element in enumerate(elements):
            yield (*path, place), line(element)
            yield from inside(element, (*path, place))


def keys(node: Node) -> list[str]:
    """The steps of a key, dotted or not."""
    if node.type == "dotted_key":
        return [step for child in node.named_children for step in keys(child)]
    text = (node.text or b"").decode()
    if node.type == "quoted_key":
        return [*tomllib.loads(f"{text} = 0")]
    return [text]


def line(node: Node) -> int:
    """The line on which a part begins, the first being 1."""
    return node.start_point[0] + 1
