"""Every trap of the table names a proof that is there: a golden case, a test function, or a decision."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (T\d\d) \|.*\| ([^|]+) \|$")
# What concerns indicators and data; the other traps are of schemes, rewards and process.
CONCERNED = {
    *(f"T{number:02}" for number in (5, 6, 7, 8, 9, 10, 11, 12, 13, 18, 19, 20, 25, 32, 34, 35, 36, 37, 40, 41, 45)),
    *(f"T{number}" for number in (49, 51, 52, 55, 56, 58, 59, 60, 61, 63, 67, 68, 69, 70, 71, 73, 75)),
}
ROWS = dict(found.groups() for line in (ROOT / "platform/docs/traps.md").read_text("utf-8").splitlines()
            if (found := ROW.match(line)))


def test_every_trap_that_concerns_indicators_and_data_is_there() -> None:
    assert set(ROWS) == CONCERNED


@pytest.mark.parametrize("trap", sorted(ROWS))
def test_its_proof_is_there(trap: str) -> None:
    proofs = re.findall(r"`([^`]+)`", ROWS[trap])
    assert proofs
    for proof in proofs:
        file, _, name = proof.partition("::")
        text = (ROOT / file).read_text("utf-8")
        assert not name or re.search(rf"def {name}\(", text), proof
