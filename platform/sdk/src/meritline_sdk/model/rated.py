"""Rated indicators: numbers that people give. Decides who may give them, on which scale, and how they become one.

Ratings are put together by groups of raters: the mean within a group, then the groups by their weights. A company may
set weights, least numbers, names and the scale of its own; ``settled`` gives the indicator with what it set.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import ParameterRef, Scalar
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.rules import exact
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import SCORE_100, Direction, Unit

MANAGER, TEAM_LEADER, PEER, SELF = "manager", "team_leader", "peer", "self"
CUSTOMER, DEPARTMENT, INSPECTOR = "customer", "department", "inspector"
ROLES = (MANAGER, TEAM_LEADER, PEER, SELF, CUSTOMER, DEPARTMENT, INSPECTOR)
SAME = {"superior": MANAGER, "supervisor": MANAGER}
LEAST = {PEER: 3}

OF_MAXIMUM, MIN_MAX = "of_maximum", "min_max"
NORMALISATIONS = (OF_MAXIMUM, MIN_MAX)
WIDEST = 1_000_000
WEIGHT, MINIMUM = "weight_", "minimum_"


def role_named(word: str) -> str:
    """The role of a word for it: a superior is a manager."""
    return SAME.get(word, word)


@dataclass(frozen=True, slots=True)
class Raters:
    """A group of raters: ``weight`` against the other groups, and how many ratings it needs to count.

    Without a weight all groups count alike, save that one's own rating is shown and counts nothing. Peers are at
    least three, so that no rating can be traced to a person.
    """

    role: str
    weight: Decimal | int | str | None = None
    minimum: int | None = None

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "role", role_named(self.role))
        require_key(self.role, "rater role")
        given = (0 if self.role == SELF else 1) if self.weight is None else self.weight
        put(self, "weight", exact(given, f"raters {self.role!r}, weight"))
        put(self, "minimum", LEAST.get(self.role, 1) if self.minimum is None else self.minimum)
        if Decimal(given) < 0:
            raise DeclarationError(f"raters {self.role!r}: a weight is not negative, but it is {given}")
        if not isinstance(self.minimum, int) or isinstance(self.minimum, bool) or self.minimum < 1:
            raise DeclarationError(f"raters {self.role!r}: minimum is a whole number from 1 on, not {self.minimum}")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One described grade: what a rating of so many percent of the scale's maximum looks like at work.

    >>> Anchor(80, Text("Explains to the customer what was done", "向客户说明维修内容")).percent
    80
    """

    percent: int
    title: Text


@dataclass(frozen=True, slots=True)
class RatedIndicator:
    """A number that people give.

    - ``raters``: the groups that may rate; a plain role is a group that counts like the others.
    - ``minimum_raters``: with fewer ratings in all that count, the sample is too small.
    - ``normalising``: on the unit SCORE_100 a rating counts as ``value / scale_max * 100``, or by ``"min_max"`` as
      ``(value - scale_min) / (scale_max - scale_min) * 100``. On any other unit it counts as it is given.
    - ``looks_at`` says what raters look at, ``anchors`` describe grades.
    - ``comment_at_ends``: the lowest and the highest value need a comment.
    - ``needs_name``: no scheme may use it before the company has named it.
    - ``inspectors``: the position whose holders may rate as inspectors.
    - ``of``: it is never rated itself and reads the ratings of another rated indicator, ``set.key`` or of its own set.

    Raises ``DeclarationError`` for a scale that does not run upwards and for groups that all weigh nothing.

    >>> CARE = RatedIndicator("care", Text("Care", "责任心"), raters=(Raters("manager", 70), Raters("peer", 30)))
    >>> [one.minimum for one in CARE.groups]    # peers are never fewer than three
    [1, 3]
    """

    key: str
    title: Text
    scale_min: int = 0
    scale_max: int = 100
    unit: Unit = SCORE_100
    better: Direction = Direction.HIGHER
    raters: tuple[Raters | str, ...] = (MANAGER,)
    minimum_raters: int = 1
    note: Text | None = None
    normalising: str = OF_MAXIMUM
    looks_at: Text | None = None
    anchors: tuple[Anchor, ...] = ()
    comment_at_ends: bool = True
    needs_name: bool = False
    of: str | None = None
    inspectors: str = "quality_inspector"

    def __post_init__(self) -> None:
        require_key(self.key, "rated indicator")
        object.__setattr__(self, "raters", self.groups)
        roles = [one.role for one in self.groups]
        self._require(max(abs(self.scale_min), abs(self.scale_max)) <= WIDEST,
                      f"the scale lies within {WIDEST}, but it runs from {self.scale_min} to {self.scale_max}")
        self._require(self.scale_min < self.scale_max,
                      f"the scale runs upwards, but {self.scale_min} is not below {self.scale_max}")
        self._require(not self.normalised or self.scale_max > 0,
                      f"a rating counts as a share of the maximum, which must be above 0, not {self.scale_max}")
        self._require(self.normalising in NORMALISATIONS, f"normalising is one of {', '.join(NORMALISATIONS)}, "
                                                          f"not {self.normalising!r}")
        self._require(len(roles) == len(set(roles)), f"a role stands twice among {', '.join(roles)}")
        self._require(any(Decimal(one.weight or 0) > 0 for one in self.groups),
                      "no group of raters has a weight above 0, so nothing would count")
        self._require(isinstance(self.minimum_raters, int) and self.minimum_raters >= 0,
                      "minimum_raters is a whole number of ratings")

    def _require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise DeclarationError(f"rated indicator {self.key!r}: {otherwise}")

    @property
    def groups(self) -> tuple[Raters, ...]:
        """The groups of raters, a plain role as a group that counts like the others."""
        return tuple(one if isinstance(one, Raters) else Raters(one) for one in self.raters)

    @property
    def normalised(self) -> bool:
        """Whether a rating is put on 0 to 100."""
        return self.unit == SCORE_100

    def group(self, role: str) -> Raters | None:
        """The group of a role, if it rates."""
        return next((one for one in self.groups if one.role == role), None)

    def grades(self) -> tuple[tuple[Fraction, Text], ...]:
        """The described grades as values of the scale."""
        return tuple((Fraction(self.scale_max * one.percent, 100), one.title) for one in self.anchors)

    def parameters(self) -> tuple[ParameterRef, ...]:
        """What a company may set. A weight also brings in a group that the definition does not ask."""
        if self.of is not None:
            return ()
        roles = dict.fromkeys((*(one.role for one in self.groups), *ROLES))
        found = [one for role in roles for one in group_parameters(role, self.group(role))]
        if self.normalised:
            found += [ParameterRef("scale_min", Kind.INT, self.scale_min),
                      ParameterRef("scale_max", Kind.INT, self.scale_max),
                      ParameterRef("normalising", Kind.CODE, self.normalising, options=NORMALISATIONS)]
        return (*found, ParameterRef("comment_at_ends", Kind.FLAG, self.comment_at_ends),
                ParameterRef("inspectors", Kind.CODE, self.inspectors),
                ParameterRef("name", Kind.CODE, None), ParameterRef("name_zh", Kind.CODE, None))

    def settled(self, given: Mapping[str, Scalar | None], minimum_raters: int | None = None) -> "RatedIndicator":
        """The indicator with what the company set; DeclarationError where that makes no sense."""
        if self.of is not None:
            return self
        name, name_zh = (str(given.get(key) or "").strip() for key in ("name", "name_zh"))
        title = Text(name or name_zh, name_zh or name) if name or name_zh else self.title
        roles = dict.fromkeys((*(one.role for one in self.groups), *ROLES))
        groups = [one for role in roles if (one := settled_group(role, self.group(role), given)) is not None]
        chosen = {key: given[key] for key in ("scale_min", "scale_max", "normalising", "comment_at_ends", "inspectors")
                  if given.get(key) is not None}
        return replace(
            self, title=title, raters=tuple(groups), needs_name=self.needs_name and title == self.title,
            minimum_raters=self.minimum_raters if minimum_raters is None else minimum_raters, **chosen,  # type: ignore[arg-type]
        )  # fmt: skip


def group_parameters(role: str, group: Raters | None) -> tuple[ParameterRef, ParameterRef]:
    """Weight and least number of a group; the weight of one that is not asked is blank."""
    least = LEAST.get(role, 1) if group is None else group.minimum
    weight = None if group is None else Decimal(group.weight or 0)
    return (ParameterRef(f"{WEIGHT}{role}", Kind.NUMBER, weight), ParameterRef(f"{MINIMUM}{role}", Kind.INT, least))


def settled_group(role: str, group: Raters | None, given: Mapping[str, Scalar | None]) -> Raters | None:
    """The group as the company has it; None where nobody asks it."""
    weight, least = given.get(f"{WEIGHT}{role}"), given.get(f"{MINIMUM}{role}")
    if weight is None and group is None:
        return None
    kept = group or Raters(role)
    return Raters(role, kept.weight if weight is None else weight, kept.minimum if least is None else least)  # type: ignore[arg-type]
