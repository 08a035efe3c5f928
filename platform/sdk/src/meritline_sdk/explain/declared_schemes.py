"""A scheme in words as it is declared, before there is a reading: what a person reads who must decide about it.

Each sentence stands by itself: the head, one for each line, one for each limit that is not the ordinary one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meritline_sdk.explain.declared_rules import in_unit, number, points, rule_words
from meritline_sdk.explain.difference_words import CHOICES
from meritline_sdk.model.bands import LOWER_INCLUSIVE, GradeBands
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import OWN, Event, Item, Part, Veto, key_of
from meritline_sdk.model.policies import WITHOUT, Policies
from meritline_sdk.model.schemes import ANY_EMPLOYMENT, Scheme
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import POINTS, Unit

type Known = Mapping[str, AnyIndicator]
"""Indicators by full name; one that is not among them is called by its name."""

WORDS: dict[str, tuple[str, str]] = {
    "head": ("For {subject}, each {period}; weights: {weights}; without a reading: {missing}.",
             "考核对象：{subject}；周期：{period}；权重合计：{weights}；无数据时：{missing}。"),
    "positions": ("Meant for the positions {keys}.", "适用岗位：{keys}。"),
    "employment": ("Only {who}.", "仅限{who}。"),
    "item": ("{weight}: {title}{target}{source}; {rule}{limits}.",
             "{weight}：{title}{target}{source}；{rule}{limits}。"),
    "event": ("±: {title}{target}{source}; {rule}.", "±：{title}{target}{source}；{rule}。"),
    "part": ("of it {weight}: {title}{target}; {rule}", "其中 {weight}：{title}{target}；{rule}"),
    "composite": ("the mean of its parts ({parts})", "各部分加权平均（{parts}）"),
    "target": (", target {target}", "，目标值 {target}"),
    "from": (", as read for {who}", "，取{who}的数据"),
    "score_of": ("the {combine} of the scores under the scheme '{scheme}'", "方案“{scheme}”得分的{combine}"),
    "sample": (", needs {count} records", "，至少 {count} 条记录"),
    "policy": (", {state}: {policy}", "，{state}：{policy}"),
    "veto": ("Veto “{title}”: where “{indicator}” is above {over}, the score is at most {score}.",
             "一票否决“{title}”：“{indicator}”超过 {over} 时，得分不超过 {score}。"),
    "grades": ("Grades: {grades}; {reading}.", "等级：{grades}；{reading}。"),
    "grade": ("{title} from {limit}", "{title} {limit} 起"),
    "grade_upper": ("{title} up to {limit}", "{title} 至 {limit}"),
    "granted": ("{title} as granted", "{title}（评定）"),
    "pass_score": ("The pass score is {number}.", "及格分为 {number}。"),
    "floor": ("The score is not below {number}.", "得分不低于 {number}。"),
    "cap": ("The score is at most {number}.", "得分不超过 {number}。"),
    "least_measured": ("There is no score below {number}% of the weights measured.",
                       "测得权重低于 {number}% 时无得分。"),
    "additions_cap": ("All additions together give at most {number}.", "加分合计不超过 {number}。"),
    "deductions_cap": ("All deductions together take at most {number}.", "扣分合计不超过 {number}。"),
    "weight_tolerance": ("The weights may miss their sum by {number}.", "权重合计允许相差 {number}。"),
    "comma": (", ", "、"),
    "semicolon": ("; ", "；"),
}  # fmt: skip
STATES = {"not_measured": ("not measured", "未测得"), "sample_too_small": ("sample too small", "样本不足"),
          "failed": ("failed", "计算失败"), "waived": ("waived", "豁免")}  # fmt: skip
COMBINED = {"mean": ("mean", "平均"), "latest": ("latest", "最近一期"), "least": ("least", "最低"),
            "greatest": ("greatest", "最高")}  # fmt: skip
LIMITS = ("pass_score", "floor", "cap", "least_measured", "additions_cap", "deductions_cap")


def scheme_sentences(scheme: Scheme, indicators: Known, language: str) -> tuple[str, ...]:
    """What the scheme says, a sentence for each thing."""
    return tuple(Telling(indicators, language).scheme(scheme))


class Telling:
    """The sentences in one language."""

    def __init__(self, indicators: Known, language: str) -> None:
        self.indicators, self.language = indicators, language
        self.place = 1 if language.lower().startswith("zh") else 0

    def say(self, word: str, /, **values: object) -> str:
        """A sentence or a part of one."""
        return WORDS[word][self.place].format(**values)

    def choice(self, word: str) -> str:
        """A choice by what it is called."""
        return CHOICES[word][self.place] if word in CHOICES else word

    def listed(self, parts: Sequence[str]) -> str:
        """Several things."""
        return self.say("comma").join(parts)

    def indicator(self, named: AnyIndicator | str | None) -> AnyIndicator | None:
        """The declaration behind a name, where it is known."""
        return self.indicators.get(named) if isinstance(named, str) else named

    def title(self, line: Any) -> str:
        """What a line is called."""
        own: Text | None = getattr(line, "title", None)
        found = self.indicator(line.indicator)
        title = own or (found.title if found else None)
        return title.in_language(self.language) if title else key_of(line.indicator)

    def unit(self, line: Any) -> Unit:
        """The unit of a line's reading."""
        found = self.indicator(line.indicator)
        return found.unit if found is not None else POINTS

    def scheme(self, scheme: Scheme) -> Iterator[str]:
        """The head, the lines, the limits."""
        yield self.say("head", subject=self.choice(scheme.subject.value), period=self.choice(scheme.period.value),
                       weights=self.choice(scheme.weights), missing=self.choice(scheme.missing))
        if scheme.for_positions:
            yield self.say("positions", keys=self.listed(scheme.for_positions))
        if scheme.for_employment != ANY_EMPLOYMENT:
            yield self.say("employment", who=self.choice(scheme.for_employment))
        yield from map(self.item, scheme.items)
        yield from map(self.event, scheme.events)
        yield from map(self.veto, scheme.vetoes)
        if scheme.grades is not None:
            yield self.grades(scheme.grades)
        for name in LIMITS:
            if getattr(scheme, name) is not None:
                yield self.say(name, number=number(getattr(scheme, name), self.language))
        if scheme.weight_tolerance != 0:
            yield self.say("weight_tolerance", number=number(scheme.weight_tolerance, self.language))

    def item(self, item: Item) -> str:
        """A weighted line."""
        if item.parts:
            rule = self.say("composite", parts=self.say("semicolon").join(map(self.part, item.parts)))
        else:
            rule = self.rule(item)
        limits = "" if item.minimum_sample is None else self.say("sample", count=item.minimum_sample)
        return self.say("item", weight=number(item.weight, self.language), title=self.title(item),
                        target=self.target(item), source=self.source(item), rule=rule,
                        limits=limits + self.policies(item.missing, item.policies))

    def part(self, part: Part) -> str:
        """A part of a composite, which may have parts itself."""
        rule = (self.say("composite", parts=self.say("semicolon").join(map(self.part, part.parts))) if part.parts
                else self.rule(part))
        return self.say("part", weight=number(part.weight, self.language), title=self.title(part),
                        target=self.target(part), rule=rule)

    def event(self, event: Event) -> str:
        """What is added to the total, or taken from it."""
        return self.say("event", title=self.title(event), target=self.target(event), source=self.source(event),
                        rule=self.rule(event))

    def rule(self, line: Any) -> str:
        """The rule in words; of scores, whose they are."""
        told = rule_words(line.rule, self.unit(line), self.language)
        asked = getattr(line, "score_of", None)
        if asked is None:
            return told
        return self.say("score_of", scheme=asked.scheme, combine=COMBINED[asked.combine][self.place]) + self.say(
            "semicolon") + told

    def target(self, line: Any) -> str:
        """The target in the reading's unit."""
        return "" if line.target is None else self.say("target", target=in_unit(line.target, self.unit(line),
                                                                                self.language))

    def source(self, line: Item | Event) -> str:
        """Whose reading it is, where it is not the subject's own."""
        return "" if line.read_from == OWN else self.say("from", who=self.choice(line.read_from))

    def policies(self, missing: str | None, policies: Policies) -> str:
        """What the line does without a reading, where it says so itself."""
        found = [(state, policies.of(state) or missing) for state in WITHOUT if policies.of(state)]
        found = found or ([("not_measured", missing)] if missing else [])
        return "".join(self.say("policy", state=STATES[state][self.place], policy=self.choice(policy or ""))
                       for state, policy in found)

    def veto(self, veto: Veto) -> str:
        """Zero tolerance."""
        found = self.indicator(veto.indicator)
        called = found.title.in_language(self.language) if found else key_of(veto.indicator)
        return self.say("veto", title=veto.title.in_language(self.language), indicator=called,
                        over=in_unit(veto.over, found.unit if found else POINTS, self.language),
                        score=points(veto.score, self.language))

    def grades(self, bands: GradeBands) -> str:
        """The names of scores."""
        word = "grade" if bands.reading == LOWER_INCLUSIVE else "grade_upper"
        told = [one.title.in_language(self.language) if one.limit is None else
                self.say(word, title=one.title.in_language(self.language), limit=number(one.limit, self.language))
                for one in bands.grades]
        told += [self.say("granted", title=one.title.in_language(self.language)) for one in bands.granted]
        return self.say("grades", grades=self.listed(told), reading=self.choice(bands.reading))
