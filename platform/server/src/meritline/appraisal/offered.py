"""What a company may begin a scheme from: templates of documents, starters of ours, schemes that sets bring ready.

Decides what each tells its reader before anybody takes it: its open blanks with where they stand, its lines in the
words of the document, what is missing, how contradictions were read, and the documents that would save it.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from meritline.appraisal.documents import reward_document, scheme_document
from meritline.plugins import Catalogue
from meritline_sdk import Blank, Event, Item, RewardTable, Scheme, Starter, Template, Text
from meritline_sdk.model.blanks import Open, open_blanks
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import Part, key_of
from meritline_sdk.model.sets import short
from meritline_sdk.model.settings import spoken

TEMPLATE, STARTER, SCHEME = "template", "starter", "scheme"


def everything(catalogue: Catalogue, kinds: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """All that the installed sets offer, as values."""
    known = catalogue.indicators()
    found = [one for set_key, installed in catalogue.sets.items() for one in (
        *(told(set_key, TEMPLATE, each.scheme, each.rewards, each) for each in installed.set.templates),
        *({**told(set_key, STARTER, each.scheme, each.rewards, each), "settings": settings_told(each, known)}
          for each in installed.set.starters),
        *(told(set_key, SCHEME, each, tables_of(each, installed.set.rewards)) for each in installed.set.schemes))]
    return [one for one in found if kinds is None or one["kind"] in kinds]


def tables_of(scheme: Scheme, tables: Sequence[RewardTable]) -> tuple[RewardTable, ...]:
    """The reward tables of a set that reward the scheme."""
    return tuple(one for one in tables if one.scheme == scheme.key)


def told(set_key: str, kind: str, scheme: Scheme, rewards: Sequence[RewardTable],
         offered: Template | Starter | None = None) -> dict[str, Any]:
    """One of them."""
    template = offered if isinstance(offered, Template) else None
    starter = offered if isinstance(offered, Starter) else None
    source = template.source if template else None
    return {
        "key": f"{set_key}.{scheme.key}", "kind": kind, "setKey": set_key,
        "title_en": scheme.title.en, "title_zh": scheme.title.zh,
        "source_en": source.en if source else None, "source_zh": source.zh if source else None,
        "subjectKind": scheme.subject.value, "periodKind": scheme.period.value,
        "beside": f"{set_key}.{starter.template}" if starter else None,
        "blanks": [blank_told(one, scheme, rewards) for one in open_blanks((scheme, *rewards))],
        "lines": [line_told(one, dict(words(template))) for one in lines_of(scheme)],
        "missing": [note(one) for one in template.missing] if template else [],
        "notes": [note(one) for one in template.notes] if template else [],
        "reasons": [note(text, about) for about, text in starter.reasons] if starter else [], "settings": {},
        # With its template, for what a starter sets of indicators comes with the name alone.
        "document": {**scheme_document(scheme), **({"template": f"{set_key}.{scheme.key}"} if starter else {})},
        "rewardDocuments": [reward_document(one) for one in rewards],
    }  # fmt: skip


def lines_of(scheme: Scheme) -> list[Item | Event]:
    """Its items, then its events."""
    return [*scheme.items, *scheme.events]


def settings_told(starter: Starter, known: Mapping[str, AnyIndicator]) -> dict[str, dict[str, str]]:
    """What it sets, as one would write it."""
    kinds = {key: {one.name: one.kind for one in known[key].parameters()} for key, _ in starter.settings}
    return {key: {name: spoken(value, kinds[key][name]) for name, value in values} for key, values in starter.settings}


def note(text: Text, about: str | None = None) -> dict[str, Any]:
    """A sentence, and what it is about."""
    return {"about": about, "text_en": text.en, "text_zh": text.zh}


def words(template: Template | None) -> Iterator[tuple[str, str]]:
    """The words of each line as printed; several that stand for one line after each other."""
    found: dict[str, list[str]] = {}
    for name, told in template.wording if template else ():
        found.setdefault(short(name), []).append(told)
    return ((name, "\n".join(told)) for name, told in found.items())


def blank_told(blank: Blank, scheme: Scheme, rewards: Sequence[RewardTable]) -> dict[str, Any]:
    """A blank, with the lines and reward rules in which it stands."""
    lines: list[tuple[str, Any]] = [*((one.name(), one) for one in lines_of(scheme)),
                                    *((rule.key, rule) for table in rewards for rule in table.rules)]
    return {"key": blank.key, "title_en": blank.title.en, "title_zh": blank.title.zh, "printed": blank.printed,
            "suggested": None if blank.suggested is None else str(blank.suggested), "taken": blank.taken,
            "places": list(dict.fromkeys(name for name, one in lines if blank in open_blanks(one))) or [scheme.key]}


def line_told(line: Item | Event, wording: Mapping[str, str]) -> dict[str, Any]:
    """An item or event."""
    item = line if isinstance(line, Item) else None
    return {"key": line.name(), "kind": "item" if item else "event",
            "title_en": line.title.en if line.title else None, "title_zh": line.title.zh if line.title else None,
            "wording": wording.get(short(line.name())), "indicatorKeys": list(dict.fromkeys(read_by(line))),
            "weight": number(item.weight) if item else None, "target": number(line.target),
            "rule": None if line.rule is None else line.rule.kind}


def read_by(line: Item | Event | Part) -> Iterator[str]:
    """The indicators that a line reads."""
    if key := key_of(line.indicator):
        yield key
    for part in getattr(line, "parts", ()):
        yield from read_by(part)


def number(value: Open | None) -> Decimal | None:
    """The number; nothing for a blank."""
    return None if value is None or isinstance(value, Blank) else Decimal(value)
