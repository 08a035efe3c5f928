"""What people rate about the work of engineers (catalogue, section E, as scheme S08 uses it)."""

from meritline_after_sales_common.rated import RESULT, SERVICE
from meritline_sdk import RatedIndicator, Raters, Text

WORK_QUALITY = RatedIndicator(
    "rt_work_quality", Text("Quality of after-sales work", "售后服务工作质量"),
    raters=(Raters("manager", 50), Raters("customer", 30), Raters("department", 20)), anchors=SERVICE,
    looks_at=Text("Work summary, service feedback forms, opinions of customers and departments",
                  "工作总结、服务反馈表、客户反馈意见、部门反馈意见"),
)  # fmt: skip

QUALITY_REPORT = RatedIndicator(
    "rt_quality_report", Text("Detail and objectivity of quality reports", "质量信息呈报情况"),
    raters=(Raters("manager", 100),), anchors=RESULT,
    looks_at=Text("Report forms handed to the direct superior", "呈报直接上级的质量信息呈报表"),
)  # fmt: skip

KEY_ACCOUNT = RatedIndicator(
    "rt_key_account", Text("Key-account service", "大客户服务工作"),
    raters=(Raters("manager", 50), Raters("customer", 50)), anchors=SERVICE,
    looks_at=Text("Planned visits, satisfaction learnt, problems solved; the customer's opinion",
                  "按计划走访、了解满意度、及时解决问题;客户反馈意见"),
)  # fmt: skip

RATED = (WORK_QUALITY, QUALITY_REPORT, KEY_ACCOUNT)
