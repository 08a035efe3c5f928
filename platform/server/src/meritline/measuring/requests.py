"""What is asked of the records. Decides which tallies share one pass: those of one record type, credit and moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from meritline_sdk.model.expressions import parameters_of
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.measures import OF_NO_RECORDS, Credit, Tally, settled
from meritline_sdk.model.nodes import Both, Field, Node, Scalar, Titled, kind_of, walk


@dataclass(frozen=True, slots=True)
class TallyRequest:
    """A tally with the tenant's parameters bound; those it does not use are left out, so that equal work is equal."""

    tally: Tally
    bound: tuple[tuple[str, Scalar | None], ...] = ()
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        """Kept, since it walks the whole expression, and a run looks requests up all the time."""
        if not self._hash:
            object.__setattr__(self, "_hash", hash((self.tally, self.bound)) or 1)
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process hashes text differently."""
        return TallyRequest, (self.tally, self.bound)

    @classmethod
    def of(cls, tally: Tally, parameters: Mapping[str, Scalar] | None = None) -> Self:
        """The request, with the credit that the tenant chose; a parameter that is not given has its default."""
        chosen = settled(tally, parameters or {})
        return cls(chosen, bound_in(chosen.nodes(), parameters or {}))

    @property
    def parameters(self) -> Mapping[str, Scalar]:
        """By name."""
        return dict(self.bound)  # type: ignore[arg-type]

    @property
    def plain(self) -> "TallyRequest":
        """The same of the period itself."""
        return replace(self, tally=replace(self.tally, earlier=0)) if self.tally.earlier else self

    @property
    def credit(self) -> Credit:
        """The credit, which is settled."""
        assert isinstance(self.tally.credit, Credit), "a request is made by TallyRequest.of"
        return self.tally.credit


def bound_in(parts: Iterable[Node], parameters: Mapping[str, Scalar]) -> tuple[tuple[str, Scalar | None], ...]:
    """The parameters that occur in the nodes, with their values; None for a blank."""
    return tuple((each.name, parameters.get(each.name, each.default)) for each in parameters_of(parts))


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the records of a type; the divisor of its credit and its moment have their parameters bound.

    Where the moment is not simply a field, periods do not share a pass: ``earlier`` says whose pass it is.
    """

    record: str
    credit: Credit
    at: Node | None
    bound: tuple[tuple[str, Scalar | None], ...] = field(default=())
    earlier: int | None = None

    @property
    def parameters(self) -> Mapping[str, Scalar]:
        """By name."""
        return dict(self.bound)  # type: ignore[arg-type]

    @property
    def instants(self) -> bool:
        """Whether its moments are instants; otherwise they are local days."""
        return self.at is not None and kind_of(self.at) is Kind.INSTANT

    @property
    def plain(self) -> bool:
        """Whether its moments stand in a column, which has an index."""
        return isinstance(self.at, Field)


def passes(requests: Iterable[TallyRequest]) -> dict[Pass, list[TallyRequest]]:
    """The requests by the pass that answers them, without repetition; those that look at no records are left out."""
    found: dict[Pass, list[TallyRequest]] = {}
    for request in dict.fromkeys(requests):
        if request.tally.how not in OF_NO_RECORDS:
            found.setdefault(pass_of(request), []).append(request)
    return found


def pass_of(request: TallyRequest) -> Pass:
    """The pass that answers the request."""
    tally, credit = request.tally, request.credit
    parts = tuple(part for part in (credit.divisor, tally.at) if part is not None)
    at = None if tally.at is None else untitled(tally.at)
    alone = not isinstance(at, Field) or not all(isinstance(untitled(each), Field) for each in parts)
    return Pass(tally.record, credit, at, bound_in(parts, request.parameters), tally.earlier if alone else None)


def untitled(node: Node) -> Node:
    """What the title stands for."""
    return untitled(node.item) if isinstance(node, Titled) else node


def all_of(node: Node | None) -> tuple[Node, ...]:
    """The conditions that must all be true."""
    match None if node is None else untitled(node):
        case None:
            return ()
        case Both(left, right):
            return (*all_of(left), *all_of(right))
        case found:
            return (found,)


def fields_of(requests: Iterable[TallyRequest]) -> tuple[Field, ...]:
    """Every field that the requests look at, save that which is credited."""
    looked = {node for request in requests for part in request.tally.nodes()
              for node in walk(part) if isinstance(node, Field)}  # fmt: skip
    return tuple(sorted(looked, key=lambda each: (each.name, each.kind)))
