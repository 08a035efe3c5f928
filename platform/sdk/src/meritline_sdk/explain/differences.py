"""What changed between two versions of a scheme or reward table, as sentences. Decides what a reader is told of.

Everything that can change a score or an amount is told: lines that came, went or changed, weights, targets, rules,
policies, grades, limits, positions. Two versions that say the same give no sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from meritline_sdk.explain.declared_rules import in_unit, number, rule_words
from meritline_sdk.explain.difference_words import CHOICES, HEADS, WORDS
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.canonical import to_plain
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.policies import WITHOUT
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.schemes import Event, Item, Scheme, key_of
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import POINTS, Unit

type Known = Mapping[str, AnyIndicator]

def scheme_differences(old: Scheme, new: Scheme, indicators: Known, language: str) -> tuple[str, ...]:
    """What the newer version changes, from the head down to the last line."""
    telling = Telling(indicators, language)
    found = [*telling.plain(old, new, ("items", "events", "dimensions", "vetoes", "grades", "policies", "key"))]
    found += telling.plain(old.policies, new.policies, ())
    found += telling.group(old.dimensions, new.dimensions)
    found += telling.lines([*old.items, *old.events], [*new.items, *new.events])
    found += telling.group(old.vetoes, new.vetoes)
    if old.grades or new.grades:
        found += telling.group(old.grades.grades if old.grades else (), new.grades.grades if new.grades else ())
        found += telling.group(old.grades.granted if old.grades else (), new.grades.granted if new.grades else ())
        if old.grades and new.grades:
            found += telling.plain(old.grades, new.grades, ("grades", "granted"))
    return tuple(found)


def table_differences(old: RewardTable, new: RewardTable, indicators: Known, language: str) -> tuple[str, ...]:
    """What the newer version of a reward table changes."""
    telling = Telling(indicators, language)
    return (*telling.plain(old, new, ("rules", "key")), *telling.group(old.rules, new.rules))


def pin_differences(old: Mapping[str, str], new: Mapping[str, str], indicators: Known,
                    language: str) -> tuple[str, ...]:
    """Which indicators a version reads by another definition: hashes by full key, of the version before and of this."""
    telling = Telling(indicators, language)
    return tuple(telling.say("newer", line=telling.title_of(key)) for key in sorted(new)
                 if key in old and old[key] != new[key])


class Telling:
    """The sentences in one language."""

    def __init__(self, indicators: Known, language: str) -> None:
        self.indicators, self.language = indicators, language
        self.place = 1 if language.lower().startswith("zh") else 0

    def say(self, name: str, **values: object) -> str:
        """A sentence."""
        return WORDS[name][self.place].format(**values)

    def head(self, name: str) -> str:
        """What a field is called."""
        return HEADS.get(name, (name.replace("_", " "), name))[self.place]

    def plain(self, old: Any, new: Any, but: Sequence[str], line: str | None = None) -> Iterator[str]:
        """One sentence for each field that differs."""
        for one in fields(new):
            before, after = getattr(old, one.name, None), getattr(new, one.name)
            if one.name in but or before == after:
                continue
            told = {"what": self.head(one.name), "old": self.value(before), "new": self.value(after)}
            yield self.say("changed", **told) if line is None else self.say("line_changed", line=line, **told)

    def value(self, value: Any) -> str:
        """A value in words."""
        match value:
            case None | ():
                return self.say("nothing")
            case bool():
                return self.say("yes" if value else "no")
            case Decimal() | int() | Blank():
                return number(value, self.language)
            case Text():
                return self.say("quoted", text=value.in_language(self.language))
            case tuple():
                return self.say("comma").join(map(self.value, value))
            case str():
                return self.word(value)
        title = getattr(value, "title", None)
        return title.in_language(self.language) if isinstance(title, Text) else self.facts(value)

    def word(self, value: str) -> str:
        """A choice, or an indicator, by what it is called."""
        if value in CHOICES:
            return CHOICES[value][self.place]
        return self.title_of(value) if value in self.indicators else value

    def facts(self, value: Any) -> str:
        """A value of several facts, those that are said."""
        if not hasattr(value, "__dataclass_fields__"):
            return str(value)
        said = [(one.name, getattr(value, one.name)) for one in fields(value)]
        return self.say("comma").join(f"{self.head(name)} {self.value(found)}" for name, found in said
                                      if found not in (None, (), False, ""))

    def title_of(self, indicator: AnyIndicator | str | None) -> str:
        """An indicator's title."""
        found = self.indicators.get(key_of(indicator)) if isinstance(indicator, str) else indicator
        return found.title.in_language(self.language) if found is not None else key_of(indicator)

    def group(self, old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
        """Things with a key: what came, what went, what changed of the others."""
        before, after = {one.key: one for one in old}, {one.key: one for one in new}
        for gone in (one for key, one in before.items() if key not in after):
            yield self.say("gone", line=gone.title.in_language(self.language))
        for key, one in after.items():
            title = one.title.in_language(self.language)
            if key not in before:
                yield self.say("new", line=title) + self.told_of(one)
            elif type(before[key]) is not type(one):
                yield self.say("gone", line=title)
                yield self.say("new", line=title) + self.told_of(one)
            else:
                yield from self.plain(before[key], one, (), line=title)

    def told_of(self, one: Any) -> str:
        """What a new thing says, in brackets."""
        said = self.say("comma").join(f"{self.head(each.name)} {self.value(getattr(one, each.name))}"
                                      for each in fields(one) if each.name not in ("key", "title", "pays")
                                      and getattr(one, each.name) not in (None, (), False, ""))
        return f" ({said})" if said and not self.place else f"（{said}）" if said else ""

    def lines(self, old: Sequence[Item | Event], new: Sequence[Item | Event]) -> Iterator[str]:
        """Items and events, by their names."""
        before, after = {one.name(): one for one in old}, {one.name(): one for one in new}
        yield from (self.say("gone", line=self.name(before[key])) for key in before if key not in after)
        for key, line in after.items():
            if key in before:
                yield from self.line(before[key], line)
            else:
                yield self.born(line)
        kept = [key for key in after if key in before]
        if kept != [key for key in before if key in after]:
            yield self.say("order")

    def name(self, line: Item | Event) -> str:
        """What a line is called."""
        return line.title.in_language(self.language) if line.title else self.title_of(line.indicator)

    def unit(self, line: Item | Event) -> Unit:
        """The unit of a line's reading."""
        found = self.indicators.get(key_of(line.indicator)) if isinstance(line.indicator, str) else line.indicator
        return found.unit if found is not None else POINTS

    def rule(self, rule: Rule | None, unit: Unit) -> str:
        """A rule in words."""
        return self.say("nothing") if rule is None else self.say("quoted", text=rule_words(rule, unit, self.language))

    def born(self, line: Item | Event) -> str:
        """A line that is new."""
        unit, title = self.unit(line), self.name(line)
        if isinstance(line, Event):
            return self.say("event_new", line=title, rule=self.rule(line.rule, unit))
        rule = self.say("composite", count=len(line.parts)) if line.parts else self.rule(line.rule, unit)
        weight = number(line.weight, self.language)
        if line.target is None:
            return self.say("item_new", line=title, weight=weight, rule=rule)
        return self.say("item_new_target", line=title, weight=weight, rule=rule,
                        target=in_unit(line.target, unit, self.language))

    def line(self, old: Item | Event, new: Item | Event) -> Iterator[str]:
        """A line that stood before: each thing that changed; what has no words of its own is told as such."""
        title, count = self.name(new), 0
        units = self.unit(old), self.unit(new)
        for told in self.changes(old, new, units):
            count += 1
            yield self.say("line_changed", line=title, what=self.head(told[0]), old=told[1], new=told[2])
        if not count and to_plain(old) != to_plain(new):
            yield self.say("otherwise", line=title)

    def changes(self, old: Item | Event, new: Item | Event, units: tuple[Unit, Unit]) -> Iterator[tuple[str, str, str]]:
        """What changed of a line: the field, the old and the new words."""
        if key_of(old.indicator) != key_of(new.indicator):
            yield "indicator", self.title_of(old.indicator), self.title_of(new.indicator)
        if old.rule != new.rule:
            yield "rule", self.rule(old.rule, units[0]), self.rule(new.rule, units[1])
        if (old.target, units[0]) != (new.target, units[1]):
            before, after = (self.say("nothing") if one.target is None else in_unit(one.target, unit, self.language)
                             for one, unit in zip((old, new), units, strict=True))
            yield "target", before, after
        for name in ("title", "weight", "dimension", "minimum_sample", "read_from", "missing"):
            was, now = getattr(old, name, None), getattr(new, name, None)
            if was != now:
                yield name, self.value(was), self.value(now)
        if isinstance(old, Item) and isinstance(new, Item):
            for state in WITHOUT:
                if old.policies.of(state) != new.policies.of(state):
                    yield state, self.value(old.policies.of(state)), self.value(new.policies.of(state))
