"""The exact number of statements that an operation takes: a page is one, whatever is selected of it."""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Final

import pytest

from meritline.db.proof import SEEN, SEEN_FIRST
from meritline.db.wire import ScopedConnection

CARDS: Final = "nodes { score subject { name } lines { title reading { value } } }"
#: An operation, the statements of compiled reads and those of the plain resolvers.
OPERATIONS: Final[dict[str, tuple[str, int, int]]] = {
    "a list with its lines": (f'{{ scorecards(first: 20, filter: {{period: "2026-05"}}) {{ {CARDS} }} }}', 1, 2),
    "the same with everything of a page": (
        f"{{ scorecards(first: 2) {{ totalCount pageInfo {{ hasNextPage endCursor }} edges {{ cursor }} {CARDS} }} }}",
        1, 3,
    ),
    "a leaderboard": (
        '{ leaderboard(period: "2026-05", scheme: "engineers", first: 20) { nodes { rank score subject { name } } } }',
        1, 1,
    ),
    "employees by search": (
        '{ employees(filter: {search: "E"}) { nodes { number name department { name parent { name } } } } }', 1, 2,
    ),
    "a card by its key": (
        '{ scorecardByKey(period: "2026-05", scheme: "engineers", employeeNo: "E1") { score lines { title } } }', 1, 2,
    ),
    "two lists": ("{ a: positions { nodes { name } } b: departments { nodes { name } } }", 2, 2),
    "the same list twice": ("{ positions { nodes { name } } positions { totalCount } }", 1, 2),
    "nothing of the database": ("{ __typename }", 0, 0),
}  # fmt: skip

#: What opens and closes a transaction, and what a new connection has to prove before its first read.
SCOPE: Final = ("BEGIN", "COMMIT", "CALL app.tenant")
PROOF: Final = (SEEN, SEEN_FIRST, "select 1", "ROLLBACK")

statements: ContextVar[list[str] | None] = ContextVar("statements", default=None)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Notes what is sent on any connection, by whom it concerns: the worker beside us does not count."""

    def noting(name: str) -> Any:
        sends = getattr(ScopedConnection, name)

        async def send(self: ScopedConnection, sql: str, *args: Any, **options: Any) -> Any:
            if (noted := statements.get()) is not None and sql not in PROOF and not sql.startswith(SCOPE):
                noted.append(sql)
            return await sends(self, sql, *args, **options)

        return send

    for name in ("fetch", "fetchval", "fetchrow", "execute", "executemany"):
        monkeypatch.setattr(ScopedConnection, name, noting(name))
    return iter(())  # type: ignore[return-value]


@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_operation_takes_exactly_so_many_statements(both: Any, counted: None, name: str) -> None:
    document, *expected = OPERATIONS[name]
    found = []
    for compiled in (True, False):
        sent: list[str] = []
        token = statements.set(sent)
        try:
            answer = await both.answer("admin", document, compiled=compiled)
        finally:
            statements.reset(token)
        assert b'"errors":[]' in answer, answer
        found.append(len(sent))
    assert found == expected


async def test_a_request_takes_one_more_for_its_key_until_that_is_remembered(ask: Any, north: Any, both: Any,
                                                                             counted: None) -> None:
    taken = []
    for query in ("{ tenant { name } }", "{ tenant { name } }", "{ a: tenant { name } b: viewer { role } }",
                  "{ __typename }"):  # fmt: skip
        sent: list[str] = []
        token = statements.set(sent)
        try:
            assert (await ask(query, north.keys["employee"])).data
        finally:
            statements.reset(token)
        taken.append(len(sent))
    assert taken == [2, 1, 1, 1]
