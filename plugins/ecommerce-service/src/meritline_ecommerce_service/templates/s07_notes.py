"""How S07 was read where it says too little or contradicts itself, each with the number of its trap."""

from meritline_sdk import Text

SOURCE = Text("After-sales KPI appraisal and pay of a Taobao shop (S07)", "售后KPI绩效考核(S07)")

MISSING = (
    Text("how the points of the rated items are found", "评分项目的评分办法"),
    Text("the points by typing speed: the text breaks off at \"over 80 each\"", "打字速度得分:原文“超过80每”后中断"),
    Text("the meal allowance", "饭补金额"),
    Text("the base salary: it stands with each employee", "基本工资:按每位员工登记"),
    Text("the amounts of the ranks after the third", "第三名以后的金额"),
    Text("which of level pay and rank pay applies: take one of both tables", "采用等级工资还是排序工资:两表择一"),
)

NOTES = (
    Text("T26: 40, 60, 80, 100, 120 are read as lower limits, included: below 60 is bottom, as \"below 40 is bottom\" "
         "and \"below 50 % is 300\" agree with. reading = \"upper_inclusive\" is the other reading.",
         "T26:40、60、80、100、120按下限(含)理解,60分以下为底级,与“低于40分为底级”“低于50%为300元”一致;"
         "也可选上限口径(upper_inclusive)。"),
    Text("T27: 120 is reached with added points only, so the total has no cap (additions_cap sets one).",
         "T27:120分须靠加分达到,总分不设上限(可用 additions_cap 限制加分)。"),
    Text("T28: below 40, bottom and below 50 % all pay 300: by level the lowest band is open downwards; by rank the "
         "low score comes before the rank. The reward line says which it was.",
         "T28:低于40分、底级、低于50%均为300元:等级工资中最低档向下开放;排序工资中低分规则优先。奖励明细写明依据。"),
    Text("T29: level pay and rank pay both claim the performance bonus: a scheme has one table.",
         "T29:等级奖金与排序奖金同为绩效奖金,一个方案只能采用一张表。"),
    Text("T30: the ranks after the third are a blank; ties share the mean of their places (or ties = "
         "\"better_place\").",
         "T30:第三名以后的金额留空;并列者平分所占名次的金额(或取较好名次)。"),
    Text("T31: \"below 50 % of the total\" is a score below 50, 50 itself excluded.",
         "T31:“低于总分50%”指低于50分,不含50分。"),
    Text("T32: the pay is the sum of its parts; 22 days and 13 hours give the day and the hour rate, told with the "
         "base pay (mode = \"literal\" multiplies as printed). T34: rounded once a line.",
         "T32:工资为各项之和;22天、13小时用于折算日薪和时薪(mode = literal 按原式相乘)。T34:每项只四舍五入一次。"),
    Text("T33: \"+300-1000\" is the range of the level bonus, no subtraction.",
         "T33:“300-1000绩效奖金”是等级奖金的范围,不是相减。"),
    Text("T35: 200 and 100 are yuan: full attendance without any breach, attendance without absence without leave; "
         "both can be earned.", "T35:全勤200、考勤100均为元:全勤指无任何缺勤,考勤指无旷工;可同时获得。"),
    Text("T36: one complaint is deducted once: by its judged points if verified, else by 5. Item 3 is rated apart, the "
         "number of complaints stands beside it.",
         "T36:同一投诉只扣一次:查实的按判定分扣,否则扣5分。第3项另行评分,旁列投诉次数。"),
    Text("T37: the supervisor judges whole points from 5 to 20 with a reason; anything else is refused.",
         "T37:由主管判定5至20分的整数并写明理由,超出范围的不予受理。"),
    Text("T38: fines take from the performance bonus only, not below 0.00, nothing is carried over. Fines on wages are "
         "limited by law: the table is refused until fines_confirmed = true, or leave the fines out.",
         "T38:罚款只从绩效奖金中扣除,最低为0,不结转。工资罚款受法律限制:须以 fines_confirmed = true 确认,或去掉罚款。"),
    Text("T39: \"each time 200 yuan\" is a deduction. T40: 19:30:00 by the company's clock, one event an evening.",
         "T39:“每次200元”为扣款。T40:截止时间为当地19:30:00,每晚计一次。"),
    Text("T41: growth is that of the share of positive reviews, in percentage points: above 0.13 gives 20 points to "
         "each member, 0.14 and more 500 yuan once (per_step = 0.01 pays each step). The members are all whom the "
         "scheme appraises: give the review group a scheme of its own where others are not in it.",
         "T41:“增长”指好评率的提升(百分点):超过0.13每人加20分,达到0.14部门奖金500元一次(per_step 可按每0.01发放)。"
         "成员为本方案的全部考核对象;若仅限中差评小组,请为其单独设立方案。"),
    Text("T42: three blanks for the points by speed; 20 from 60 a minute on and 0 below is what we propose. Not more "
         "than 20 in all (the item's full score).",
         "T42:打字速度得分留三处待填;建议60个/分及以上20分、以下0分。满分20分。"),
    Text("T43: super has no threshold: a person grants it (record type level_grant), it pays 1000 and proposes the "
         "conversion, which nobody carries out by machine.",
         "T43:超级没有分数线,由人评定(记录类型 level_grant),奖金1000元,并提出转正建议,由人办理。"),
    Text("T44: the numbering is broken; four deductions and four additions are meant. T73: only verified browsing "
         "events are entered; the person, the supervisor and HR see them.",
         "T44:编号有误,实为四项扣分、四项加分。T73:只登记查实的浏览事件,仅本人、主管和人事可见。"),
    Text("The period is not stated; \"this month's bonus\" and \"end of each month\" make it a month. Outstanding "
         "counts once a person and month.", "周期未写明,按“当月奖金”“每月月底”取月度。表现突出每人每月至多计一次。"),
)
