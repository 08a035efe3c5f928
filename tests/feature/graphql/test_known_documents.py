"""Documents that are known with their variables: what is not read again is the same, and nobody else's."""

from typing import Any

import pytest

from meritline.graphql.kit.compiled.executor import PassingExecutor
from meritline.graphql.schema import schema

PEOPLE = """query($first: Int!, $search: String) {
  employees(first: $first, filter: {search: $search}) { totalCount nodes { number } } viewer { role } }"""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The root fields whose arguments were read from the document."""
    found: list[str] = []
    call = PassingExecutor.call

    def told(self: PassingExecutor, parent: Any, detail: Any) -> Any:
        found.append(detail.node.name.value)
        return call(self, parent, detail)

    monkeypatch.setattr(PassingExecutor, "call", told)
    schema().known.kept.clear()
    schema().known.ready.clear()
    return found


async def test_known_variables_are_read_once_whoever_asks(ask, north, south, read) -> None:
    for _ in range(3):
        answers = {who: (await ask(PEOPLE, who, {"first": 2, "search": "E1"})).data
                   for who in (north.keys["hr"], north.keys["employee"], south.keys["hr"])}  # fmt: skip
        assert [each["viewer"]["role"] for each in answers.values()] == ["hr", "employee", "hr"]
        assert [each["employees"]["totalCount"] for each in answers.values()] == [2, 0, 11]
    assert sorted(read) == ["employees", "viewer"]


async def test_values_that_are_equal_in_python_alone_are_told_apart(ask, north, read) -> None:
    query = "query($n: Int!) { employees(first: $n) { nodes { number } } }"
    for _ in range(3):
        for value, fits in ((1, True), (True, False), ("1", False), (1.5, False), (1, True)):
            found = await ask(query, north.keys["hr"], {"n": value})
            assert ("errors" not in found.body) == fits, found.body
    assert read == ["employees"]


async def test_what_is_refused_is_refused_again_in_the_same_words(ask, north, read) -> None:
    first, second, third = [await ask(PEOPLE, north.keys["hr"], {"first": 1000}) for _ in range(3)]
    assert first.codes == ["BAD_USER_INPUT"]
    assert first.body == second.body == third.body


async def test_a_key_that_is_revoked_is_refused_though_all_else_is_known(ask, north, platform) -> None:
    from meritline.access import authenticate, create_key, revoke_key

    async with platform.database.unit_of_work(north.id) as uow:
        key_id, text = await create_key(uow.conn, north.id, role="hr")
    assert await authenticate(platform.database, text)
    for _ in range(3):
        assert (await ask(PEOPLE, text, {"first": 1})).status == 200
    async with platform.database.unit_of_work(north.id) as uow:
        await revoke_key(uow.conn, north.id, key_id, actor="test")
    assert (await ask(PEOPLE, text, {"first": 1})).status == 401
