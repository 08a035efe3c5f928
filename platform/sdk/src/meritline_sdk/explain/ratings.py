"""A rated reading in words: what each group of raters gave, which groups count, and their sum by weight."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from meritline_sdk.explain.figures import TIMES, added, factor, figure, operand, quotient, with_unit
from meritline_sdk.explain.phrases import index
from meritline_sdk.model.canonical import decimal_text
from meritline_sdk.model.rated import MIN_MAX, OF_MAXIMUM, RatedIndicator, Raters
from meritline_sdk.model.units import UNITS

type Step = dict[str, Any]

ROLES: dict[str, tuple[str, str]] = {
    "manager": ("superiors", "上级"), "team_leader": ("team leaders", "班组长"), "peer": ("peers", "同事"),
    "self": ("oneself", "本人"), "customer": ("customers", "客户"), "department": ("other departments", "其他部门"),
    "inspector": ("quality inspectors", "质检员"), "spot_check": ("spot checks", "抽查"),
}  # fmt: skip
WORDS: dict[str, tuple[str, str]] = {
    "one": ("{role} {mean} (1 rating)", "{role} {mean}（1 份评价）"),
    "many": ("{role} {mean} ({number} ratings)", "{role} {mean}（{number} 份评价）"),
    "shown": ("{group}, shown only", "{group}，仅供参考"),
    "silent": ("{role}: no ratings, their weight {weight} is left out", "{role}无人评价，其权重 {weight} 不计"),
    "few": ("{role}: {number} of at least {minimum} ratings, not counted",
            "{role}仅 {number} 份评价，不足 {minimum} 份，不计入"),
    "too_few": ("too few ratings: {groups}", "评价份数不足：{groups}"),
    "needs_more": ("{value}, but of the {minimum} ratings that are needed there are {sample}",
                   "{value}，仅基于 {sample} 份评价，少于要求的 {minimum} 份"),
    "nobody": ("not measured: nobody who counts has given a rating", "未测得：无计入的评分"),
    "comma": (", ", "、"), "then": ("; ", "；"),
    "how": ("Rated from {low} to {high} by {raters}.", "由{raters}评分（{low} 至 {high}）。"),
    "weighted": ("{role} (weight {weight})", "{role}（权重 {weight}）"),
    "together": ("The mean within each group, then the groups by their weights; a group without enough ratings is "
                 "left out.", "组内取平均，各组按权重合成；评价份数不足的组不计入。"),
    "mean": ("The mean of the ratings.", "取评分的平均值。"),
    "asides": ("Shown, not counted: {raters}.", "仅供参考、不计入：{raters}。"),
    "group_least": ("At least {count} ratings by {role}.", "{role}至少 {count} 份评价。"),
    "of_maximum": ("A rating counts as rating / {high} × 100.", "评分按 评分 / {high} × 100 折算。"),
    "min_max": ("A rating counts as (rating − {low}) / ({high} − {low}) × 100.",
                "评分按 (评分 − {low}) / ({high} − {low}) × 100 折算。"),
    "least": ("At least {count} ratings are needed.", "至少需要 {count} 份评价。"),
    "comment": ("The lowest and the highest value need a comment.", "给出最低分或最高分须附评语。"),
    "read_of": ("The ratings of {indicator}, on 0 to 100; it is not rated itself.",
                "取自 {indicator} 的评分，按 0 至 100 计；自身不另行评分。"),
}  # fmt: skip


def say(language: str, key: str, **values: object) -> str:
    """The phrase in the language, filled."""
    return WORDS[key][index(language)].format(**values)


def role_word(role: str, language: str) -> str:
    """What a group of raters is called."""
    return ROLES[role][index(language)] if role in ROLES else role.replace("_", " ")


def rating_text(step: Step, language: str) -> str:
    """``superiors 80 (1 rating), customers 255/3 = 85 (3 ratings); (60 × 80 + 40 × 85)/100 = 82 (of 100)``."""
    groups: Sequence[Step] = step["groups"]
    counting = [one for one in groups if one["counts"]]
    aside = [said for one in groups if not one["counts"] and (said := aside_text(one, step, language))]
    if step["value"] is None:
        heard = [one for one in groups if one["number"] and Fraction(one["weight"])]
        if heard:
            return say(language, "too_few", groups=say(language, "then").join(aside))
        return say(language, "then").join([say(language, "nobody"), *aside])
    shown = with_unit(figure(Fraction(step["value"])), UNITS[step["unit"]], language)
    told = say(language, "comma").join(group_text(one, step, language) for one in counting)
    if len(counting) > 1:
        terms = [f"{factor(Fraction(one['weight']))} {TIMES} {factor(Fraction(one['mean']))}" for one in counting]
        told = say(language, "then").join(
            [told, f"({added(terms)})/{operand(Fraction(step['denominator']))} = {shown}"])
    text = say(language, "then").join([told, *aside])
    if step["state"] == "sample_too_small":
        return say(language, "needs_more", value=text, sample=step["sample"], minimum=step["minimum"])
    return text


def group_text(one: Step, step: Step, language: str) -> str:
    """A group with its mean, and how it came about."""
    return say(language, "one" if one["number"] == 1 else "many", role=role_word(one["role"], language),
               mean=mean_text(one, step, language), number=one["number"])


def mean_text(one: Step, step: Step, language: str) -> str:
    """``85``, ``255/3 = 85``, or from another scale ``(13/3 − 1)/(5 − 1) × 100 = 83.3333…``."""
    mean = Fraction(one["mean"])
    shown = figure(mean)
    if one is sole(step):
        shown = with_unit(shown, UNITS[step["unit"]], language)
    if one["given"] is not None:
        given, low, high = (Fraction(one[name]) for name in ("given", "low", "high"))
        above = f"({factor(given)} − {operand(low)})" if low else factor(given)
        below = f"({operand(high)} − {operand(low)})" if low else operand(high)
        return f"{above}/{below} {TIMES} {operand(Fraction(step['top']))} = {shown}"
    return shown if one["number"] == 1 else f"{quotient(Fraction(one['total']), Fraction(one['number']))} = {shown}"


def sole(step: Step) -> Step | None:
    """The only group that counts, whose mean is the reading."""
    counting = [one for one in step["groups"] if one["counts"]]
    return counting[0] if len(counting) == 1 else None


def aside_text(one: Step, step: Step, language: str) -> str:
    """A group that does not count: shown only, silent, or too small."""
    role, weight = role_word(one["role"], language), Fraction(one["weight"])
    if not one["number"]:
        return say(language, "silent", role=role, weight=figure(weight)) if weight else ""
    if one["mean"] is None:
        return say(language, "few", role=role, number=one["number"], minimum=one["minimum"])
    return say(language, "shown", group=group_text(one, step, language))


def rated_sentence(indicator: RatedIndicator, language: str) -> list[str]:
    """Who rates on which scale, how the ratings become one number, and what a rater must keep to."""
    if indicator.of is not None:
        return [say(language, "read_of", indicator=indicator.of)]
    counting = [one for one in indicator.groups if Decimal(one.weight or 0) > 0]
    others = [role_word(one.role, language) for one in indicator.groups if one not in counting]
    comma = say(language, "comma")
    told = [say(language, "how", low=indicator.scale_min, high=indicator.scale_max,
                raters=comma.join(weighted(one, len(counting), language) for one in counting)),
            say(language, "together" if len(counting) > 1 else "mean")]
    told += [say(language, "asides", raters=comma.join(others))] if others else []
    told += [say(language, "group_least", role=role_word(one.role, language), count=one.minimum)
             for one in counting if (one.minimum or 1) > 1]  # fmt: skip
    if indicator.normalised and (indicator.normalising == MIN_MAX or indicator.scale_max != 100):
        told.append(say(language, MIN_MAX if indicator.normalising == MIN_MAX else OF_MAXIMUM, low=indicator.scale_min,
                        high=indicator.scale_max))
    if indicator.minimum_raters > 1:
        told.append(say(language, "least", count=indicator.minimum_raters))
    return [*told, say(language, "comment")] if indicator.comment_at_ends else told


def weighted(one: Raters, among: int, language: str) -> str:
    """The group, with its weight where there are others."""
    role = role_word(one.role, language)
    return say(language, "weighted", role=role, weight=decimal_text(Decimal(one.weight or 0))) if among > 1 else role
