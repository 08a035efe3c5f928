"""A report of what changes, without a language until somebody reads it. Decides how each kind of value is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from meritline.onboarding.sets.words import PARTS, WORDS
from meritline_sdk.model.functions import PythonMeasure
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.text import Text

type Records = Mapping[str, RecordDeclaration]


@dataclass(frozen=True, slots=True)
class Says:
    """An indicator, to be told as a sentence."""

    indicator: AnyIndicator


@dataclass(frozen=True, slots=True)
class Parts:
    """What differs between two indicators whose sentences are the same."""

    old: AnyIndicator
    new: AnyIndicator

    def names(self) -> list[str]:
        """The parts that differ, by name."""
        found = [name for name in (one.name for one in fields(self.new))
                 if getattr(self.old, name, None) != getattr(self.new, name)]
        old, new = getattr(self.old, "measure", None), getattr(self.new, "measure", None)
        if isinstance(old, PythonMeasure) and isinstance(new, PythonMeasure) and old.function == new.function:
            return ["module_digest" if one == "measure" else one for one in found]
        return found


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence: its words, and what fills them."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What changes. ``old`` and ``new`` are the plugin's versions where there are two; ``records`` name fields."""

    set_key: str
    told: tuple[Told, ...]
    old: str | None = None
    new: str | None = None
    records: Records = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not self.told

    def sentences(self, language: str) -> tuple[str, ...]:
        """The sentences, the whole first, in the order in which they matter."""
        telling = Telling(language, self.records)
        return tuple(telling.of(one) for one in self.told) or (telling.say("nothing"),)


class Telling:
    """The sentences in one language."""

    def __init__(self, language: str, records: Records) -> None:
        self.language, self.records = language, records
        self.place = 1 if language.lower().startswith("zh") else 0

    def say(self, name: str, **values: object) -> str:
        """The words, filled."""
        return WORDS[name][self.place].format(**values)

    def of(self, one: Told) -> str:
        """One sentence. Where an indicator's own sentence stays, what else changes is told instead."""
        values = dict(one.values)
        name = one.name
        if name == "indicator_changes":
            old, new = values["old"].indicator, values["new"].indicator
            if self.value(values["old"]) == self.value(values["new"]):
                name, values["what"] = "indicator_otherwise", Parts(old, new)
        return self.say(name, **{key: self.value(value) for key, value in values.items()}).strip()

    def value(self, value: Any) -> str:
        """A value in words."""
        match value:
            case None:
                return self.say("none")
            case Text():
                return value.in_language(self.language)
            case Says():
                from meritline_sdk.explain import sentence

                return sentence(value.indicator, self.language, self.records)
            case Parts():
                return self.listed([PARTS.get(name, (name, name))[self.place] for name in value.names()])
            case str():
                return value
            case Sequence():
                return self.listed([self.say("quoted", text=self.value(one)) for one in value])
        return str(value)

    def listed(self, some: Sequence[str]) -> str:
        """Several of a kind."""
        return self.say("comma").join(some) or self.say("none")
