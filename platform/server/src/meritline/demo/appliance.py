"""Records of the appliance-repair example: orders with several technicians, visits, surveys, parts, diagnoses."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from meritline.demo.chance import Chance, at_local, count_of, days, demand, dice
from meritline.demo.files import Export, Row
from meritline.demo.people import Worker

ORDERS_A_DAY = 38
PRODUCTS = ("空调", "冰箱", "洗衣机", "热水器", "油烟机")
FAULTS = ("F01", "F02", "F03", "F04", "F05", "F06", "F07")
STAMP = "%Y/%m/%d %H:%M"


class Book:
    """The exports as they fill up."""

    def __init__(self) -> None:
        self.orders: list[Row] = []
        self.visits: list[Row] = []
        self.surveys: list[Row] = []
        self.parts: list[Row] = []
        self.diagnoses: list[Row] = []
        self.complaints: list[Row] = []


def exports(staff: list[Worker], first: date, last: date, zone: ZoneInfo, seed: str) -> list[Export]:
    """What the firm's systems export for the days from ``first`` to before ``last``."""
    chance, book = dice(f"{seed}/appliance"), Book()
    engineers = [one for one in staff if one.position == "repair_engineer"]
    for day in days(first, last):
        for _ in range(count_of(chance, ORDERS_A_DAY * demand(day, summer=0.6))):
            serve(chance, book, engineers, at_local(chance, day, zone))
    return [
        Export("crm_orders", "工单导出.csv", book.orders, encoding="gb18030"),
        Export("app_visits", "上门记录.csv", book.visits),
        Export("sms_surveys", "满意度回访.csv", book.surveys),
        Export("parts_store", "配件流水.tsv", book.parts, delimiter="\t"),
        Export("diagnoses", "故障判断.csv", book.diagnoses),
        Export("hotline_complaints", "投诉.ndjson", book.complaints),
    ]


def serve(chance: Chance, book: Book, engineers: list[Worker], reported: datetime) -> None:
    """One order from the call to the survey."""
    number = f"GD{reported:%y%m%d}{len(book.orders):05d}"
    engineer = chance.choice(engineers)
    visits = list(visited(chance, engineer, reported))
    if chance.happens(0.03):
        book.orders.append(order_row(number, engineer, [engineer], reported, [], "已取消", None, False, chance))
        return
    mates = [one for one in engineers if one.department == engineer.department and one is not engineer]
    crew = [engineer, *(chance.sample(mates, 1) if mates and chance.happens(0.18) else [])]
    for sequence, (agreed, arrived, left) in enumerate(visits, 1):
        book.visits.append({
            "记录号": f"{number}-{sequence}", "工单号": number, "工程师": engineer.code, "第几次": sequence,
            "预约时间": agreed.strftime(STAMP), "到达时间": arrived.strftime(STAMP), "离开时间": left.strftime(STAMP),
        })  # fmt: skip
    done = visits[-1][2]
    solved = chance.happens(0.965 + 0.03 * engineer.skill)
    reopened = solved and chance.happens(0.03 - 0.02 * engineer.skill)
    state = "已完成" if solved else "未解决"
    book.orders.append(order_row(number, engineer, crew, reported, visits, state, done, reopened, chance))
    after_service(chance, book, engineer, number, done, solved)


def visited(chance: Chance, engineer: Worker, reported: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Agreed, arrived and left, for each visit that was needed."""
    moment, needed = reported, 1 + chance.happens(0.16 - 0.10 * engineer.skill) + chance.happens(0.03)
    for _ in range(needed):
        agreed = (moment + chance.minutes(60 * 11, 0.6)).replace(minute=30 * chance.randint(0, 1), second=0)
        late = chance.minutes(12) if chance.happens(0.10 - 0.07 * engineer.skill) else -chance.minutes(6)
        arrived = agreed + late
        moment = arrived + chance.minutes(55 - 12 * engineer.skill, 0.4)
        yield agreed, arrived, moment


def order_row(number: str, engineer: Worker, crew: list[Worker], reported: datetime,
              visits: list[tuple[datetime, datetime, datetime]], state: str, done: datetime | None,
              reopened: bool, chance: Chance) -> Row:
    """The order as the CRM exports it; several technicians stand in one column."""
    return {
        "工单号": number, "工程师工号": engineer.code, "参与人员": ";".join(one.code for one in crew),
        "产品": chance.choice(PRODUCTS), "报修时间": reported.strftime(STAMP),
        "完成时间": done.strftime(STAMP) if done else "", "上门次数": len(visits), "状态": state,
        "重开时间": (done + timedelta(days=chance.randint(1, 6))).strftime(STAMP) if done and reopened else "",
        "工时": f"{len(visits) * chance.uniform(0.5, 1.8):.2f}",
        "配件成本": f"{chance.expovariate(1 / 60):.2f}" if chance.happens(0.6) else "0.00",
    }  # fmt: skip


def after_service(chance: Chance, book: Book, engineer: Worker, number: str, done: datetime, solved: bool) -> None:
    """What follows an order: a survey for some, a diagnosis, a part, now and then a complaint."""
    if chance.happens(0.42):
        stars = 5 if chance.happens(0.72 + 0.2 * engineer.skill) else chance.choice((4, 4, 4, 3, 2))
        stars = stars if solved else min(stars, chance.choice((1, 2, 3)))
        book.surveys.append({
            "评价号": f"PJ{number}", "工程师": engineer.code, "时间": (done + chance.minutes(300)).strftime(STAMP),
            "评分": stars, "满分": 5, "有效": "是" if chance.happens(0.98) else "否",
        })  # fmt: skip
    first = chance.choice(FAULTS)
    right = chance.happens(0.88 + 0.08 * engineer.skill)
    book.diagnoses.append({
        "工单号": number, "工程师": engineer.code, "首次判断": first,
        "最终原因": first if right else chance.choice(FAULTS), "关闭时间": done.strftime(STAMP),
    })  # fmt: skip
    if chance.happens(0.5):
        book.parts.append({
            "流水号": f"PJ{len(book.parts):06d}-{number}", "类型": "领用", "工程师": engineer.code,
            "配件": f"P{chance.randint(1, 60):03d}", "数量": chance.randint(1, 2),
            "合规": "Y" if chance.happens(0.97) else "N", "时间": done.strftime(STAMP),
        })  # fmt: skip
    if chance.happens(0.010 - 0.006 * engineer.skill):
        book.complaints.append({
            "id": f"TS{number}", "category": "service", "agent": engineer.code, "improper": chance.happens(0.6),
            "verified": chance.happens(0.7), "received": (done + chance.minutes(600)).isoformat(), "state": "resolved",
        })  # fmt: skip
