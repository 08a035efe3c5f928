"""What the supervisor of a shop rates, 0 to 20 points each (catalogue, section E, as scheme S07 has it)."""

from meritline_after_sales_common.rated import ATTITUDE, RESULT, SERVICE
from meritline_sdk import POINTS, RatedIndicator, Raters, Text

SUPERVISOR = (Raters("manager", 100),)

QUALITY = RatedIndicator(
    "rt_ecom_quality", Text("Service quality and calibre", "售后服务质量与素质"), scale_max=20, unit=POINTS,
    raters=SUPERVISOR, anchors=SERVICE,
    looks_at=Text("Chat records, number received, personal performance", "聊天记录、接待量、个人表现"),
)  # fmt: skip

EXECUTION = RatedIndicator(
    "rt_ecom_execution", Text("Execution and team spirit", "售后执行力和团体精神"), scale_max=20, unit=POINTS,
    raters=SUPERVISOR, anchors=ATTITUDE, looks_at=Text("Assigned work, cooperation", "上级安排的工作、协作"),
)  # fmt: skip

COMPLAINT_HANDLING = RatedIndicator(
    "rt_ecom_complaint", Text("Complaints and rights cases", "投诉、维权"), scale_max=20, unit=POINTS,
    raters=SUPERVISOR, anchors=RESULT,
    looks_at=Text("Complaints traced to the person; timeliness and degree of handling",
                  "可追溯到个人的投诉;处理的及时性与程度"),
    note=Text("20 is proposed where there is no complaint", "无投诉时建议给满分20分"),
)  # fmt: skip

RATED = (QUALITY, EXECUTION, COMPLAINT_HANDLING)
