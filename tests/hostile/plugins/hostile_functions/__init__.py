"""A plugin of functions: one for each thing that a plugin must not do, and a few that do what they should."""

from collections.abc import Callable
from decimal import Decimal
from types import ModuleType
from typing import Any

from hostile_functions import answers, endings, good, looking, reaching
from meritline_sdk import (
    COUNT,
    HIGHER,
    Attribution,
    Code,
    Day,
    Flag,
    Indicator,
    IndicatorSet,
    Instant,
    Int,
    Number,
    Parameter,
    Person,
    PythonMeasure,
    RecordType,
    Text,
    hookimpl,
    hours,
)


class Job(RecordType, key="job", title=Text("Job", "工单")):
    worker = Person()
    begun_at = Instant()
    done_at = Instant()
    amount = Int(optional=True)
    day = Day(optional=True)
    flag = Flag(optional=True)
    code = Code(optional=True)
    price = Number(optional=True)
    gone = Number(optional=True, minimum=Decimal(0))
    defaults = Attribution(credit=worker, at=done_at)


ROWS = {"amount": Job.amount, "done_at": Job.done_at, "worked": Job.done_at - Job.begun_at, "day": Job.day,
        "flag": Job.flag, "code": Job.code, "price": Job.price, "gone": Job.gone}
LIMIT = Parameter("limit", hours(2))


def indicator(function: Callable[..., Any]) -> Indicator:
    name = function.__name__
    return Indicator(name, Text(name, name), unit=COUNT, better=HIGHER, measure=PythonMeasure(
        function, Job, rows=ROWS, says=Text("A hostile function.", "一个恶意函数。"), settings=[LIMIT]))


def functions(module: ModuleType) -> list[Callable[..., Any]]:
    return [one for one in vars(module).values()
            if getattr(one, "__module__", "") == module.__name__ and one.__code__.co_varnames[:1] == ("rows",)]


@hookimpl
def indicator_sets() -> list[IndicatorSet]:
    return [IndicatorSet("hostile", Text("Hostile", "恶意"), records=[Job], indicators=[
        indicator(one) for module in (good, answers, endings, reaching, looking) for one in functions(module)])]
