"""The care around a repair: conduct on site, documents, forms, reports, key accounts, certificates."""

from meritline_after_sales_common.records import Customer, InspectionItem
from meritline_appliance_repair.orders import closed, ended, w
from meritline_appliance_repair.records import FeedbackForm, KeyVisit, QualityReport, SkillCertificate, TechDocument
from meritline_sdk import (
    AS_THINGS_STAND,
    HIGHER,
    LAST_DAY,
    PERCENT,
    SCORE_100,
    Beside,
    Count,
    If,
    Indicator,
    Kind,
    Largest,
    Parameter,
    Quotient,
    Ratio,
    Sum,
    Text,
    exists,
    first_present,
    hours,
    in_period,
    titled,
)  # fmt: skip

ALL_OR_NOTHING = Parameter("all_or_nothing", False,
                           title=Text("a check counts as a whole", "整次检查全部合格才计"))
STRICT = Parameter("strict", False, title=Text("a document in the wrong form counts as empty", "格式不符按空白计"))
REPORT_WITHIN = Parameter("report_within", hours(24),
                          title=Text("time for a report that names no due time", "未注明期限时的呈报时限"))
VISIT_TOLERANCE = Parameter("tolerance_days", 0, title=Text("tolerance in days", "宽限天数"))
LADDER = Parameter("ladder_levels", blank=Kind.INT, title=Text("levels of the ladder", "技能等级总数"))

CHECKLIST = ("clothing", "badge", "id_shown", "covers_laid", "site_cleaned", "explained")
i = InspectionItem
checked = titled((i.result != "not_applicable") & i.item.one_of(*CHECKLIST),
                 "the item is on the on-site checklist and applies", "属上门规范检查项且适用")
first_of_check = ~exists(i, lambda o: (o.inspection == i.inspection) & o.item.one_of(*CHECKLIST)
                         & (o.result != "not_applicable") & o.comes_first())
unspoilt = ~exists(i, lambda o: (o.inspection == i.inspection) & o.item.one_of(*CHECKLIST) & (o.result == "failed"))
one_of_each = checked & titled(~ALL_OR_NOTHING | first_of_check,
                               "each check counts once, if the company counts checks as a whole",
                               "每次检查计一次(如企业选择整次计)")
all_passed = titled(~ALL_OR_NOTHING | unspoilt, "nothing of its check failed, if checks count as a whole",
                    "该次检查无不合格项(如企业选择整次计)")

CHECKLIST_RATE = Indicator(
    "onsite_standard_checklist_rate", Text("On-site service standard checklist rate", "服务规范执行度"),
    Ratio(Count(i, where=one_of_each & (i.result == "passed") & all_passed),
          Count(i, where=one_of_each)),
    PERCENT, HIGHER,
    note=Text("Items clothing, badge, id_shown, covers_laid, site_cleaned, explained",
              "检查项:clothing 着装、badge 工牌、id_shown 出示证件、covers_laid 铺垫鞋套、site_cleaned 清理现场、"
              "explained 讲解原因与方案"),
)  # fmt: skip

t = TechDocument
counted_fields = titled(If(t.submitted_at.present() & (~STRICT | t.conforms), first_present(t.filled_fields, 0), 0),
                        "filled fields of documents handed in", "已提交文档的已填项数")

TECH_DOCUMENTS = Indicator(
    "tech_doc_completeness_rate", Text("Technical document completeness", "技术文档完整性"),
    Ratio(Sum(counted_fields, record=t), Sum(t.required_fields)),
    PERCENT, HIGHER,
    beside=(Beside(Text("Documents in the wrong form", "格式不符的文档数"),
                   Count(t, where=t.submitted_at.present() & ~t.conforms)),),
    note=Text("A missing document fills none of its fields", "未提交的文档按零项计"),
)  # fmt: skip

needs_form = closed & w.needs_feedback_form
valid_form = titled(exists(FeedbackForm, lambda f: (
    (f.order == w.external_id) & f.complete & f.true_on_check & f.user_signed & f.production_head_filled & f.stamped)),
    "it has a form that is complete, true, signed, filled in by the production head and stamped",
    "有完整、属实、用户签字、生产负责人填写并盖章的反馈表")

FEEDBACK_FORMS = Indicator(
    "feedback_form_complete_rate", Text("Service feedback form completeness", "服务反馈意见整理"),
    Ratio(Count(w, where=needs_form & valid_form, at=ended), Count(w, where=needs_form, at=ended)),
    PERCENT, HIGHER,
    note=Text("A missing form is not valid", "缺表视为无效"),
)  # fmt: skip

reported = titled(exists(QualityReport, lambda q: (q.order == w.external_id) & q.accepted & (
    q.submitted_at <= first_present(q.due_at, w.resolved_at + REPORT_WITHIN, w.closed_at + REPORT_WITHIN))),
    "a report came in time and the superior accepted it", "有按时呈报并经直接上级认可的报告")

QUALITY_REPORTS = Indicator(
    "quality_report_submission_rate", Text("Quality information reports submitted in time", "质量信息呈报情况"),
    Ratio(Count(w, where=closed & reported, at=ended), Count(w, where=closed, at=ended)),
    PERCENT, HIGHER,
    note=Text("Every fault needs a report that the direct superior accepts", "每一次故障均须呈报并经直接上级认可"),
)  # fmt: skip

k = KeyVisit
on_file = exists(Customer, lambda c: (c.external_id == k.customer) & c.key_account)
planned = titled(first_present(k.key_account, on_file), "the customer is a key account", "客户为大客户")

KEY_ACCOUNTS = Indicator(
    "key_account_visit_rate", Text("Planned key-account visits done", "大客户走访完成率"),
    Ratio(Count(k, where=planned & in_period(k.done_on) & (k.done_on - k.planned_on <= VISIT_TOLERANCE)),
          Count(k, where=planned)),
    PERCENT, HIGHER,
)  # fmt: skip

s = SkillCertificate
in_force = titled((s.valid_from <= LAST_DAY) & (s.valid_to.missing() | (s.valid_to >= LAST_DAY)),
                  "it is valid on the last day of the period", "期末当日有效")
CERTIFICATES = Indicator(
    "skill_cert_level", Text("Skill certification level", "技能等级认证"),
    Largest(Quotient(s.level_no * 100, LADDER, places=12), where=in_force, nothing=0, at=AS_THINGS_STAND),
    SCORE_100, HIGHER,
    note=Text("The highest certificate valid on the period's last day, as a share of the ladder",
              "期末当日有效的最高等级占等级总数的比例"),
)  # fmt: skip

CARE = (CHECKLIST_RATE, TECH_DOCUMENTS, FEEDBACK_FORMS, QUALITY_REPORTS, KEY_ACCOUNTS, CERTIFICATES)
