"""Documents that are known with their variables: what is not read again is the same, and nobody else's."""

import asyncio
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from meritline.errors import MeritlineError
from meritline.graphql.kit import known as module
from meritline.graphql.kit.compiled import remembering
from meritline.graphql.kit.compiled.answering import Answers
from meritline.graphql.kit.compiled.executor import PassingExecutor
from meritline.graphql.kit.loading import Declarations
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


async def test_a_single_call_by_other_variables_is_not_read_from_the_document_again(ask, north, south, read) -> None:
    query = "query($n: Int!, $s: String) { employees(first: $n, filter: {search: $s}) { totalCount nodes { number } } }"
    cases = [(key, {"n": n, "s": search}) for n in (1, 2, 3) for search in (None, "E1", "E2", "no")
             for key in (north.keys["hr"], south.keys["hr"])]  # fmt: skip
    known = [(await ask(query, key, given)).body for key, given in cases]
    assert read == ["employees"]
    for wrong in ({"n": "1"}, {"n": 10**10}, {"n": 1, "s": 2}, {"s": "E1"}, {"n": 1000}):
        assert (await ask(query, north.keys["hr"], wrong)).codes == ["BAD_USER_INPUT"]
    for expected, (key, given) in zip(known, cases, strict=True):
        schema().known.kept.clear()
        assert (await ask(query, key, given)).body == expected
    assert len({str(each) for each in known}) > 10


CARD = """query Card($p: String!, $s: String!, $n: String!) { scorecardByKey(period: $p, scheme: $s, employeeNo: $n) {
  score subject { name } lines { title } } }"""
OTHER = {
    "another order": "query Card($n: String, $p: String!, $s: String!) { a: scorecardByKey(scheme: $s, employeeNo: $n, "
                     "period: $p) { score subject { name } lines { title } } }",
    "a value between": 'query Card($p: String!, $n: String!) { scorecardByKey(period: $p, scheme: "engineers", '
                       "employeeNo: $n) { score departmentCode @include(if: true) } }",
    "one twice": "query Card($p: String!, $n: String!) { "
                 "scorecardByKey(period: $p, scheme: $n, employeeNo: $n) { score } }",
    "a default": 'query Card($p: String!, $n: String!, $s: String! = "engineers") { '
                 "scorecardByKey(period: $p, scheme: $s, employeeNo: $n) { score } }",
    "below the root": "query Card($p: String!, $n: String!, $c: String!) { "
                      'scorecardByKey(period: $p, scheme: "engineers", employeeNo: $n) { score '
                      "cycle { scorecards(first: 1, filter: {subjectCodes: [$c]}) { totalCount } } } }",
    "in an object": "query People($n: String) { employees(first: 2, filter: {search: $n}) { totalCount } }",
}  # fmt: skip
USED = {"p": "2026-05", "s": "engineers", "n": "E1", "c": "E2"}
TEXTS = ("E1", "E3", "E2", "", "E1 ", "ё", "\u0000", "'; --", "x" * 5000, None, 1, True, ["E1"], {"a": "E1"})


@pytest.mark.parametrize("name", ["usual", *OTHER])
async def test_other_texts_take_the_places_of_those_before(ask, north, south, read, monkeypatch, name: str) -> None:
    """Each value unknown; then all again, known: nothing of the types is looked at where all are texts."""
    document, known = OTHER.get(name, CARD), schema().known
    usual = {each: value for each, value in USED.items() if f"${each}:" in document}
    cases = [(key, {**usual, place: value}) for key in (north.keys["hr"], south.keys["hr"], north.keys["employee"])
             for place in usual for value in TEXTS]  # fmt: skip
    cases += [(north.keys["hr"], {**usual, "more": "E1"}), (north.keys["hr"], {}), (north.keys["hr"], None)]
    fresh = []
    for key, given in cases:
        for each in (known.kept, known.ready, known.forms):
            each.clear()
        known.text = 0
        found = await ask(document, key, given)
        fresh.append((found.status, found.body))
    for each in (1, -1):
        assert [(found.status, found.body) for found in [await ask(document, *case) for case in cases[::each]]] \
            == fresh[::each]
    assert len({str(each) for each in fresh}) > 5
    looked: list[str] = []
    values = module.get_variable_values
    monkeypatch.setattr(module, "get_variable_values", lambda *given: looked.append(name) or values(*given))
    for number in ("E4", "E5", "E6"):
        assert (await ask(document, north.keys["hr"], {**usual, "n": number})).status == 200
    assert bool(looked) == (name == "in an object")


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


def parsed(text: str) -> Any:
    """A document that stands for a large one."""
    from graphql import parse

    return parse("{ viewer { role } }")


def test_what_is_kept_is_bounded_by_its_text_and_nothing_outlives_its_document() -> None:
    from meritline.graphql.kit.known import LONGEST, MOST_TEXT, Documents, Prepared

    known = Documents()
    prepared = Prepared(None, None, None, None)
    for n in range(100):
        text = f"{n:>{LONGEST}}"
        known.keep(text, None, document := parsed(text))
        known.keep(text, None, document)
        for variables in ("{'a': 1}", "{'a': '1'}"):
            known.prepare(document, None, variables, prepared)
    assert known.text == sum(len(text) for text, _ in known.kept) == MOST_TEXT
    assert {id(document) for document, _ in known.ready.values()} == {id(each) for each in known.kept.values()}
    known.keep("x" * (LONGEST + 1), None, gone := parsed("x"))
    known.prepare(gone, None, "None", prepared)
    assert known.prepared(gone, None, "None") is None
    for n in range(2000):
        known.prepare(document, None, str(n), prepared)
    assert len(known.ready) == 512
    # Two that ask for the first time at once: what was prepared of the first document goes with it.
    single = Prepared(document.definitions[0], None, None, None)
    known.prepare(document, None, "None", single)
    assert {key[0] for key in known.forms} == {id(document)}
    known.keep(text, None, other := parsed(text))
    assert not known.forms
    assert id(document) not in {key[0] for key in known.ready}
    known.prepare(other, None, "None", single)
    assert {key[0] for key in known.forms} == {id(other)}


def test_texts_of_computed_values_are_bounded_by_number_and_size_and_found_by_all_they_are_made_of() -> None:
    texts = remembering.Texts()
    for n in range(3 * remembering.MOST_TEXTS):
        texts.keep(n, ("field", f"{n}", n), b"text %d" % n)
        assert texts.found(0, ("field", "0", 0)) == b"text 0", "what is asked for stays"
    assert len(texts.kept) == remembering.MOST_TEXTS
    assert texts.found(1, ("field", "1", 1)) is None
    for n in range(100):
        texts.keep(-n - 1, ("long", "x" * (remembering.MOST_TEXT // 16), n), b"y")
    texts.keep(-200, ("too long", "x" * remembering.MOST_TEXT), b"y")
    texts.keep(-201, b"d" * remembering.DIGEST, b"y")
    assert texts.found(-201, b"d" * remembering.DIGEST) == b"y"
    assert texts.found(-201, b"e" * remembering.DIGEST) is None, "another that has the same sign"
    assert 0 < texts.size <= remembering.MOST_TEXT
    assert texts.size == sum(remembering.room(*each) for each in texts.kept.values())
    told_apart = [1, True, "1", 1.0, Decimal(1), Decimal("1.0"), Decimal("1.00"), None, "None"]
    assert len({remembering.exactly([each, ""]) for each in told_apart}) == len(told_apart)
    assert remembering.exactly(["a", "b="]) != remembering.exactly(["a=b", ""])


def test_a_text_is_kept_when_it_is_made_again_and_for_the_same_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "TEXTS", texts := remembering.Texts())
    made: list[Any] = []

    def make(record: Any, asked: Any) -> str:
        made.append((*record, *asked.argued[0].values()))
        return f"“{made[-1]}”"

    one, two = remembering.remembered(make, [0, 1], 0), remembering.remembered(make, [0, 1], 0)
    cases = [(field, record, argued) for field in (one, two)
             for record in (("a", 1), ("a", "1"), ("a", None), ("", "a")) for argued in ({}, {"language": "zh"})]
    for times in (1, 2, 2, 2):
        for field, record, argued in cases:
            asked: Any = SimpleNamespace(argued=[argued])
            assert field(record, asked) == f"“{(*record, *argued.values())}”"
        assert len(made) == times * len(cases)
        assert len(texts.kept) == (times - 1) * len(cases)
    for equal in [(1.0, True), (Decimal("1.00"), 1), (Decimal("1.0"), 1)] * 3:  # of one sign, and not the same
        assert one(equal, SimpleNamespace(argued=[{}])) == f"“{equal}”"
    assert len(texts.kept) == len(cases) + 1
    for n in range(4 * remembering.MOST_SEEN):  # what comes once puts nothing out of its place
        one(("once", n), SimpleNamespace(argued=[{}]))
    assert len(texts.kept) == len(cases) + 1


MIXED = """query Mixed($first: Int!, $filter: EmployeeFilter, $order: [EmployeeOrder!], $id: ID!, $yes: Boolean!) {
  a: employees(first: $first, filter: $filter, orderBy: $order) { totalCount nodes { number name @include(if: $yes) } }
  ...Rest @skip(if: $yes)  b: employees(first: 2, filter: $filter) { nodes { number department { code } } }
  node(id: $id) { __typename id ... on Employee { basePay { __typename } } } }
fragment Rest on Query { viewer { role } b: employees(first: 2, filter: $filter) { totalCount } }"""
USUAL: dict[str, Any] = {"first": 3, "id": "x", "yes": False}
ODD: list[dict[str, Any]] = [
    {}, {"filter": None}, {"filter": {}}, {"filter": {"search": None}}, {"filter": {"search": "E1"}},
    {"filter": {"search": "\u2028'\"\\"}}, {"filter": {"search": 1}},
    {"order": None}, {"order": []},
    {"order": {"field": "NUMBER", "direction": "DESC"}}, {"order": [{"field": "NUMBER"}]},
    {"order": [{"direction": "DESC", "field": "NUMBER"}]}, {"order": [{"field": "number"}]}, {"first": True},
    {"first": 1}, {"first": "1"}, {"first": 1.0}, {"first": 10**12}, {"first": -1}, {"first": None}, {"yes": True},
    {"yes": 1}, {"yes": "true"}, {"id": 1}, {"id": "1"}, {"id": True}, {"extra": [{}]}, {"filter": {"nobody": 1}},
]  # fmt: skip


async def test_what_is_known_is_answered_as_what_is_not(ask, north, south) -> None:
    """Each of many variables, by each reader and in each language, unknown; then all again, known, in another order."""
    known = schema().known
    keys = [north.keys["hr"], south.keys["hr"], north.keys["employee"]]
    cases = [(key, {**USUAL, **odd}, language) for key in keys for odd in ODD for language in ("en", "zh")]

    async def answered(key: str, variables: Any, language: str) -> Any:
        found = await ask(MIXED, key, variables, **{"accept-language": language})
        return found.status, found.body

    fresh = []
    for case in cases:
        known.kept.clear()
        known.ready.clear()
        known.text = 0
        fresh.append(await answered(*case))
    for each in (1, -1):
        assert [await answered(*case) for case in cases[::each]] == fresh[::each]
    assert len({str(each) for each in fresh}) > 15


SEVERAL = """query { n: cycle(id: "x") { id } a: employees { totalCount } m: cycle(id: "x") { period }
  b: cycles { totalCount } c: departments { totalCount } }"""


@pytest.mark.parametrize("quickest", ["namcb", "bcman", "cbnam", "mbcna", "abcnm"])
async def test_of_several_root_fields_that_fail_the_first_is_told_and_not_the_quickest(
    ask, north, monkeypatch, quickest: str
) -> None:
    """Whatever a reader asks for, the same is answered each time: what is known, and what is not."""

    async def fails(_: Any, context: Any, *__: Any) -> Any:
        key = context.field.path.key
        for _turn in range(3 * quickest.index(key)):
            await asyncio.sleep(0)
        raise MeritlineError("E-TOO-MUCH", value=key, most=0)

    monkeypatch.setattr(Answers, "answer", fails)
    monkeypatch.setattr(Declarations, "root_one", lambda _, context, *__: fails(None, context))
    schema().known.kept.clear()
    for _ in range(3):
        found = await ask(SEVERAL, north.keys["hr"])
        assert found.body["data"] is None
        assert [each["path"] for each in found.body["errors"]] == [["a"], ["n"]]
