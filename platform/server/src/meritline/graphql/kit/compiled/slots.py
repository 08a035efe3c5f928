"""Slots: binds whose values come with each request, so that one text serves every reader of a role."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from meritline.graphql.kit.paging import Arguments
from meritline.graphql.kit.statements import NO_EMPLOYEE, Binds, Wish


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request binds."""

    tenant_id: UUID
    employee_id: UUID | None
    today: date
    pages: Sequence["Page"]
    #: The key of a row, where one is wanted.
    wanted: object = None
    #: The request and the arguments of computed fields, for what Python fills in.
    context: Any = None
    argued: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The arguments of one list with its cursor read."""

    arguments: Arguments
    wish: Wish

    @property
    def form(self) -> tuple[object, ...]:
        """What of it decides the text of the statement."""
        after = self.wish.after and tuple(value is None for value in self.wish.after)
        return tuple(sql for sql, _ in self.wish.filters), self.wish.order, self.wish.limit, after


type Slot = Callable[[Asked], Any]


class Slots(Binds):
    """Collects slots instead of values."""

    def __init__(self) -> None:
        self.values: list[Any] = [lambda asked: asked.tenant_id]
        self.readers = {
            "employee": lambda asked: asked.employee_id or NO_EMPLOYEE,
            "today": lambda asked: asked.today,
        }
        self.names = {"tenant": "$1"}

    def filled(self, asked: Asked) -> list[object]:
        """The values of one request."""
        return [slot(asked) for slot in self.values]


def slotted(page: Page, place: int) -> Wish:
    """The wish of a page with a slot for each of its values."""

    def filter_value(number: int) -> Slot:
        return lambda asked: asked.pages[place].wish.filters[number][1]

    def after_value(number: int) -> Slot:
        return lambda asked: asked.pages[place].wish.after[number]  # type: ignore[index]

    wish = page.wish
    return Wish(
        order=wish.order,
        limit=wish.limit,
        after=wish.after and tuple(None if value is None else after_value(n) for n, value in enumerate(wish.after)),
        filters=tuple((sql, filter_value(n)) for n, (sql, _) in enumerate(wish.filters)),
    )

