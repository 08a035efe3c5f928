"""S07, the KPI appraisal of a Taobao shop's after-sales agents as printed: five items of 20, eight events, six levels.

``shop_agents`` of this set is ours after the same document; here the open numbers are blanks, and the level "super" is
granted by a person.
"""

from meritline_after_sales_common.attendance import FULL_ATTENDANCE
from meritline_after_sales_common.indicators import ABSENCES
from meritline_after_sales_common.open_lines import shown_line
from meritline_ecommerce_service.indicators import (
    AWARDS,
    BROWSING,
    COMPLAINTS,
    NAMED_REVIEWS,
    PRAISE,
    RECEPTION,
    REVIEW_GROWTH,
    SUPER_LEVEL,
    TOPUP_MISSES,
    TYPING_SPEED,
    VERIFIED_POINTS,
)  # fmt: skip
from meritline_ecommerce_service.rated import COMPLAINT_HANDLING, EXECUTION, QUALITY
from meritline_ecommerce_service.schemes import LEVELS, of_20, points_each
from meritline_ecommerce_service.templates.s07_notes import MISSING, NOTES, SOURCE
from meritline_ecommerce_service.templates.s07_pay import level_pay, rank_pay
from meritline_sdk import Blank, Dimension, Event, GradeBands, Granted, Item, SchemeTemplate, Template, Text, rules

SERVICE = Text("Service quality and calibre: chats, number of customers received, communication, problem handling, "
               "product and promotion knowledge, timely escalation", "售后服务质量与素质")
SPIRIT = Text("Execution and team spirit: completion of assigned work; cooperation", "售后执行力和团体精神")
NO_COMPLAINT = Text("Complaints and rights-protection cases (客服无投诉: no complaint)", "投诉、维权")
ATTENDANCE = Text("Attendance: 20 points for full attendance, minus 10 for each absence without leave", "考勤全勤")
TYPING = Text("Typing speed 60 characters per minute (over 80 ... text breaks off)", "打字速度")
SCORED = (Dimension("d1", Text("Scored items (5 x 20)", "考核项目"), 100),)
FULL_SPEED = Blank("points_by_speed_i05", Text("Typing speed: points from 60 a minute on",
                                               "打字速度:60个/分及以上得分"),
                   "60个/分", 20)
FASTER = Blank("reward_above_80_i05", Text("Typing speed: points from 80 a minute on", "打字速度:80个/分及以上得分"),
               "超过80每", 20)
SLOWER = Blank("points_below_60_i05", Text("Typing speed: points below 60 a minute",
                                           "打字速度:不足60个/分得分"), "( )", 0)

SUPER = Granted("super", Text("Super", "超级"), SUPER_LEVEL)
SIX_LEVELS = GradeBands(LEVELS.grades, granted=(SUPER,))

ITEMS = (
    Item(QUALITY, 20, of_20(), dimension="d1", title=SERVICE),
    shown_line(RECEPTION.title, RECEPTION, "d1"),
    Item(EXECUTION, 20, of_20(), dimension="d1", title=SPIRIT),
    Item(COMPLAINT_HANDLING, 20, of_20(), dimension="d1", title=NO_COMPLAINT),
    Item(COMPLAINTS, 0, rules.AsPoints(floor=None, cap=None), dimension="d1", title=COMPLAINTS.title,
         key="complaints_seen", missing="exempt"),
    Item(ABSENCES, 20, rules.PerUnit(-10, start=20, full=20), dimension="d1", title=ATTENDANCE),
    shown_line(FULL_ATTENDANCE.title, FULL_ATTENDANCE, "d1"),
    Item(TYPING_SPEED, 20, rules.Bands(at_least={60: FULL_SPEED, 80: FASTER}, below=SLOWER, full=20), 60, "d1",
         title=TYPING),
)

EVENTS = (
    Event(COMPLAINTS, points_each(-5), Text(
        "Customer complains about the agent (after-sales cause; after-sales supervisor monitors)", "客户投诉客服")),
    Event(VERIFIED_POINTS, rules.Judged(5, 20, full=20), Text(
        "Complaint caused by after-sales and verified (the agent's Wangwang account named on the front page)",
        "由售后产生投诉")),
    Event(BROWSING, points_each(-20), Text(
        "Browsing web pages unrelated to Taobao at work (e.g. web games)", "浏览与淘宝网无关的网页")),
    Event(TOPUP_MISSES, points_each(-5), Text(
        "Report-checking post did not top up Diamond display ads (钻展) and Zhitongche pay-per-click ads (直通车) at "
        "19:30 daily", "未在规定时间内充满钻展、直通车")),
    Event(PRAISE, points_each(5), Text("Customer phones to praise", "客户来电表扬")),
    Event(NAMED_REVIEWS, points_each(1), Text("Buyer names the agent in a positive review", "好评里点出客服名")),
    Event(AWARDS, points_each(10), Text(
        "Outstanding (attitude, fast progress, strong learning ...), granted by the supervisor", "表现突出")),
    Event(REVIEW_GROWTH, rules.Threshold(over="0.13", points=20), Text(
        "Month-end review of neutral/negative-review improvement: growth above 0.13%", "中差评提升审查"),
        read_from="company"),
)

WORDING = (
    ("rt_ecom_quality",
     "1、售后服务质量与素质(满分20分)(调查聊天记录,接待人数。\n包含内容与客户沟通情况,处理问题水平能力,产品及促"
     "销活动了解程度等,有处理不了问题及时上报)(根据个人表现)"),
    ("chat_reception_count",
     "1、售后服务质量与素质(满分20分)(调查聊天记录,接待人数。\n包含内容与客户沟通情况,处理问题水平能力,产品及促"
     "销活动了解程度等,有处理不了问题及时上报)(根据个人表现)"),
    ("rt_ecom_execution",
     "2、售后执行力和团体精神(满分20分)(上级主管人员安排的工作,完成的情况,等….)(与团队积极配合,团队共同发展)"),
    ("rt_ecom_complaint",
     "3、投诉、维权。\n(客服无投诉)(满分20分)由售后引起的投诉问题。\n追踪到个人(及时处理的情况及程度,等…)"),
    ("complaints_seen",
     "3、投诉、维权。\n(客服无投诉)(满分20分)由售后引起的投诉问题。\n追踪到个人(及时处理的情况及程度,等…)"),
    ("absenteeism_count", "4、考勤全勤(考勤全勤20分,旷工1次扣10分)(全勤200,考勤100)"),
    ("full_attendance", "4、考勤全勤(考勤全勤20分,旷工1次扣10分)(全勤200,考勤100)"),
    ("typing_speed_cpm", "5、打字速度60个/分(超过80每)(满分20分)"),
    ("customer_complaint_event_count", "扣分1. 1.客户投诉客服(由于售后原因,售后主管监督)一次扣5分。"),
    ("verified_complaint_points",
     "2.由售后产生投诉(售后主管监督,首页面放置投诉客服旺旺)查实无误,视情况一次扣(5-20)分。"),
    ("off_task_browsing_count",
     "上班时间,浏览与淘宝网无关的网页比如:网页游戏一经发现,每次扣除当月奖金100元!(扣20分)"),
    ("ad_recharge_miss_count",
     "2.查表岗位,每天晚上7:30分,将钻展,直通车充满!如未在规定时间内操作,每次200元,扣五分!"),
    ("praise_call_count", "加分1.客户来电表扬,一次加5分。"),
    ("named_good_review_count", "买家在好评里点出客服名一次加1分!"),
    ("outstanding_award_count", "2.表现突出(工作态度,进步快,学习能力强等….)主管监督加10分。"),
    ("review_improvement_growth",
     "中差评在每月月底会进行中差评提升审查,期间每个月平均增长为0.13%,如增长超出0.13% (+20分) 超出%0.01 中差评部"
     "门奖金500元!"),
)

TEMPLATE = Template(
    SchemeTemplate("s07", Text("After-sales KPI appraisal and pay of a Taobao shop (S07)", "售后KPI绩效考核(S07)"),
                   items=ITEMS, events=EVENTS, dimensions=SCORED, grades=SIX_LEVELS),
    source=SOURCE, wording=WORDING, missing=MISSING, notes=NOTES, rewards=(level_pay("s07"), rank_pay("s07")),
)  # fmt: skip
