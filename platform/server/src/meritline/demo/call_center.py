"""Records of the call-centre example: calls through queues, some abandoned, surveys, attendance, a few lapses."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meritline.demo.chance import Chance, at_local, count_of, days, demand, dice
from meritline.demo.files import Export, Row
from meritline.demo.people import Worker

CALLS_A_DAY = 125
STAMP = "%Y-%m-%d %H:%M:%S"
TOPICS = ("账单", "故障", "装机", "投诉", "咨询")


def exports(staff: list[Worker], first: date, last: date, zone: ZoneInfo, seed: str) -> list[Export]:
    """What the centre's systems export for the days from ``first`` to before ``last``."""
    chance = dice(f"{seed}/calls")
    agents = [one for one in staff if one.position == "call_agent"]
    calls: list[Row] = []
    surveys: list[Row] = []
    shifts: list[Row] = []
    for day in days(first, last):
        working = [one for one in agents if shift(chance, shifts, one, day)]
        for _ in range(count_of(chance, CALLS_A_DAY * demand(day)) if working else 0):
            call(chance, calls, surveys, working, at_local(chance, day, zone))
    lapses = [lapse(chance, one, first, last, zone) for one in agents if chance.happens(0.08)]
    return [
        Export("acd_calls", "calls.tsv", calls, delimiter="\t"),
        Export("ivr_surveys", "surveys.csv", surveys),
        Export("attendance", "考勤.csv", shifts, encoding="gb18030"),
        Export("hr_events", "events.ndjson", lapses),
    ]


def shift(chance: Chance, shifts: list[Row], agent: Worker, day: date) -> bool:
    """Write the day into the roster; true where the agent is at work."""
    scheduled = (day.toordinal() + int(agent.number[-2:])) % 7 not in (5, 6)
    if not scheduled:
        return False
    state = chance.choices(("正常", "迟到", "请假", "旷工"), (96 + 2 * agent.skill, 1.6, 2, 0.12))[0]
    shifts.append({"工号": agent.code, "日期": day.isoformat(), "排班": "是", "状态": state,
                   "缺卡": "是" if chance.happens(0.004) else "否"})
    return state in ("正常", "迟到")


def call(chance: Chance, calls: list[Row], surveys: list[Row], working: list[Worker], offered: datetime) -> None:
    """One inbound call: answered by someone on shift, or abandoned in its queue."""
    number = f"C{offered:%y%m%d}{len(calls):06d}"
    agent = chance.choice(working)
    wait = timedelta(seconds=int(chance.expovariate(1 / 17)))
    row: Row = {"call": number, "queue": agent.department, "topic": chance.choice(TOPICS),
                "offered": offered.strftime(STAMP), "agent": "", "answered": "", "abandoned": "", "ended": "",
                "talk_s": ""}
    calls.append(row)
    if chance.happens(0.03 + min(0.5, wait.total_seconds() / 260)):
        row["abandoned"] = row["ended"] = (offered + wait).strftime(STAMP)
        return
    hangs_up = chance.happens(0.12 if agent.skill < -0.6 else 0.015)
    talk = chance.randint(2, 8) if hangs_up else max(12, int(chance.lognormvariate(4.95 - 0.15 * agent.skill, 0.55)))
    answered = offered + wait
    ended = answered + timedelta(seconds=talk)
    row.update(agent=agent.code, answered=answered.strftime(STAMP), ended=ended.strftime(STAMP), talk_s=talk)
    if not hangs_up and chance.happens(0.3):
        good = chance.happens(0.52 + 0.3 * agent.skill)
        surveys.append({"call": number, "agent": agent.code, "time": (ended + timedelta(minutes=2)).strftime(STAMP),
                        "stars": 5 if good else chance.choice((4, 4, 3, 3, 2, 1)), "of": 5})


def lapse(chance: Chance, agent: Worker, first: date, last: date, zone: ZoneInfo) -> Row:
    """Something the supervisor heard on a recording."""
    day = first + timedelta(days=chance.randrange((last - first).days))
    return {"id": f"LAPSE-{agent.number}-{day:%Y%m%d}", "employee": agent.number, "kind": "improper_language",
            "verified": chance.happens(0.8), "at": datetime.combine(day, time(14, 30), zone).isoformat()}
