"""What is asked of the records. Decides which tallies share one pass: those of one record type, credit and moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from meritline_sdk.model.expressions import parameters_of
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import Credit, Tally
from meritline_sdk.model.nodes import Field, Node, Scalar, walk


@dataclass(frozen=True, slots=True)
class TallyRequest:
    """A tally with the tenant's parameters bound; those it does not use are left out, so that equal work is equal."""

    tally: Tally
    bound: tuple[tuple[str, Scalar], ...] = ()

    @classmethod
    def of(cls, tally: Tally, parameters: Mapping[str, Scalar] | None = None) -> Self:
        """The request; a parameter that is not given has its default."""
        return cls(tally, bound_in(tally.nodes(), parameters or {}))

    @property
    def parameters(self) -> Mapping[str, Scalar]:
        """By name."""
        return dict(self.bound)


def bound_in(parts: Iterable[Node], parameters: Mapping[str, Scalar]) -> tuple[tuple[str, Scalar], ...]:
    """The parameters that occur in the nodes, with their values."""
    return tuple((each.name, parameters.get(each.name, each.default)) for each in parameters_of(parts))


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the records of a type; the divisor of its credit has its parameters bound as well."""

    record: str
    credit: Credit
    at: Field
    bound: tuple[tuple[str, Scalar], ...] = field(default=())

    @property
    def instants(self) -> bool:
        """Whether its moments are instants; otherwise they are local days."""
        return self.at.kind is Kind.INSTANT


def passes(requests: Iterable[TallyRequest]) -> dict[Pass, list[TallyRequest]]:
    """The requests by the pass that answers them, without repetition."""
    found: dict[Pass, list[TallyRequest]] = {}
    for request in dict.fromkeys(requests):
        tally = request.tally
        divisor = () if tally.credit.divisor is None else (tally.credit.divisor,)
        key = Pass(tally.record, tally.credit, tally.at, bound_in(divisor, request.parameters))
        found.setdefault(key, []).append(request)
    return found


def fields_of(requests: Iterable[TallyRequest]) -> tuple[Field, ...]:
    """Every field that the requests look at, save that which is credited."""
    looked = {node for request in requests for part in (request.tally.at, *request.tally.nodes())
              for node in walk(part) if isinstance(node, Field)}  # fmt: skip
    return tuple(sorted(looked, key=lambda each: (each.name, each.kind)))
