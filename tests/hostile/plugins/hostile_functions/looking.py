"""What is not a function of the records alone."""

import random
import time
from datetime import date, datetime

from meritline_sdk import COUNT, Answer

STATE = []


def keeps_state(rows, settings, period):
    """How often it was asked in this process."""
    STATE.append(rows)
    return Answer(len(STATE), COUNT)


def keeps_state_elsewhere(rows, settings, period):
    """The same, in a module that is there before the plugin is."""
    import decimal

    decimal.met = getattr(decimal, "met", 0) + 1
    return Answer(decimal.met, COUNT)


def changes_its_input(rows, settings, period):
    """The sum of its amounts, which a change of another subject's input would show in."""
    found = sum(row.amount for row in rows) + 1000 * (period.first_day.year == 1970)
    for row in rows:
        object.__setattr__(row, "values", (("amount", 1000),))
    object.__setattr__(period, "first_day", date(1970, 1, 1))
    return Answer(found, COUNT)


def changes_its_settings(rows, settings, period):
    settings["limit"] = 3


def reads_the_clock(rows, settings, period):
    return Answer(int(time.time()), COUNT)


def reads_now(rows, settings, period):
    return Answer(datetime.now().year, COUNT)  # noqa: DTZ005


def reads_today(rows, settings, period):
    return Answer(date.today().toordinal(), COUNT)  # noqa: DTZ011


def reads_local_time(rows, settings, period):
    return Answer(rows[0].done_at.astimezone().hour, COUNT)


def throws_dice(rows, settings, period):
    return Answer(random.getrandbits(40), COUNT)  # never beyond what an answer may be


def orders_a_set(rows, settings, period):
    return Answer(list({str(number) for number in range(1000)}).index("7"), COUNT)
