"""The words of exported files, English and Chinese side by side."""

from typing import Final

from meritline.messages import Language

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "yes": ("yes", "是"), "no": ("no", "否"),
    "company": ("Company", "企业"), "period": ("Period", "考核期"), "scheme": ("Scheme", "考核方案"),
    "version": ("{title} ({key}), version {version}, valid from {day}",
                "{title}（{key}），第 {version} 版，自 {day} 起生效"),
    "computed": ("Computed", "计算时间"),
    "run": ("{moment} ({zone}), run {number}", "{moment}（{zone}），第 {number} 次计算"),
    "not_computed": ("not computed yet", "尚未计算"),
    "cycle_state": ("State", "状态"), "digest": ("Result digest", "结果摘要"),
    "average": ("Average of {count} with a score", "平均分（{count} 个有得分）"),
    "in_all": ("In all {count}, without a score {without}", "共 {count} 个，其中 {without} 个没有得分"),
    "in_grade": ("{grade}: {count}", "{grade}：{count}"),
    "sum": ("Sum of {count} lines", "{count} 项合计"),
    "sum_people": ("Sum of {count} people", "{count} 人合计"),
    "without_amount": ("Lines without an amount: {count}", "没有金额的项数：{count}"),
    "in_lines": ("Lines: {count}", "项数：{count}"),
    "nothing": ("There is nothing here.", "没有数据。"),
    "legend": ("Legend", "说明"), "columns": ("Columns", "列"), "words": ("Words", "用语"),
    "numbers": ("Numbers", "数字"),
    "numbers_about": ("Every number is a number as far as a spreadsheet holds it exactly (15 digits); what has more "
                      "digits is text, so that nothing is rounded. Sums and averages are values, not formulas.",
                      "凡电子表格能精确表示（15 位以内）的数均为数字；位数更多的数以文本给出，不作四舍五入。"
                      "合计与平均均为数值，不是公式。"),
    "overview": ("Overview", "总览"), "total": ("Total", "合计"), "lines": ("Lines", "项数"),
    "detail": ("Detail", "明细"), "open": ("not measured", "未测得"),
    "statement": ("Pay statement", "奖金明细单"), "number": ("Employee number", "工号"), "name": ("Name", "姓名"),
    "department": ("Department", "部门"), "results": ("Results", "考核结果"),
    "result": ("{scheme}: score {score}, grade {grade}, place {place}",
               "{scheme}：得分 {score}，等级 {grade}，名次 {place}"),
    "none": ("none", "无"), "place": ("{rank} of {among}", "{rank}/{among}"),
    "unmeasured": ("Without an amount", "没有金额的项目"), "acts": ("Acts that are no money", "非金钱类奖惩与发展措施"),
    "signed": ("Signature of the employee", "员工签字"), "signed_by": ("Signature for the company", "企业签字"),
    "dated": ("Date", "日期"),
}  # fmt: skip

STATES: Final = {
    "measured": ("measured", "已测得"), "not_measured": ("not measured", "未测得"),
    "sample_too_small": ("sample too small", "样本不足"), "failed": ("failed", "计算失败"),
    "waived": ("waived", "已豁免"),
}  # fmt: skip
WORDS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "subject_kind": {"employee": ("employee", "员工"), "department": ("department", "部门"),
                     "company": ("company", "企业")},
    "state": {"complete": ("complete", "完整"), "incomplete": ("incomplete", "不完整"),
              "not_measured": ("not measured", "未测得")},
    "cycle_state": {"open": ("open", "已开启"), "running": ("running", "计算中"),
                    "computed": ("computed, may still change", "已计算，仍可能变化"), "locked": ("locked", "已锁定"),
                    "published": ("published", "已发布")},
    "reading_state": STATES,
    "kind": {"item": ("item", "计分项"), "event": ("event", "加减分项"), "by_grade": ("by grade", "按等级"),
             "by_rank": ("by rank", "按名次"), "fine": ("fine", "罚款"), "per_reading": ("per unit", "按量"),
             "when_met": ("when met", "达标奖"), "pool": ("pool", "奖金池"), "fixed": ("fixed", "固定金额"),
             "base_pay": ("base pay", "基本工资"), "coefficient": ("coefficient", "绩效系数"),
             "award": ("award", "奖励"), "reduction": ("reduction", "扣减"), "proposal": ("proposal", "建议")},
    "policy": {"renormalise": ("left out, weight spread", "不计入，权重分摊"), "zero": ("0 points", "计 0 分"),
               "full": ("full points", "计满分"), "carry": ("carried from the last period", "沿用上期"),
               "exempt": ("exempt", "免考"), "manual": ("waits for a decision", "待人工处理"),
               "nothing": ("nothing added", "不加不扣")},
    "act": {"prize": ("prize", "奖品"), "title": ("title", "称号"), "training": ("training", "培训"),
            "warning": ("warning", "警告"), "change_of_position": ("change of position", "调岗"),
            "promotion": ("promotion", "晋升"), "recognition": ("recognition", "表彰"),
            "conversion": ("conversion", "转正")},
}  # fmt: skip


def say(language: Language, phrase: str, **values: object) -> str:
    """The phrase in the language, filled."""
    return PHRASES[phrase][language == "zh"].format(**values)


def word(language: Language, column: str, value: object) -> str:
    """One of our words in the language; a word that came later stands as it is."""
    found = WORDS.get(column, {}).get(str(value))
    return found[language == "zh"] if found else str(value)
