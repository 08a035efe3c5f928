"""What would never measure anything. Decides which conditions are refused because no record can meet them.

The check is a sure one: what it calls impossible is; what it lets pass may still find nothing.
"""

import ast
from dataclasses import dataclass, field
from typing import Any

from meritline_sdk.evaluate.expressions import value_of
from meritline_sdk.formulas.needs import record_types
from meritline_sdk.formulas.problems import FormulaProblem
from meritline_sdk.formulas.scope import Scope, spec_in
from meritline_sdk.model import measures, nodes
from meritline_sdk.model.fields import Int, Number
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Measure
from meritline_sdk.model.nodes import Node, walk
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.related import conjuncts

NAMED_OUTSIDE = frozenset({Kind.PERSON, Kind.PEOPLE, Kind.TEAM})
FIXED = (nodes.Literal, nodes.Compare, nodes.OneOf, nodes.Missing, nodes.Both, nodes.Either, nodes.Not,
         nodes.Arithmetic, nodes.Quotient, nodes.If, nodes.FirstPresent, nodes.Extreme)
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(slots=True)
class Room:
    """What is left for a field: the values it may have, and how low and high it may go."""

    values: set[Any] | None = None
    low: tuple[Any, bool] | None = None
    high: tuple[Any, bool] | None = None
    barred: set[Any] = field(default_factory=set)

    def only(self, values: set[Any]) -> None:
        """It is one of these."""
        self.values = values if self.values is None else self.values & values

    def above(self, limit: Any, *, itself: bool) -> None:
        """It is more than the limit, or the limit itself."""
        if self.low is None or (limit, not itself) > (self.low[0], not self.low[1]):
            self.low = (limit, itself)

    def below(self, limit: Any, *, itself: bool) -> None:
        """It is less than the limit, or the limit itself."""
        if self.high is None or (limit, itself) < self.high:
            self.high = (limit, itself)

    def empty(self) -> bool:
        """Whether nothing is left."""
        if self.values is not None:
            return not any(self.holds(value) for value in self.values)
        if self.low is None or self.high is None:
            return False
        low, high = self.low, self.high
        return bool(low[0] > high[0] or (low[0] == high[0] and not (low[1] and high[1])))

    def holds(self, value: Any) -> bool:
        """Whether this value is left."""
        above = self.low is None or value > self.low[0] or (value == self.low[0] and self.low[1])
        below = self.high is None or value < self.high[0] or (value == self.high[0] and self.high[1])
        return above and below and value not in self.barred


def never_true(condition: Node, record: RecordDeclaration) -> bool:
    """Whether no record of the type can meet the condition."""
    rooms: dict[str, Room] = {}
    for part in conjuncts(condition):
        if isinstance(part, nodes.Either):
            if never_true(part.left, record) and never_true(part.right, record):
                return True
        elif all(isinstance(node, FIXED) for node in walk(part)):
            if value_of(part, {}, {}) is not True:
                return True
        elif isinstance(part, nodes.Missing) and isinstance(part.item, nodes.Field):
            if always_there(part.item, record):
                return True
        else:
            narrow(part, record, rooms)
    return any(room.empty() for room in rooms.values())


def always_there(one: nodes.Field, record: RecordDeclaration) -> bool:
    """Whether every record has the field; a person's code may mean nobody."""
    spec = spec_in(record, one.name)
    return one.kind not in NAMED_OUTSIDE and one.record == record.key and (spec is None or not spec.optional)


def narrow(part: Node, record: RecordDeclaration, rooms: dict[str, Room]) -> None:
    """Note what a condition leaves of a field."""
    match part:
        case nodes.Field(_, name, Kind.FLAG):
            room_of(name, record, rooms).only({True})
        case nodes.Not(nodes.Field(_, name, Kind.FLAG)):
            room_of(name, record, rooms).only({False})
        case nodes.OneOf(nodes.Field(_, name), literals):
            room_of(name, record, rooms).only({literal.value for literal in literals})
        case nodes.Compare(op, nodes.Field(_, name), nodes.Literal(value)):
            restrict(room_of(name, record, rooms), op, value)
        case nodes.Compare(op, nodes.Literal(value), nodes.Field(_, name)):
            restrict(room_of(name, record, rooms), TURNED[op], value)


def room_of(name: str, record: RecordDeclaration, rooms: dict[str, Room]) -> Room:
    """The field's room, from what its declaration allows."""
    if name not in rooms:
        room = rooms[name] = Room()
        spec = spec_in(record, name)
        if isinstance(spec, Int | Number):
            if spec.minimum is not None:
                room.above(spec.minimum, itself=True)
            if spec.maximum is not None:
                room.below(spec.maximum, itself=True)
    return rooms[name]


def restrict(room: Room, op: str, value: Any) -> None:
    """Note a comparison with a constant."""
    match op:
        case "==":
            room.only({value})
        case "!=":
            room.barred.add(value)
        case ">" | ">=":
            room.above(value, itself=op == ">=")
        case "<" | "<=":
            room.below(value, itself=op == "<=")


def always_zero(found: Any) -> bool:
    """Whether a side of a ratio adds up nothing but noughts."""
    if not isinstance(found, measures.Sum) or found.tally.value is None:
        return False
    value = found.tally.value
    return all(isinstance(node, FIXED) for node in walk(value)) and not value_of(value, {}, {})


def require_measurable(found: Measure, tree: ast.expr, scope: Scope) -> list[FormulaProblem]:
    """What is wrong with the measure as a whole."""
    if record_types(found) or not scope.limits.strict:
        return []
    return [scope.source.problem("E-FORMULA-NO-RECORDS", tree, "")]
