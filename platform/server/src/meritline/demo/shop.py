"""Records of the shop example: chats, complaints, reviews, attendance, typing tests, praise, duties, awards."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meritline.demo.chance import Chance, at_local, count_of, days, demand, dice
from meritline.demo.files import Export, Row
from meritline.demo.people import Worker

CHATS_A_DAY = 62
REVIEWS_A_DAY = 34
STAMP = "%Y-%m-%d %H:%M:%S"


class Book:
    """The exports as they fill up."""

    def __init__(self) -> None:
        self.chats: list[Row] = []
        self.reviews: list[Row] = []
        self.attendance: list[Row] = []
        self.complaints: list[Row] = []
        self.events: list[Row] = []
        self.praise: list[Row] = []
        self.duties: list[Row] = []
        self.awards: list[Row] = []
        self.typing: list[Row] = []


def exports(staff: list[Worker], first: date, last: date, zone: ZoneInfo, seed: str) -> list[Export]:
    """What the shop's tools export for the days from ``first`` to before ``last``."""
    chance, book = dice(f"{seed}/shop"), Book()
    agents = [one for one in staff if one.position == "shop_agent"]
    for day in days(first, last):
        working = [one for one in agents if present(chance, book, one, day)]
        for _ in range(count_of(chance, CHATS_A_DAY * demand(day) ** 0.4) if working else 0):
            chat(chance, book, chance.choice(working), at_local(chance, day, zone, 9, 23))
        better = 0.0006 * (day.toordinal() - first.toordinal())
        for _ in range(count_of(chance, REVIEWS_A_DAY)):
            review(chance, book, chance.choice(agents), at_local(chance, day, zone, 9, 23), better)
        duty(chance, book, agents[day.toordinal() % len(agents)], day, zone)
        if day.day == 5:
            monthly(chance, book, agents, day, zone)
    return [
        Export("wangwang", "旺旺会话.csv", book.chats, encoding="gb18030"),
        Export("reviews", "评价.csv", book.reviews),
        Export("attendance", "考勤.csv", book.attendance),
        Export("complaints", "投诉维权.csv", book.complaints),
        Export("discipline", "违纪.ndjson", book.events),
        Export("praise", "来电表扬.csv", book.praise),
        Export("topups", "钻展直通车.csv", book.duties),
        Export("awards", "表现突出.csv", book.awards),
        Export("typing", "打字测试.csv", book.typing),
    ]


def present(chance: Chance, book: Book, agent: Worker, day: date) -> bool:
    """Write the day into the roster; true where the agent is at work."""
    if (day.toordinal() + int(agent.number[-2:])) % 7 == 6:
        return False
    state = chance.choices(("正常", "迟到", "请假", "旷工"), (97.5 + agent.skill, 0.6, 1, 0.10))[0]
    book.attendance.append({"工号": agent.number, "日期": day.isoformat(), "状态": state})
    return state in ("正常", "迟到")


def chat(chance: Chance, book: Book, agent: Worker, started: datetime) -> None:
    """One conversation, and now and then a complaint or a call of praise after it."""
    number = f"W{started:%y%m%d}{len(book.chats):06d}"
    reply = started + timedelta(seconds=int(chance.lognormvariate(3.3 - 0.4 * agent.skill, 0.6)))
    book.chats.append({
        "会话": number, "买家": f"tb{chance.randint(1, 4000):04d}", "客服": agent.code,
        "开始": started.strftime(STAMP), "首次回复": reply.strftime(STAMP) if chance.happens(0.985) else "",
        "结束": (reply + chance.minutes(9)).strftime(STAMP),
    })  # fmt: skip
    if chance.happens(0.0024 - 0.0018 * agent.skill):
        verified = chance.happens(0.45)
        book.complaints.append({
            "编号": f"TS{number}", "客服": agent.code, "时间": (reply + chance.minutes(90)).strftime(STAMP),
            "售后原因": "是", "查实": "是" if verified else "",
            "扣分": chance.choice((5, 8, 10, 15)) if verified else "", "状态": "已结",
        })  # fmt: skip
    if chance.happens(0.0016 + 0.0014 * agent.skill):
        book.praise.append({"编号": f"BY{number}", "客服": agent.code, "买家": f"tb{chance.randint(1, 4000):04d}",
                            "时间": (reply + chance.minutes(120)).strftime(STAMP), "查实": "是"})


def review(chance: Chance, book: Book, agent: Worker, written: datetime, better: float) -> None:
    """A buyer's review; a few good ones name the agent."""
    level = "好评" if chance.happens(0.955 + better) else chance.choice(("中评", "差评"))
    named = level == "好评" and chance.happens(0.018 + 0.014 * agent.skill)
    book.reviews.append({"评价号": f"PL{written:%y%m%d}{len(book.reviews):06d}", "订单": f"DD{len(book.reviews):08d}",
                         "等级": level, "点名客服": agent.code if named else "", "时间": written.strftime(STAMP)})


def duty(chance: Chance, book: Book, agent: Worker, day: date, zone: ZoneInfo) -> None:
    """The evening's advertising top-up, due at half past seven."""
    due = datetime.combine(day, time(19, 30), zone)
    done = due - chance.minutes(14) if chance.happens(0.975) else due + chance.minutes(20)
    book.duties.append({"值班人": agent.number, "日期": day.isoformat(), "截止": due.strftime(STAMP),
                        "充满": done.strftime(STAMP)})


def monthly(chance: Chance, book: Book, agents: list[Worker], day: date, zone: ZoneInfo) -> None:
    """What happens once a month: two typing tests each, an award or two, and someone caught playing a web game."""
    for agent in agents:
        for attempt in (1, 2):
            speed = max(35.0, chance.gauss(62 + 12 * agent.skill, 6))
            taken = datetime.combine(day + timedelta(days=attempt), time(10), zone)
            book.typing.append({"编号": f"DZ{agent.number}-{taken:%Y%m%d}", "客服": agent.number,
                                "时间": taken.strftime(STAMP), "字数": round(speed * 10), "分钟": 10})
    for agent in chance.sample(agents, 2):
        book.awards.append({"编号": f"TC{agent.number}-{day:%Y%m}", "客服": agent.number,
                            "日期": (day + timedelta(days=20)).isoformat(), "理由": "进步快"})
    idle = chance.choice(agents)
    caught = datetime.combine(day + timedelta(days=9), time(15, 20), zone)
    book.events.append({"id": f"WJ{idle.number}-{day:%Y%m}", "employee": idle.number, "kind": "off_task_browsing",
                        "verified": True, "at": caught.isoformat()})
