"""What inspectors rate from records of conversations (catalogue, section E, as scheme S09 uses it)."""

from meritline_after_sales_common.rated import ABILITY
from meritline_sdk import RatedIndicator, Raters, Text

COMMUNICATION_RECORD = RatedIndicator(
    "rt_communication_record", Text("Language and conduct in communication records", "沟通技巧"),
    raters=(Raters("inspector", 100),), anchors=ABILITY,
    looks_at=Text("Clear, polite, professional language in the sampled records", "抽查沟通记录:语言清晰、礼貌、专业"),
    note=Text("Each sampled record is one rating; name the record as its reference",
              "每条抽查记录为一份评分,以记录编号区分"),
)  # fmt: skip

RATED = (COMMUNICATION_RECORD,)
