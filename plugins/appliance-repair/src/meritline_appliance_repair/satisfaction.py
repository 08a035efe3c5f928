"""What customers answer about a repair: four marks, and the four as one figure."""

from decimal import Decimal

from meritline_after_sales_common.conventions import PLACES, mean_100, score_100
from meritline_after_sales_common.records import SurveyResponse
from meritline_sdk import (
    HIGHER,
    SCORE_100,
    Expr,
    If,
    Indicator,
    Mean,
    Parameter,
    Quotient,
    Text,
    Weighted,
    first_present,
    only_last,
    titled,
)  # fmt: skip

r = SurveyResponse
latest = titled(only_last(r, by=[r.case], order=r.responded_at, where=r.valid & (r.kind == "transactional")),
                "it is the last valid answer after the service of its case", "为该案件最后一次有效的服务后评价")


def weight(name: str, en: str, zh: str) -> Parameter:
    """A weight of the composite; equal unless the tenant says otherwise."""
    return Parameter(f"weight_{name}", Decimal(1), title=Text(f"weight of {en}", f"{zh}权重"))


ATTITUDE_WEIGHT = weight("attitude", "service attitude", "服务态度")
SKILL_WEIGHT = weight("skill", "professional skill", "专业技能")
EFFICIENCY_WEIGHT = weight("efficiency", "resolution efficiency", "问题解决效率")
STANDARD_WEIGHT = weight("standard", "service standard", "服务规范性")
MARKS = ((r.attitude, ATTITUDE_WEIGHT), (r.skill, SKILL_WEIGHT), (r.efficiency, EFFICIENCY_WEIGHT),
         (r.standard, STANDARD_WEIGHT))


def mean_of(mark: Expr) -> Mean:
    """The mean of a mark as a score of 100, over the latest valid answer of each case that has it."""
    return mean_100(mark, latest & mark.present())


def total(parts: list[Expr]) -> Expr:
    """The sum of them all."""
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole


ATTITUDE = Indicator("csat_sub_attitude", Text("Sub-score service attitude", "服务态度 (分项评分)"),
                     mean_of(r.attitude), SCORE_100, HIGHER)
SKILL = Indicator("csat_sub_skill", Text("Sub-score professional skill", "专业技能 (分项评分)"),
                  mean_of(r.skill), SCORE_100, HIGHER)
EFFICIENCY = Indicator("csat_sub_efficiency", Text("Sub-score resolution efficiency", "问题解决效率 (分项评分)"),
                       mean_of(r.efficiency), SCORE_100, HIGHER)
STANDARD = Indicator("csat_sub_standard", Text("Sub-score service standard", "服务规范性 (分项评分)"),
                     mean_of(r.standard), SCORE_100, HIGHER)

COMPOSITE = Indicator(
    "csat_composite", Text("Composite satisfaction from sub-scores", "综合满意度"),
    Weighted(*((mean_of(mark), by) for mark, by in MARKS)),
    SCORE_100, HIGHER,
    note=Text("The weighted mean of the four means; a mark that nobody gave is left out with its weight",
              "四项均值的加权平均;无人评分的项连同权重一并剔除"),
)  # fmt: skip

weighted_marks = total([first_present(score_100(mark), 0) * by for mark, by in MARKS])
weights_given = total([If(mark.present(), by, 0) for mark, by in MARKS])

COMPOSITE_PER_ANSWER = Indicator(
    "csat_composite_per_response", Text("Composite satisfaction, answer by answer", "综合满意度(逐份计算)"),
    Mean(titled(Quotient(weighted_marks, weights_given, places=PLACES), "the weighted mean of the answer's marks",
                "该份评价各项的加权平均分"), where=latest, record=r),
    SCORE_100, HIGHER,
    note=Text("The mean of each answer's weighted mean, instead of the weighted mean of the means",
              "先逐份加权平均,再取均值"),
)  # fmt: skip

SATISFACTION = (COMPOSITE, ATTITUDE, SKILL, EFFICIENCY, STANDARD, COMPOSITE_PER_ANSWER)
