"""An indicator's formula as a sentence: what is counted, whose it is, which moment decides the period."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

from meritline_sdk.explain.phrases import index
from meritline_sdk.explain.words import Wording, known_records
from meritline_sdk.model.indicators import AnyIndicator, RatedIndicator
from meritline_sdk.model.measures import Change, Count, Mean, Measure, Percentile, Ratio, Sum, Tally, tallies_of
from meritline_sdk.model.nodes import Both, Node
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.units import Direction

SENTENCES: dict[str, tuple[str, str]] = {
    "records": ("“{record}” records", "“{record}”记录"),
    "records_where": ("“{record}” records where {condition}", "{condition}的“{record}”记录"),
    "count": ("The number of {records}", "{records}的数量"),
    "sum": ("The sum of {value} over {records}", "{records}的{value}之和"),
    "mean": ("The mean of {value} over {records}", "{records}的{value}的平均值"),
    "percentile": ("Percentile {percent} (nearest rank) of {value} over {records}",
                   "{records}的{value}的第 {percent} 百分位（最近秩）"),
    "ratio": ("{above}, divided by {below}", "{above}除以{below}"),
    "share": ("Among {records}, the share where {condition}", "在{records}中，{condition}的占比"),
    "change": ("{measure}, less the same one period earlier", "{measure}，减去上一考核期的同一数值"),
    "unit": ("{text}; in {unit}.", "{text}；单位：{unit}。"),
    "period": ("The period is decided by {at}.", "按{at}确定考核期。"),
    "credit_company": ("Counts for the company alone.", "仅计入公司。"),
    "credit_whole": ("Counts for {holder}.", "计入{holder}。"),
    "credit_share": ("Shared by {holder} by their parts.", "由{holder}按份额分摊。"),
    "credit_each": ("Counts in full for each of {holder}.", "全额计入{holder}中的每一位。"),
    "credit_divided": ("One part out of {divisor} counts for {holder}.", "按{divisor}分之一计入{holder}。"),
    "above_line": ("Above the line: {text}", "分子：{text}"),
    "below_line": ("Below the line: {text}", "分母：{text}"),
    "minimum": ("At least {count} records are needed.", "至少需要 {count} 条记录。"),
    "higher": ("Higher is better.", "越高越好。"),
    "lower": ("Lower is better.", "越低越好。"),
    "neither": ("Neither more nor less is better.", "高低本身无优劣。"),
    "rated": ("The mean of the ratings given by {raters}, from {low} to {high}.",
              "由{raters}评分（{low} 至 {high}）的平均值。"),
    "minimum_raters": ("At least {count} raters are needed.", "至少需要 {count} 位评分人。"),
    "space": (" ", ""),
}  # fmt: skip
RATERS = {"manager": "上级", "peer": "同事", "self": "本人", "customer": "客户", "spot_check": "抽查人"}


def sentence(indicator: AnyIndicator, language: str,
             records: Mapping[str, RecordDeclaration] | None = None) -> str:
    """The indicator's formula as an HR administrator reads it.

    ``records`` are the record types whose titles are used; without it those declared in this process.
    """
    wording = Wording(language, known_records() if records is None else records)
    if isinstance(indicator, RatedIndicator):
        return rated(indicator, language)
    body = say(language, "unit", text=measured(indicator.measure, wording),
               unit=indicator.unit.title.in_language(language))
    told = [body, *attribution(indicator.measure, wording)]
    if indicator.minimum_sample > 1:
        told.append(say(language, "minimum", count=indicator.minimum_sample))
    told.append(direction(indicator.better, language))
    return say(language, "space").join(told)


def say(language: str, key: str, **values: object) -> str:
    """The phrase in the language, filled."""
    return SENTENCES[key][index(language)].format(**values)


def direction(better: Direction, language: str) -> str:
    """Which way is better."""
    return say(language, better.value)


def rated(indicator: RatedIndicator, language: str) -> str:
    """Who rates, on which scale."""
    raters = [RATERS.get(role, role) if index(language) else role.replace("_", " ") for role in indicator.raters]
    told = [say(language, "rated", raters=("、" if index(language) else ", ").join(raters), low=indicator.scale_min,
                high=indicator.scale_max)]
    if indicator.minimum_raters > 1:
        told.append(say(language, "minimum_raters", count=indicator.minimum_raters))
    return say(language, "space").join([*told, direction(indicator.better, language)])


def measured(measure: Measure, wording: Wording) -> str:
    """What is counted, added up or divided."""
    language = wording.language
    match measure:
        case Change():
            return say(language, "change", measure=measured(measure.measure, wording))
        case Ratio():
            if (further := narrower(measure)) is not None:
                return tallied(measure.denominator, "share", wording, condition=wording.condition(further))
            below = tallied(measure.denominator, "sum" if measure.denominator.value else "count", wording)
            return say(language, "ratio", above=tallied(measure.numerator, "sum" if measure.numerator.value else
                                                        "count", wording), below=below[:1].lower() + below[1:])
        case Percentile():
            return tallied(measure.tally, "percentile", wording, percent=measure.percent)
        case Count() | Sum() | Mean():
            return tallied(measure.tally, type(measure).__name__.lower(), wording)


def narrower(ratio: Ratio) -> Node | None:
    """What the numerator asks for beyond the denominator, where that is all that tells them apart."""
    above, below = ratio.numerator, ratio.denominator
    if above.how != "count" or replace(above, where=None) != replace(below, where=None):
        return None
    asked, granted = conjuncts(above.where), conjuncts(below.where)
    further = [part for part in asked if part not in granted]
    if not further or any(part not in asked for part in granted):
        return None
    return reduce(Both, further)


def conjuncts(node: Node | None) -> tuple[Node, ...]:
    """The conditions that are joined by AND."""
    if node is None:
        return ()
    return (*conjuncts(node.left), *conjuncts(node.right)) if isinstance(node, Both) else (node,)


def tallied(tally: Tally, phrase: str, wording: Wording, **values: object) -> str:
    """One tally in words."""
    key = "records" if tally.where is None else "records_where"
    records = say(wording.language, key, record=wording.record(tally.record),
                  condition="" if tally.where is None else wording.condition(tally.where))
    value = "" if tally.value is None else wording.say(tally.value)
    return say(wording.language, phrase, records=records, value=value, **values)


def attribution(measure: Measure, wording: Wording) -> list[str]:
    """Moment and credit; said twice only where the two sides of a ratio differ."""
    told = [attributed(tally, wording) for tally in tallies_of(measure) if not tally.earlier]
    if len(set(told)) <= 1:
        return told[:1]
    return [say(wording.language, "above_line", text=told[0]), say(wording.language, "below_line", text=told[1])]


def attributed(tally: Tally, wording: Wording) -> str:
    """Which moment decides the period and whom a record counts for."""
    credit = tally.credit
    holder = "" if credit.field is None else wording.field(credit.field)
    divisor = "" if credit.divisor is None else wording.say(credit.divisor)
    return say(wording.language, "space").join((
        say(wording.language, "period", at=wording.field(tally.at)),
        say(wording.language, f"credit_{credit.mode}", holder=holder, divisor=divisor),
    ))
