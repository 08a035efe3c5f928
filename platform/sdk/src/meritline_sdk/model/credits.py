"""Whom a record counts for. Decides which fields may be credited, and that a tenant may choose among ways of credit."""

from collections.abc import Mapping
from dataclasses import dataclass

from meritline_sdk.model.expressions import Expr, ExpressionError, Parameter, describe
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import Field, Node, ParameterRef, Scalar, kind_of


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom a record counts for.

    ``field`` is a Person, People or Team field, or None for what counts for the company alone.
    ``mode``: ``whole`` (the person gets it whole), ``share`` (People: each their part of the whole),
    ``each`` (People: each gets it whole; a team and the company still count it once), ``divided`` (a Person gets
    one ``divisor``-th, the rest stays visibly unassigned).
    """

    field: Field | None
    mode: str = "whole"
    divisor: Node | None = None


@dataclass(frozen=True, slots=True)
class ChosenCredit:
    """Credit that a tenant chooses: the options by the value of the parameter."""

    parameter: ParameterRef
    options: tuple[tuple[str, Credit], ...]

    def chosen(self, parameters: Mapping[str, Scalar]) -> Credit:
        """The credit that the tenant chose."""
        wanted = parameters.get(self.parameter.name, self.parameter.default)
        return next(credit for name, credit in self.options if name == wanted)


type Credited = Expr | Credit | ChosenCredit
"""What ``credit=`` takes: a Person, People or Team field, or what ``each``, ``divided``, ``company_only`` or
``credit_choice`` gives."""


def each(people: Expr) -> Credit:
    """``credit=each(people)``: every one of the people gets the record whole; a team and the company count it once.

    >>> each(Callout.helpers).mode
    'each'
    """
    return Credit(credited_field(people, Kind.PEOPLE), "each")


def divided(person: Expr, by: Expr) -> Credit:
    """``credit=divided(person, by)``: the person gets one ``by``-th of the record; the rest stays visibly nobody's.

    ``by`` is a whole number; a record where it is missing or below one counts for nobody. Raises ``ExpressionError``
    for what is no person, or no whole number.

    >>> divided(Callout.mechanic, by=Callout.visits).mode
    'divided'
    """
    if kind_of(by.node) is not Kind.INT:
        raise ExpressionError(f"credit is divided by a whole number, but {describe(by.node)} is a {kind_of(by.node)}")
    return Credit(credited_field(person, Kind.PERSON), "divided", by.node)


def company_only() -> Credit:
    """``credit=company_only()``: the record counts for the company and for nobody else.

    >>> company_only().field is None
    True
    """
    return Credit(None, "company")


def credit_choice(parameter: Parameter, options: Mapping[str, Expr | Credit]) -> ChosenCredit:
    """A tenant's choice among ways of credit: ``credit_choice(CREDIT, {"resolver": Ticket.resolved_by, ...})``.

    The parameter's options are the names, else ``ExpressionError``.

    >>> WHOSE = Parameter("whose", "mechanic", options=("mechanic", "depot"))
    >>> [name for name, _ in credit_choice(WHOSE, {"mechanic": Callout.mechanic, "depot": Callout.depot}).options]
    ['mechanic', 'depot']
    """
    node = parameter.node
    assert isinstance(node, ParameterRef)
    if not options or set(node.options) != set(options):
        raise ExpressionError(f"parameter {node.name!r} has the options {', '.join(map(str, node.options)) or 'none'}, "
                              f"the credit has {', '.join(options) or 'none'}")
    return ChosenCredit(node, tuple((name, plain_credit(chosen)) for name, chosen in options.items()))


def plain_credit(chosen: Expr | Credit) -> Credit:
    """The credit asked for: a credit, or the field of a person, of people who share, or of a team."""
    if isinstance(chosen, Credit):
        return chosen
    found = credited_field(chosen, Kind.PERSON, Kind.TEAM, Kind.PEOPLE)
    return Credit(found, "share" if found.kind is Kind.PEOPLE else "whole")


def credited_field(chosen: Expr, *kinds: Kind) -> Field:
    """The field behind the proxy, if it is of one of the kinds."""
    node = chosen.node if isinstance(chosen, Expr) else chosen
    if not isinstance(node, Field) or node.kind not in kinds:
        raise ExpressionError(f"credit goes to a field of kind {' or '.join(kinds)}: got {node!r}")
    return node


def credits_of(credit: Credit | ChosenCredit) -> tuple[Credit, ...]:
    """Every credit it may come to."""
    return tuple(one for _, one in credit.options) if isinstance(credit, ChosenCredit) else (credit,)
