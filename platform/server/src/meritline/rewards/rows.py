"""Reward lines as COPY sends them: of those who are paid alike everything is written once, but whose line it is.

Decides nothing: the digest is that of ``domain.digest``, the columns are those of the table.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from meritline.appraisal.run.frame import PaidBefore
from meritline.appraisal.run.ids import new_id_bytes
from meritline.appraisal.run.prepared import wire
from meritline.appraisal.run.scoring import Appraisal
from meritline.appraisal.run.sizes import MOST_MONEY, require_size
from meritline.domain.digest import reward_told, told_of
from meritline.domain.rewarding import RewardLine
from meritline_sdk.evaluate.tallies import Subject

REWARD_LINE: Final = {
    "scorecard_id": "uuid", "subject_kind": "text", "subject_id": "uuid", "subject_code": "text", "digest": "text",
    "scheme_key": "text", "rule_key": "text", "kind": "text", "title_en": "text", "title_zh": "text",
    "amount": "numeric", "steps": "text", "act": "text", "detail_en": "text", "detail_zh": "text", "position": "int",
}  # fmt: skip
NEW_REWARD_LINE: Final = {"id": "uuid", **REWARD_LINE}
FIELDS, NEW_FIELDS = wire.COUNT.pack(len(REWARD_LINE)), wire.COUNT.pack(len(NEW_REWARD_LINE)) + wire.UUID_LENGTH
NEVER: Final[dict[bytes, bytes]] = {}
STEPS: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

type Alike = tuple[str, int, int]


def new_rows(ids: Iterable[bytes], rows: Iterable[bytes]) -> bytes:
    """Finished rows for lines that are not there, with the id of each."""
    return b"".join([part for own, row in zip(ids, rows, strict=True) for part in (NEW_FIELDS, own, row)])


def ids_of(appraisal: Appraisal, lines: Sequence[RewardLine], before: PaidBefore) -> list[bytes]:
    """The id of each line of a scheme: the one it had before, else a new one."""
    scheme, people = appraisal.chosen.scheme.key, {who.subject: who.id.bytes for who in appraisal.people}
    return [before.get((scheme, line.subject.kind.value, line.rule_key), NEVER).get(people[line.subject], made)
            for made, line in zip(new_id_bytes(len(lines)), lines, strict=True)]


def rows_again(rows: Iterable[bytes]) -> bytes:
    """Finished rows for lines of which each is known by whose it is."""
    return b"".join([FIELDS + row for row in rows])


def rows_of(period: str, appraisal: Appraisal, lines: Sequence[RewardLine],
            ids: Mapping[Subject, UUID]) -> tuple[list[bytes], list[str]]:
    """The lines of a scheme, as rows without their beginning, and their digests; the cards have these ids."""
    people = {who.subject: who for who in appraisal.people}
    writer = Writer(period, appraisal)
    rows, digests = list[bytes](), list[str]()
    last, own = None, b""
    for line in lines:
        subject = line.subject
        if subject is not last:
            who, last = people[subject], subject
            own = (wire.uuid(ids[subject]) + wire.text(subject.kind.value) + wire.uuid(who.id)
                   + wire.text(subject.key))
        told, common = writer.alike(line)
        digest = told_of(told, subject)
        rows.append(b"".join((own, wire.text(digest), common)))
        digests.append(digest)
    return rows, digests


class Writer:
    """Writes what lines of one scheme have in common. Who is paid alike shares amount and steps: they are known by
    their identity, and whoever has the lines keeps them."""

    def __init__(self, period: str, appraisal: Appraisal) -> None:
        table = appraisal.chosen.reward
        self._period, self._scheme = period, appraisal.chosen.scheme.key
        self._places = {rule.key: place for place, rule in enumerate(table.rules)} if table else {}
        self._known: dict[Alike, tuple[str, bytes]] = {}

    def alike(self, line: RewardLine) -> tuple[str, bytes]:
        """What the digest is made of, and the columns, both without whose line it is."""
        key = line.rule_key, id(line.amount), id(line.steps)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = reward_told(self._period, self._scheme, line), self._common(line)
        return found

    def _common(self, line: RewardLine) -> bytes:
        require_size(line.amount, MOST_MONEY, line.subject.key, line.rule_key)
        text, detail = wire.text, line.detail
        return b"".join((
            text(self._scheme), text(line.rule_key), text(line.kind), text(line.title.en), text(line.title.zh),
            wire.numeric(line.amount), text(STEPS.encode(line.steps)), text(line.act),
            text(detail.en if detail else None), text(detail.zh if detail else None),
            wire.whole(self._places[line.rule_key]),
        ))  # fmt: skip
