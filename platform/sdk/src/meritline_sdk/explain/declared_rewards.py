"""A reward table in words as it is declared: what each rule pays, takes or proposes, and on which terms."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from meritline_sdk.evaluate.numbers import rounded
from meritline_sdk.explain.declared_rules import in_unit, number
from meritline_sdk.explain.declared_schemes import Known, Telling
from meritline_sdk.explain.figures import signed
from meritline_sdk.model.blanks import Blank
from meritline_sdk.model.consequences import SKIP, InARow, When
from meritline_sdk.model.items import key_of
from meritline_sdk.model.rewards import LITERAL, Pool, RewardRule, RewardTable, Terms
from meritline_sdk.model.schemes import ANY_EMPLOYMENT, Scheme
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import COUNT, Unit

WORDS: dict[str, tuple[str, str]] = {
    "rule": ("{title}: {told}.", "{title}：{told}。"),
    "money": ("{title} ({pays})", "{title}（{pays}）"),
    "each": ("{name}: {amount}", "{name} {amount}"),
    "by_rank": ("{listed}; {after}; {ties}{low}", "{listed}；{after}；{ties}{low}"),
    "place": ("place {place} {amount}", "第 {place} 名 {amount}"),
    "tail": ("each further place {step} less, not below {least}", "其后每名递减 {step}，不低于 {least}"),
    "beyond": ("each further place {amount}", "其后每名 {amount}"),
    "ties": ("equal places: {choice}", "并列：{choice}"),
    "low": ("; a score below {score} gets {amount}", "；得分低于 {score} 者 {amount}"),
    "fine": ("{amount} off the {reduces} for each unit of “{indicator}”{cap}",
             "“{indicator}”每单位从{reduces}中扣 {amount}{cap}"),
    "per_reading": ("{amount} for each unit of “{indicator}”{above}{cap}", "“{indicator}”{above}每单位 {amount}{cap}"),
    "above": (" above {number}", "超过 {number} 的部分"),
    "when_met": ("{amount} where “{indicator}” is {range}", "“{indicator}”{range}时 {amount}"),
    "at_least": ("at least {number}", "不低于 {number}"),
    "at_most": ("at most {number}", "不高于 {number}"),
    "between": ("from {low} to {high}", "在 {low} 至 {high} 之间"),
    "pool": ("{amount} for the whole group{step} where “{indicator}” of {who} is at least {number}, "
             "split by: {split}{cap}",
             "{who}的“{indicator}”不低于 {number} 时，全组{step}共 {amount}，分配方式：{split}{cap}"),
    "step": (", for each full step of {number}", "每满 {number} "),
    "fixed": ("{amount} for everybody whom the scheme appraises", "每名被考核者 {amount}"),
    "base_pay": ("the base pay on record; a day is a {days}th of it, an hour a {hours}th of a day",
                 "档案中的基本工资；日薪为其 1/{days}，时薪为日薪的 1/{hours}"),
    "base_pay_literal": ("the base pay on record / {days} × {hours}", "档案中的基本工资 / {days} × {hours}"),
    "coefficient": ("the performance pay on record, times {listed}", "档案中的绩效工资乘以系数：{listed}"),
    "by_score": ("the score / {per}, not below {least}{most}", "得分 / {per}，不低于 {least}{most}"),
    "most": (" and at most {number}", "，不超过 {number}"),
    "award": ("{amount} where {when}", "{when}时 {amount}"),
    "reduction": ("{percent}% off the {reduces} where {when}", "{when}时扣减{reduces}的 {percent}%"),
    "proposal": ("proposed where {when}: {act}{detail}", "{when}时建议：{act}{detail}"),
    "detail": (" ({text})", "（{text}）"),
    "cap": (", at most {amount}", "，最多 {amount}"),
    "in_a_row": ("{when}, {periods} periods in a row ({gaps})", "{when}，连续 {periods} 期（{gaps}）"),
    "grades": ("the grade is {grades}", "等级为{grades}"),
    "passed": ("the pass score is reached", "及格"),
    "failed": ("the pass score is missed", "不及格"),
    "score_below": ("the score is below {number}", "得分低于 {number}"),
    "score_at_least": ("the score is at least {number}", "得分不低于 {number}"),
    "rank_at_most": ("the place is {number} or better", "名次不低于第 {number}"),
    "best_percent": ("the place is within the best {number}%", "名次在前 {number}% 以内"),
    "terms": ("Terms of {rules}: {listed}.", "{rules}的发放条件：{listed}。"),
    "all": ("all that is paid", "全部奖励"),
    "least_measured": ("{number}% of the weights measured", "测得权重不低于 {number}%"),
    "complete": ("every line measured", "各项均已测得"),
    "term_passed": ("the pass score reached", "及格"),
    "employment": ("{who}", "{who}"),
    "least_days": ("{number} days employed", "在职不少于 {number} 天"),
    "to_the_end": ("employed on the last day", "期末在职"),
    "by_days": ("in proportion to the days employed", "按在职天数折算"),
    "and": (" and ", "且"),
}  # fmt: skip


def reward_sentences(table: RewardTable, scheme: Scheme | None, indicators: Known, language: str) -> tuple[str, ...]:
    """What the table says, a sentence for each rule and each of its terms; ``scheme`` gives the grades their names."""
    return tuple(RewardTelling(indicators, language, scheme).table(table))


class RewardTelling(Telling):
    """The sentences of rewards in one language."""

    def __init__(self, indicators: Known, language: str, scheme: Scheme | None) -> None:
        super().__init__(indicators, language)
        self.graded = scheme.grades.titles() if scheme is not None and scheme.grades is not None else {}
        self.titles: dict[str, Text] = {}

    def say(self, word: str, /, **values: object) -> str:
        """A sentence or a part of one; the words of schemes where rewards have none."""
        return WORDS[word][self.place].format(**values) if word in WORDS else super().say(word, **values)

    def table(self, table: RewardTable) -> Iterator[str]:
        """Every rule, then the terms."""
        self.titles = {rule.pays: rule.title for rule in table.rules}
        yield from map(self.rule_sentence, table.rules)
        yield from map(self.terms, table.terms)

    def rule_sentence(self, rule: RewardRule) -> str:
        """One rule."""
        told: str = getattr(self, f"of_{rule.kind}")(rule)
        return self.say("rule", title=rule.title.in_language(self.language), told=told)

    def amount(self, value: Any) -> str:
        """An amount to the cent; a blank as it is printed."""
        return number(value, self.language) if isinstance(value, Blank) else signed(f"{rounded(Fraction(value), 2):f}")

    def money(self, pays: str) -> str:
        """The money of that name, by the title of the rule that pays it."""
        title = self.titles.get(pays)
        return pays if title is None else self.say("money", title=title.in_language(self.language), pays=pays)

    def grade(self, key: str) -> str:
        """A grade by what it is called."""
        return self.graded[key].in_language(self.language) if key in self.graded else key

    def called(self, rule: Any) -> tuple[str, Unit]:
        """The indicator that a rule looks at, and its unit."""
        found = self.indicator(rule.indicator)
        return (found.title.in_language(self.language), found.unit) if found else (key_of(rule.indicator), COUNT)

    def several(self, parts: list[tuple[str, str]]) -> str:
        """What each of several gets."""
        return self.say("semicolon").join(self.say("each", name=name, amount=amount) for name, amount in parts)

    def cap(self, rule: Any) -> str:
        """The most that a rule pays or takes."""
        return "" if rule.cap is None else self.say("cap", amount=self.amount(rule.cap))

    def of_by_grade(self, rule: Any) -> str:
        """An amount for each grade."""
        return self.several([(self.grade(grade), self.amount(amount)) for grade, amount in rule.amounts])

    def of_by_rank(self, rule: Any) -> str:
        """An amount for each place."""
        places = self.listed([self.say("place", place=place, amount=self.amount(amount))
                              for place, amount in enumerate(rule.amounts, 1)])
        after = (self.say("beyond", amount=self.amount(rule.beyond)) if rule.tail_step is None else
                 self.say("tail", step=self.amount(rule.tail_step), least=self.amount(rule.tail_least)))
        low = "" if rule.low_score is None else self.say("low", score=number(rule.low_score, self.language),
                                                         amount=self.amount(rule.low_amount))
        return self.say("by_rank", listed=places, after=after, low=low,
                        ties=self.say("ties", choice=self.choice(rule.ties)))

    def of_fine(self, rule: Any) -> str:
        """So much off for each unit."""
        return self.say("fine", amount=self.amount(rule.amount), reduces=self.money(rule.reduces),
                        indicator=self.called(rule)[0], cap=self.cap(rule))

    def of_per_reading(self, rule: Any) -> str:
        """So much for each unit."""
        title, unit = self.called(rule)
        above = "" if rule.above == 0 else self.say("above", number=in_unit(rule.above, unit, self.language))
        return self.say("per_reading", amount=self.amount(rule.amount), indicator=title, above=above,
                        cap=self.cap(rule))

    def of_when_met(self, rule: Any) -> str:
        """An amount where the reading lies in a range."""
        title, unit = self.called(rule)
        low, high = (None if one is None else in_unit(one, unit, self.language) for one in (rule.at_least,
                                                                                             rule.at_most))
        told = (self.say("between", low=low, high=high) if low is not None and high is not None else
                self.say("at_most", number=high) if low is None else self.say("at_least", number=low))
        return self.say("when_met", amount=self.amount(rule.amount), indicator=title, range=told)

    def of_pool(self, rule: Pool) -> str:
        """An amount for the group."""
        title, unit = self.called(rule)
        step = "" if rule.per_step is None else self.say("step", number=in_unit(rule.per_step, unit, self.language))
        return self.say("pool", amount=self.amount(rule.amount), step=step, indicator=title, cap=self.cap(rule),
                        who=self.choice(rule.read_from), number=in_unit(rule.at_least, unit, self.language),
                        split=self.choice(rule.split))

    def of_fixed(self, rule: Any) -> str:
        """The same for everybody."""
        return self.say("fixed", amount=self.amount(rule.amount))

    def of_base_pay(self, rule: Any) -> str:
        """The base pay."""
        return self.say("base_pay_literal" if rule.mode == LITERAL else "base_pay",
                        days=number(rule.days, self.language), hours=number(rule.hours, self.language))

    def of_coefficient(self, rule: Any) -> str:
        """The performance pay times a coefficient."""
        if rule.by_grade:
            return self.say("coefficient", listed=self.several([(self.grade(grade), number(one, self.language))
                                                                for grade, one in rule.by_grade]))
        most = "" if rule.most is None else self.say("most", number=number(rule.most, self.language))
        return self.say("coefficient", listed=self.say("by_score", per=number(rule.per, self.language),
                                                       least=number(rule.least, self.language), most=most))

    def of_award(self, rule: Any) -> str:
        """An amount on a condition."""
        return self.say("award", amount=self.amount(rule.amount), when=self.condition(rule.when, rule.in_a_row))

    def of_reduction(self, rule: Any) -> str:
        """A percentage off."""
        return self.say("reduction", percent=number(rule.percent, self.language), reduces=self.money(rule.reduces),
                        when=self.condition(rule.when, rule.in_a_row))

    def of_proposal(self, rule: Any) -> str:
        """An act that is no money."""
        detail = "" if rule.detail is None else self.say("detail", text=rule.detail.in_language(self.language))
        return self.say("proposal", act=self.choice(rule.act), detail=detail,
                        when=self.condition(rule.when, rule.in_a_row))

    def condition(self, when: When, in_a_row: InARow | None) -> str:
        """What must hold, and how often."""
        told = [] if not when.grades else [self.say("grades", grades=self.listed(list(map(self.grade, when.grades))))]
        if when.passed is not None:
            told.append(self.say("passed" if when.passed else "failed"))
        told += [self.say(name, number=number(getattr(when, name), self.language))
                 for name in ("score_below", "score_at_least", "rank_at_most", "best_percent")
                 if getattr(when, name) is not None]
        joined = self.say("and").join(told)
        if in_a_row is None:
            return joined
        return self.say("in_a_row", when=joined, periods=in_a_row.periods,
                        gaps=self.choice("skip" if in_a_row.gaps == SKIP else "break"))

    def terms(self, terms: Terms) -> str:
        """On which terms some rules pay."""
        told = [self.say("least_measured", number=number(terms.least_measured, self.language))
                ] if terms.least_measured is not None else []
        told += [self.say(word) for word, holds in (
            ("complete", terms.complete), ("term_passed", terms.passed), ("to_the_end", terms.to_the_end),
            ("by_days", terms.by_days)) if holds]
        if terms.employment != ANY_EMPLOYMENT:
            told.append(self.say("employment", who=self.choice(terms.employment)))
        if terms.least_days:
            told.append(self.say("least_days", number=terms.least_days))
        return self.say("terms", rules=self.listed(terms.rules) or self.say("all"), listed=self.listed(told))
