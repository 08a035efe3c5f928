"""Weights: what they must sum to, as a whole and by dimension. Decides which sums a scheme may have.

Three choices: the items sum to 100 (within a stated tolerance), they are brought to 100 in proportion, or they are
taken as they are. A dimension may have a sum of its own, or its items may be weighed among themselves.
A printed scheme whose weights miss 100 leaves the choice open (``UNDECIDED``); who takes it must choose, or mend them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from meritline_sdk.model.blanks import Blank, Open, is_open
from meritline_sdk.model.items import Item
from meritline_sdk.model.records import DeclarationError, require_key
from meritline_sdk.model.rules import exact
from meritline_sdk.model.text import Text

MUST_SUM_TO_100 = "must_sum_to_100"
"""``weights=``: the weights of the items sum to 100, or the scheme is refused."""
RENORMALISED = "renormalise"
"""``weights=``: the weights are brought to 100 in proportion."""
AS_GIVEN = "as_given"
"""``weights=``: the weights are taken as they are."""
WEIGHT_CHOICES = (MUST_SUM_TO_100, RENORMALISED, AS_GIVEN)
UNDECIDED = "undecided"
"""``weights=`` of a printed template whose weights miss 100: whoever takes it must choose."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of items under one heading.

    ``inner``: its items are weighed among themselves, to 100, and the dimension's ``weight`` says what the group is
    worth (ability 30 + 20 + 20 + 15 + 15, and 20 for ability as a whole); what is left out is spread within the group.
    Otherwise the items' weights are of the whole, and ``weight``, if there is one, is what they must sum to.
    """

    key: str
    title: Text
    weight: Open | None = None
    inner: bool = False

    def __post_init__(self) -> None:
        require_key(self.key, "dimension")
        if self.weight is not None:
            object.__setattr__(self, "weight", exact(self.weight, f"dimension {self.key!r}, weight"))
            if not isinstance(self.weight, Blank) and self.weight < 0:  # type: ignore[operator]
                raise DeclarationError(f"dimension {self.key!r}: a weight is not negative")
        if self.inner and self.weight is None:
            raise DeclarationError(f"dimension {self.key!r}: its items are weighed among themselves, so it needs a "
                                   "weight of its own")


class WeightsError(DeclarationError):
    """The weights do not sum to what the scheme, or a dimension of it, says that they must."""

    def __init__(self, scheme: str, total: Decimal, wanted: Decimal = Decimal(100),
                 dimension: str | None = None) -> None:
        self.total, self.wanted, self.dimension = total, wanted, dimension
        word = (f"add the missing {wanted - total}" if total < wanted else f"take off the {total - wanted} too many")
        where = f"scheme {scheme!r}" + (f", dimension {dimension!r}" if dimension else "")
        super().__init__(f"{where}: the items sum to {total}, not {wanted}, and weights = \"{MUST_SUM_TO_100}\"; "
                         f"{word}, or choose weights = \"{RENORMALISED}\"")


def require_weights(scheme: str, items: Sequence[Item], choice: str, dimensions: Sequence[Dimension] = (),
                    tolerance: Open = 0, heaviest: Sequence[str] = ()) -> None:
    """Raise where the weights break what the scheme says of them; sums with a blank in them are not looked at."""
    require_dimensions(scheme, items, dimensions)
    for wanted, dimension, weights in sums(items, dimensions):
        if is_open(tolerance, *weights) or wanted is None:
            continue
        total = sum(map(Decimal, weights), Decimal(0))  # type: ignore[arg-type]
        if choice == MUST_SUM_TO_100 and abs(wanted - total) > Decimal(tolerance):  # type: ignore[arg-type]
            raise WeightsError(scheme, total, wanted, dimension)
        if total <= 0:
            raise DeclarationError(f"scheme {scheme!r}: all weights are zero")
    if outweighed := heavier(items, dimensions, heaviest):
        raise DeclarationError(f"scheme {scheme!r}: {outweighed[0]!r} weighs {outweighed[1]}, more than "
                               f"{outweighed[2]!r} with {outweighed[3]}, which no other item may outweigh")


def require_dimensions(scheme: str, items: Sequence[Item], dimensions: Sequence[Dimension]) -> None:
    """Raise where a dimension stands twice, is unknown or empty."""
    keys = [one.key for one in dimensions]
    if len(set(keys)) != len(keys):
        raise DeclarationError(f"scheme {scheme!r}: a dimension stands twice")
    named = {item.dimension for item in items if isinstance(item.dimension, str)}
    for key in sorted(named - set(keys)):
        raise DeclarationError(f"scheme {scheme!r}: dimension {key!r} is not declared; "
                               f"known: {', '.join(keys) or 'none'}")
    for key in sorted(set(keys) - named):
        raise DeclarationError(f"scheme {scheme!r}: dimension {key!r} has no item")


def sums(items: Sequence[Item], dimensions: Sequence[Dimension]) -> list[tuple[Decimal | None, str | None, list[Open]]]:
    """Every sum that is looked at: what it must be (None: a blank), whose it is, and the weights."""
    hundred, inner = Decimal(100), {one.key for one in dimensions if one.inner}
    found: list[tuple[Decimal | None, str | None, list[Open]]] = []
    top: list[Open] = [item.weight for item in items if item.dimension not in inner]
    for one in dimensions:
        own: list[Open] = [item.weight for item in items if item.dimension == one.key]
        if one.inner and one.weight is not None:
            top.append(one.weight)
            found.append((hundred, one.key, own))
        elif one.weight is not None:
            found.append((None if isinstance(one.weight, Blank) else Decimal(one.weight), one.key, own))
    return [(hundred, None, top), *found]


def whole_weights(items: Sequence[Item], dimensions: Sequence[Dimension]) -> dict[str, Fraction | None]:
    """What each item weighs of the whole, by name; None where a blank stands in the way."""
    known = {one.key: one for one in dimensions if one.inner}
    found: dict[str, Fraction | None] = {}
    for item in items:
        group = known.get(item.dimension) if isinstance(item.dimension, str) else None
        weights = [one.weight for one in items if one.dimension == item.dimension] if group else []
        if is_open(item.weight, *weights, group.weight if group else 0):
            found[item.name()] = None
        elif group is None or group.weight is None:
            found[item.name()] = Fraction(item.weight)  # type: ignore[arg-type]
        else:
            total = sum(map(Fraction, weights), Fraction(0))  # type: ignore[arg-type]
            found[item.name()] = Fraction(group.weight) * Fraction(item.weight) / total if total else Fraction(0)  # type: ignore[arg-type]
    return found


def heavier(items: Sequence[Item], dimensions: Sequence[Dimension],
            heaviest: Sequence[str]) -> tuple[str, Fraction, str, Fraction] | None:
    """The first item that outweighs one which none may outweigh: its name and weight, the other's name and weight."""
    weights = whole_weights(items, dimensions)
    for key in heaviest:
        if key not in weights:
            raise DeclarationError(f"heaviest: no item {key!r}; known: {', '.join(weights)}")
        limit = weights[key]
        for name, weight in weights.items():
            if limit is not None and weight is not None and name not in heaviest and weight > limit:
                return name, weight, key, limit
    return None
