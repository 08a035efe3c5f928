"""Our starter beside S07: complete, without fines and without any amount that the document does not name."""

from meritline_ecommerce_service.indicators import TYPING_SPEED
from meritline_ecommerce_service.templates import s07
from meritline_ecommerce_service.templates.s07_pay import ATTENDANCE, BY_LEVEL, CAREER, GROUP, PAY
from meritline_sdk import Item, Policies, RewardTable, SchemeTemplate, Starter, Terms, Text, rules

SCHEME = SchemeTemplate(
    "s07_starter", Text("Shop's after-sales agents, ready to use (after S07)", "电商售后客服考核(S07起步方案)"),
    items=(*s07.ITEMS[:-1], Item(TYPING_SPEED, 20, rules.ToTarget(full=20, cap=20), 60, "d1", title=s07.TYPING)),
    events=s07.EVENTS, dimensions=s07.SCORED, grades=s07.SIX_LEVELS, pass_score=60, least_measured=60,
    additions_cap=40, policies=Policies(failed="manual"),
)  # fmt: skip

PAY_TABLE = RewardTable(
    "s07_starter_pay", Text("Pay by level (after S07)", "等级工资(S07起步方案)"), scheme="s07_starter",
    rules=(BY_LEVEL, PAY, *ATTENDANCE, GROUP, *CAREER),
    terms=(Terms(("level_bonus",), least_measured=60, by_days=True), Terms(("base_pay",), by_days=True)),
)  # fmt: skip

STARTER = Starter(
    SCHEME, template="s07", rewards=(PAY_TABLE,),
    reasons=(
        ("typing_speed_cpm", Text("In proportion up to 60 a minute: 59 is no failure, and nothing is promised above 60 "
                                  "where the document breaks off.",
                                  "60个/分以内按比例得分:59个不算零分;原文中断处(60以上)不作承诺。")),
        ("additions_cap", Text("All additions together give 40 at most: 120 stays within reach, and no flood of named "
                               "reviews hides poor work.",
                               "加分合计最多40分:120分仍可达到,又不致以大量点名好评掩盖工作不足。")),
        ("pass_score", Text("60, where the level junior begins.", "60分,即初级起点。")),
        ("least_measured", Text("With less than three of the five items measured there is no score and no level pay.",
                                "五项中测得不足三项时不出分,也不发等级奖金。")),
        ("policies", Text("Where a calculation failed, somebody looks first; what was not measured is left out.",
                          "计算失败的须先由人工处理;未测得的不计。")),
        ("level_pay", Text("By level: it does not depend on who else works in the shop, as ranks do.",
                           "采用等级工资:不受同事人数和名次影响。")),
        ("fines", Text("Left out: fines on wages are doubtful in law; the points of the same events stay. Who wants "
                       "them takes the template's table and confirms them.",
                       "未列罚款:对工资罚款在法律上存疑,相应扣分保留;确有需要的可用模板奖励表并确认。")),
        ("meal", Text("Left out: the document names no amount, and we invent none.",
                      "未列饭补:原文没有金额,不作编造。")),
        ("terms", Text("Level bonus and base pay by days employed: who joins or leaves in mid-month gets the share.",
                       "等级奖金和基本工资按在职天数折算:月中入职或离职的按比例发放。")),
    ),
)  # fmt: skip
