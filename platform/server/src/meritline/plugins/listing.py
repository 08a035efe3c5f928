"""Plugins as their operator sees them. Decides what ``plugins list`` and ``plugins trace`` tell."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meritline.errors import Problem
from meritline.messages import Language
from meritline.plugins.asking import ask
from meritline.plugins.catalogue import Catalogue, PluginReport
from meritline.plugins.discovery import Found
from meritline.plugins.processes import Declared
from meritline_sdk import IndicatorSet
from meritline_sdk.explain import sentence
from meritline_sdk.model.canonical import canonical
from meritline_sdk.model.records import RecordDeclaration

OK, WARNS, QUARANTINED, OFF = "ok", "warns", "quarantined", "off"


def health(one: PluginReport) -> str:
    """The state of a plugin in one word."""
    if one.off:
        return OFF
    if one.quarantined:
        return QUARANTINED
    return WARNS if one.problems else OK


def deterministic(one: PluginReport, *, asked: bool) -> bool | None:
    """Whether its functions always gave one answer to one question; None where no database was asked."""
    return not any(each.code == "E-PLUGIN-DIFFERS" for each in one.problems) if asked else None


def rows(catalogue: Catalogue, language: Language, *, asked: bool) -> Iterator[dict[str, Any]]:
    """Every plugin with its sets, as JSON has it; ``asked``: a database was."""
    for one in catalogue.plugins:
        yield {
            "plugin": one.name, "distribution": one.distribution, "version": one.version, "author": one.author,
            "licence": one.licence, "health": health(one), "quarantined": one.quarantined, "off": one.off,
            "content_hash": one.content_hash or None, "deterministic": deterministic(one, asked=asked),
            "file": str(one.source.file) if one.source and one.source.file else None,
            "sets": {key: set_row(catalogue, key) for key in one.sets}, "left_out": [*one.left_out],
            "problems": [each.as_dict(language) for each in one.problems],
        }  # fmt: skip


def set_row(catalogue: Catalogue, key: str) -> dict[str, Any]:
    """A set in numbers."""
    one = catalogue.sets[key]
    return {"indicators": len(one.set.indicators), "schemes": len(one.set.schemes), "records": len(one.set.records),
            "python": [*one.python], "content_hash": one.content_hash}


@dataclass(frozen=True, slots=True)
class Traced:
    """What one plugin was asked by one hook, and what came of it."""

    found: Found
    hook: str
    seconds: float
    characters: int
    hooks: tuple[str, ...]
    sets: Sequence[IndicatorSet]
    problems: tuple[Problem, ...]
    records: Mapping[str, RecordDeclaration]

    def as_dict(self, language: Language) -> dict[str, Any]:
        """For programs."""
        outcome = next((each.code for each in self.problems if each.severity == "error"), "ok")
        return {
            "plugin": self.found.name, "distribution": self.found.distribution, "version": self.found.version,
            "hook": self.hook, "hooks": [*self.hooks], "seconds": round(self.seconds, 3),
            "characters": self.characters, "outcome": outcome,
            "problems": [each.as_dict(language) for each in self.problems],
            "sets": {one.key: {f"{one.key}.{each.key}": sentence(each, language, self.records)
                               for each in one.indicators} for one in self.sets},
        }  # fmt: skip


def traced(plugins: Sequence[Found], records: Mapping[str, RecordDeclaration]) -> Iterator[Traced]:
    """Ask each plugin by itself what it declares, so that the time is its own. ``records`` are those of the others."""
    for one in plugins:
        begun = time.perf_counter()
        (brought,), (answer,) = ask([one])
        seconds = time.perf_counter() - begun
        told = answer.told if isinstance(answer.told, Declared) else None
        yield Traced(one, "indicator_sets", seconds, sum(map(length, told.sets)) if told else 0,
                     told.hooks if told else (), brought.sets, brought.problems,
                     {**records, **{record.key: record for each in brought.sets for record in each.records}})


def length(declared: IndicatorSet) -> int:
    """How long its canonical text is."""
    try:
        return len(canonical(declared))
    except Exception:  # whatever a plugin put into its values
        return 0
