"""Every statement over tables of companies names the company for each of them.

Row level security would hold without it, so that no other test notices one that forgot: but then every read asks the
policy alone, the indexes (which begin with the company) serve by luck, and a distributed Postgres asks all its nodes.
"""

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

SOURCES = Path(str(files("meritline")))
GLOBAL = {"tenant", "job_ref", "plugin_release"}
CREATED = re.compile(r"\bcreate table (?:if not exists )?(\w+)", re.IGNORECASE)
STATEMENT = re.compile(r"\b(?:select|insert into|update|delete from)\b", re.IGNORECASE)
NAMED = re.compile(r"\b(?:from|join|into|update|using)\s+(?:only\s+)?(\w+)\b", re.IGNORECASE)
COMPANY = re.compile(r"tenant_id|\{tenant\}")
# By file and how the text begins: why it does not say as often as it names tables whose rows it means.
EXPLAINED = {
    ("appraisal/store.py", "select id, period, period_kind"): "the head of statements, which go on with the company",
    ("appraisal/store.py", "select id, cycle_id, number"): "the head of statements, which go on with the company",
    ("appraisal/run/store.py", "insert into scorecard as kept"): "the columns that are written have it among them",
    ("measuring/state/build.py", "select d.subject_id, d.holding"): "its conditions are put together before it",
}


def tables() -> frozenset[str]:
    """The tables of companies, as the migrations make them."""
    found = {name for path in (SOURCES / "db" / "migrations").glob("*.sql")
             for name in CREATED.findall(path.read_text("utf-8"))}  # fmt: skip
    return frozenset(found - GLOBAL)


def lacking(text: str, known: frozenset[str]) -> bool:
    """Whether a text names more tables of companies than it names the company."""
    named = [each for each in NAMED.findall(text) if each in known]
    return bool(STATEMENT.search(text)) and len(named) > len(COMPANY.findall(text))


class Texts:
    """The texts of a module, each put together as far as its parts are texts of the same module."""

    def __init__(self, module: ast.Module) -> None:
        self.parts: set[int] = set()
        self.named: dict[str, str] = {}
        for each in module.body:
            if isinstance(each, ast.Assign | ast.AnnAssign) and each.value is not None:
                target = each.targets[0] if isinstance(each, ast.Assign) else each.target
                if isinstance(target, ast.Name) and (text := self.text(each.value)) is not None:
                    self.named[target.id] = text
        self.parts.clear()
        self.module = module

    def all(self) -> Iterator[str]:
        """Those that are no part of another one, and no docstring."""
        for each in ast.walk(self.module):  # breadth first: the whole comes before its parts
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
                self.parts.add(id(each.value))
            elif isinstance(each, ast.expr) and id(each) not in self.parts and (text := self.text(each)) is not None:
                yield text

    def text(self, node: ast.expr) -> str | None:
        """The text of an expression, other things in it in braces; None where it is no text."""
        match node:
            case ast.Constant(value=str() as value):
                return value
            case ast.JoinedStr(values=values):
                return "".join(self.part(each) for each in values)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                both = self.text(left), self.text(right)
                return None if both == (None, None) else self.part(left) + self.part(right)
        return None

    def part(self, node: ast.expr) -> str:
        """The same of a part."""
        self.parts.add(id(node))
        inner = node.value if isinstance(node, ast.FormattedValue) else node
        self.parts.add(id(inner))
        if isinstance(inner, ast.Name) and inner.id in self.named:
            return self.named[inner.id]
        found = self.text(inner)
        return f"{{{ast.unparse(inner)}}}" if found is None else found


def plain(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def test_every_statement_names_the_company_as_often_as_it_names_tables() -> None:
    known = tables()
    assert {"scorecard", "score_line", "run", "api_key", "measure_state_day"} <= known
    seen, found = 0, set()
    for path in sorted(SOURCES.rglob("*.py")):
        if "migrations" not in path.parts:
            for text in Texts(ast.parse(path.read_text("utf-8"))).all():
                seen += bool(STATEMENT.search(text) and known & set(NAMED.findall(text)))
                if lacking(text, known):
                    found.add((path.relative_to(SOURCES).as_posix(), plain(text)))
    explained = {(file, text) for file, text in found for where, begin in EXPLAINED
                 if file == where and text.startswith(begin)}  # fmt: skip
    assert found - explained == set(), "name the company in each, or explain here why not"
    assert len(explained) == len(EXPLAINED), "an explanation for nothing"
    assert seen > 200, "the statements are no longer found"


@pytest.mark.parametrize(("source", "bites"), [
    ('KNOWN = "select max(known_at) from run where tenant_id = $1"', False),
    ('KNOWN = "select max(known_at) from run"', True),
    ('X = "select 1 from run join cycle on cycle.id = run.cycle_id where run.tenant_id = $1"', True),
    ('HEAD = "select 1 from run"\nX = f"{HEAD} where tenant_id = $1"', True),
    ('X = ("update run set " + ", ".join(names) + " where id = $2")', True),
    ('X = ("update run set " + ", ".join(names) + " where tenant_id = $1 and id = $2")', False),
    ('def made(where: str) -> str:\n    """Select from run."""\n    return f"delete from run where {where}"', True),
    ('X = f"select 1 from run where run.tenant_id = {tenant}"', False),
    ('X = "select key from tenant"', False),
])  # fmt: skip
def test_a_statement_that_forgets_it_is_found(source: str, bites: bool) -> None:
    assert any(lacking(text, tables()) for text in Texts(ast.parse(source)).all()) == bites
