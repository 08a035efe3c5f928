"""Who works at an example tenant, read from its own manifest. Decides nothing: the generator needs codes and skills."""

import csv
from dataclasses import dataclass
from pathlib import Path

from meritline.demo.chance import dice


@dataclass(frozen=True, slots=True)
class Worker:
    """An employee of the manifest with the outside code their records carry, and a fictitious skill."""

    number: str
    code: str
    department: str
    position: str
    skill: float


def workers(folder: Path, seed: str) -> list[Worker]:
    """The people of the tenant's ``people.csv`` with their codes of ``codes.csv``."""
    with (folder / "codes.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["employee"]: row["code"] for row in csv.DictReader(file) if row["employee"]}
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    chance = dice(f"{seed}/skills")
    return [
        Worker(row["number"], codes.get(row["number"], row["number"]), row["department"], row["position"],
               chance.skill())
        for row in people
    ]
