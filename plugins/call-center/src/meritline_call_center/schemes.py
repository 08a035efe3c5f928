"""Starters for call centres and service desks. The seed documents (S05, S09, S13) name targets but no weights and no
money, so weights and amounts below are ours: a point to begin from, which a company changes."""

from meritline_after_sales_common.indicators import ATTENDANCE_BREACHES
from meritline_call_center.indicators import (
    ABANDONMENT,
    CLOSED_COUNT,
    CSAT_REALTIME,
    FIRST_TIME_FIX,
    HANDLE_TIME,
    IMPROPER_LANGUAGE,
    REOPENED,
    RESOLUTION_HOURS,
    SERVICE_LEVEL,
    SHORT_CALLS,
    SLA_MET,
    WAITING_TIME,
)  # fmt: skip
from meritline_sdk import (
    ByGrade,
    Grade,
    GradeBands,
    Item,
    Ranking,
    RewardTable,
    SchemeTemplate,
    SubjectKind,
    Text,
    rules,
)

GRADES = GradeBands((
    Grade("d", Text("D, below standard", "D 不合格")),
    Grade("c", Text("C, standard", "C 合格"), 60),
    Grade("b", Text("B, good", "B 良好"), 75),
    Grade("a", Text("A, excellent", "A 优秀"), 90),
))  # fmt: skip

AGENTS = SchemeTemplate(
    "agents", Text("Call agents, monthly (starter)", "话务坐席月度考核(起步方案)"),
    items=(
        Item(CSAT_REALTIME, weight=40, target="4.5", rule=rules.Deduct(5, per="0.1")),
        Item(HANDLE_TIME, weight=25,
             rule=rules.Bands(up_to={60: 60, 120: 90, 240: 100, 300: 80}, beyond=50)),
        Item(SHORT_CALLS, weight=15, target=5, rule=rules.Deduct(4, when="above_target")),
        Item(IMPROPER_LANGUAGE, weight=10, rule=rules.PerUnit(-50)),
        Item(ATTENDANCE_BREACHES, weight=10, rule=rules.PerUnit(-20)),
    ),
    for_positions=("call_agent",), grades=GRADES, pass_score=60, ranking=Ranking(minimum_sample=100),
)  # fmt: skip

QUEUES = SchemeTemplate(
    "queues", Text("Queues, monthly (starter)", "队列(班组)月度考核(起步方案)"),
    items=(
        Item(SERVICE_LEVEL, weight=50, target=80, rule=rules.Deduct(2)),
        Item(ABANDONMENT, weight=30, target=5, rule=rules.Deduct(4, when="above_target")),
        Item(WAITING_TIME, weight=20, rule=rules.Bands(up_to={20: 100, 60: 80, 120: 50}, beyond=0)),
    ),
    subject=SubjectKind.DEPARTMENT, grades=GRADES, pass_score=60,
)  # fmt: skip

RESOLVERS = SchemeTemplate(
    "resolvers", Text("Service-desk resolvers, monthly (starter)", "服务台解决人月度考核(起步方案)"),
    items=(
        Item(SLA_MET, weight=40, target=80, rule=rules.Deduct(1)),
        Item(FIRST_TIME_FIX, weight=20, target=60, rule=rules.Deduct(1)),
        Item(REOPENED, weight=10, target=2, rule=rules.Deduct(10, when="above_target")),
        Item(RESOLUTION_HOURS, weight=15,
             rule=rules.Bands(up_to={24: 100, 72: 85, 168: 60}, beyond=20)),
        Item(CLOSED_COUNT, weight=15, target=60, rule=rules.ToTarget(full=100, cap=120)),
    ),
    for_positions=("resolver",), grades=GRADES, pass_score=60, ranking=Ranking(minimum_sample=20),
)  # fmt: skip

AGENT_REWARDS = RewardTable(
    "agent_rewards", Text("Agents' performance pay (starter)", "坐席绩效奖金(起步方案)"), scheme="agents",
    rules=(ByGrade("level_bonus", Text("Performance bonus by grade", "等级绩效奖金"),
                   {"d": 0, "c": 300, "b": 600, "a": 1000}),),
)  # fmt: skip

RESOLVER_REWARDS = RewardTable(
    "resolver_rewards", Text("Resolvers' performance pay (starter)", "解决人绩效奖金(起步方案)"), scheme="resolvers",
    rules=(ByGrade("level_bonus", Text("Performance bonus by grade", "等级绩效奖金"),
                   {"d": 0, "c": 200, "b": 500, "a": 900}),),
)  # fmt: skip

SCHEMES = (AGENTS, QUEUES, RESOLVERS)
REWARDS = (AGENT_REWARDS, RESOLVER_REWARDS)
