"""Lines of printed schemes, their open numbers as blanks. Decides how a line is scored where its document does not say.

The convention is ours, and every template says so: a stated target without points is met or missed; without a target
a rating or a score of 100 counts as it is, and anything else in proportion to a target that is a blank.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from meritline_sdk import SCORE_100, Blank, Indicator, Item, Part, RatedIndicator, Text, rules

type Open = Decimal | int | str | Blank
type AnyIndicator = Indicator | RatedIndicator
type Rule = rules.Rule

NOT_STATED = Text(
    "The document states no points. Ours: a stated target is met (100) or missed (0); a rating or a score of 100 "
    "counts as it is; anything else counts in proportion to a target that you fill in.",
    "原文未规定得分办法。本模板的处理:原文有目标值的,达标得100分、未达标得0分;评分或百分制得分直接计分;"
    "其余按实际值与目标值之比计分,目标值由企业填写。",
)
NO_WEIGHTS = Text("weights of the lines", "各项指标的权重")
NO_TARGETS = Text("targets where the text names none", "原文未写明的目标值")
NO_GRADES = Text("grades and the pass score", "等级划分与合格线")
NO_MONEY = Text("any amount of money", "任何奖金金额")


@dataclass(frozen=True, slots=True)
class Words:
    """What a line is called in the blanks that stand in it: ``i04`` and its title."""

    number: str
    title: Text

    def blank(self, kind: str, en: str, zh: str, printed: str = "( )") -> Blank:
        """The blank of the line: ``weight_i04``, "Weight of Complaint rate"."""
        return Blank(f"{kind}_{self.number}", Text(f"{en} of {self.title.en}", f"{self.title.zh}的{zh}"), printed)

    @property
    def weight(self) -> Blank:
        """Its weight."""
        return self.blank("weight", "Weight", "权重")

    def target(self, indicator: AnyIndicator | str) -> Blank:
        """Its target, with the sign of the unit that it is in."""
        found = self.blank("target", "Target", "目标值")
        symbol = "" if isinstance(indicator, str) else indicator.unit.symbol
        sign = f" ({symbol})" if symbol else ""
        return replace(found, title=Text(found.title.en + sign, found.title.zh + sign))

    def points(self, per: Text) -> Blank:
        """The points that it takes for each unit."""
        return self.blank("points", f"Points off per {per.en}", f"扣分(每{per.zh})")


def scored(words: Words, indicator: AnyIndicator | str, rule: Rule | None,
           target: Open | None) -> tuple[Rule, Open | None]:
    """Rule and target of a line: as given, else by the convention."""
    if rule is not None:
        return rule, words.target(indicator) if target is None and rule.needs_target else target
    if target is not None:
        return rules.TargetMet(), target
    if not isinstance(indicator, str) and indicator.unit == SCORE_100:
        return rules.AsPoints(), None
    return rules.ToTarget(), words.target(indicator)


def open_line(number: str, title: Text, indicator: AnyIndicator | str, dimension: str | None = None, *,
              weight: Open | None = None, rule: Rule | None = None, target: Open | None = None, key: str = "") -> Item:
    """A line of a printed scheme; without ``weight`` its weight is a blank. ``i04_1``: one of several of a line."""
    words = Words(number, indicator.title if "_" in number and not isinstance(indicator, str) else title)
    rule, target = scored(words, indicator, rule, target)
    return Item(indicator, weight=words.weight if weight is None else weight, rule=rule, target=target,
                dimension=dimension, title=title, key=key)


def shown_line(title: Text, indicator: AnyIndicator, dimension: str | None = None) -> Item:
    """A figure that is told beside the line which is scored: it weighs nothing and is missed by nobody."""
    return Item(indicator, weight=0, rule=rules.AsPoints(floor=None, cap=None), dimension=dimension, title=title,
                missing="exempt")


def open_part(number: str, indicator: AnyIndicator, *, rule: Rule | None = None, target: Open | None = None,
              weight: Open | None = None) -> Part:
    """One of the metrics of a line that names several; its inner weight is a blank."""
    words = Words(number, indicator.title)
    rule, target = scored(words, indicator, rule, target)
    if weight is None:
        title = indicator.title
        weight = Blank(f"inner_{indicator.key}", Text(f"Inner weight of {title.en}", f"{title.zh}的内部权重"))
    return Part(indicator, weight=weight, rule=rule, target=target)


def composite(number: str, key: str, title: Text, parts: tuple[Part, ...], dimension: str | None = None, *,
              weight: Open | None = None) -> Item:
    """A line of a printed scheme that names several metrics."""
    return Item(None, weight=Words(number, title).weight if weight is None else weight, parts=parts, key=key,
                title=title, dimension=dimension)


def ours(items: Iterable[Item], name: str, weight: Open, rule: Rule | None = None, target: Open | None = None,
         **more: Any) -> Item:
    """The printed line as a starter has it: with a weight of ours, and a rule and target where they are given."""
    printed = next(item for item in items if item.name() == name)
    if rule is None:
        rule, target = printed.rule, printed.target if target is None else target
    return replace(printed, weight=weight, rule=rule, target=target, **more)
