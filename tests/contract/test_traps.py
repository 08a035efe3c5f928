"""Every trap of the table names a proof that is there: a golden case, a test function, or a decision."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (T\d\d) \|.*\| ([^|]+) \|$")
EVERY = {f"T{number:02}" for number in range(1, 76)}
ROWS = dict(found.groups() for line in (ROOT / "platform/docs/traps.md").read_text("utf-8").splitlines()
            if (found := ROW.match(line)))


def test_every_trap_of_the_field_is_there() -> None:
    assert set(ROWS) == EVERY


@pytest.mark.parametrize("trap", sorted(ROWS))
def test_its_proof_is_there(trap: str) -> None:
    proofs = re.findall(r"`([^`]+)`", ROWS[trap])
    assert proofs
    for proof in proofs:
        file, _, name = proof.partition("::")
        text = (ROOT / file).read_text("utf-8")
        assert not name or re.search(rf"def {name}\(", text), proof
