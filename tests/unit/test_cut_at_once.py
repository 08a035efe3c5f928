"""Lines that are cut or decoded many at once are the rows they are one by one, with the same numbers and refusals."""

import json
import random
from typing import Any

import pytest

from meritline.records.formats import Hints, container, delimited, ndjson, open_table

ODD = ("{", "[1]", "", "  ", "{} {}", "{\n}", '{"a": NaN}', '{"a": 1, "a": 2}', '{"a": {}}', ' {"a": 1}', "null")
CELLS = ("1", "abc", "", " ", "é", "中", '"x"', '"a,b"', '"a\nb"', 'x"y', '"broken"z', "\x00")


def objects(dice: random.Random) -> str:
    """Lines of a program, now and then with a name that was not there before."""
    names = ("id", "a", "b", *(("c", "#line") if dice.random() < 0.3 else ()))
    values = ("x", 1, 1.10, True, None, "", [1], {"a": 1}, "中", 10**20)
    lines = [json.dumps({name: dice.choice(values[: dice.choice((3, 10))]) for name in names if dice.random() < 0.8},
                        ensure_ascii=dice.random() < 0.5) for _ in range(dice.randrange(60))]  # fmt: skip
    return dice.choice(("\n", "\r\n", "\n")).join(one if dice.random() < 0.97 else dice.choice(ODD) for one in lines)


def table(dice: random.Random) -> str:
    """Lines of an export, some of them broken."""
    width = dice.choice((1, 2, 4))
    header = ",".join(("id", dice.choice(("b", "#line")), "c", "d")[:width])
    lines = [",".join(dice.choice(CELLS if dice.random() < 0.2 else CELLS[:3])
                      for _ in range(width if dice.random() < 0.95 else dice.randrange(6)))
             for _ in range(dice.randrange(60))]  # fmt: skip
    return dice.choice(("\n", "\r\n", "\r")).join((header, *lines))


def read(content: str, kind: Any) -> Any:
    """All that the chunks say."""
    rows, bad = [], []
    for chunk in open_table(content.encode(), Hints(kind), name=f"x.{kind}").chunks():
        columns = [list(chunk.cells(name)) for name in ("id", "a", "b", "c", "d")]
        rows += [(line, [column[row] for column in columns], chunk.raw(row)) for row, line in enumerate(chunk.lines)]
        bad += [(each.line, each.problem, each.raw) for each in chunk.bad]
    return rows, sorted(bad, key=lambda each: each[0])


@pytest.mark.parametrize(("kind", "make"), [("ndjson", objects), ("csv", table)])
def test_at_once_is_as_one_by_one(kind: str, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(7)
    monkeypatch.setattr(ndjson, "STRETCHES", 1)
    for _ in range(150):
        content = make(dice)
        monkeypatch.setattr(container, "BLOCK", dice.choice((40, 300, 2000)))
        monkeypatch.setattr(delimited, "CHUNK_ROWS", 7)
        with monkeypatch.context() as slow:
            slow.setattr(ndjson, "one_a_line", lambda text, count: False)
            slow.setattr(delimited.Delimited, "bare_lines", lambda self, text: None)
            expected = read(content, kind)
        assert read(content, kind) == expected
