"""What a version of a scheme or reward table was saved with. Decides that it is read by the definitions of that day.

A pin names the definition of one indicator of a set, by hash, and the plugin that brought it. A company's own
indicators are not pinned: who changes one decides it for what is not locked yet. Parameters and minimum samples are
those that the company has set now: a parameter that the pinned definition does not know is passed over, one that was
never set has the pinned definition's default, and so has a minimum sample that the company left as it was proposed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from meritline.appraisal import pins_store as store
from meritline.appraisal.indicators import TenantIndicator, declared, least_sample
from meritline.db import Connection
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.kinds import Kind
from meritline_sdk.model.nodes import ParameterRef, Scalar


@dataclass(frozen=True, slots=True)
class Pin:
    """The definition that is meant, and what brought it; None where that was never noted."""

    hash: str
    set_key: str
    plugin: str | None = None
    version: str | None = None


type Pins = Mapping[str, Pin]
NO_PINS: Pins = MappingProxyType({})
HOLDS: Mapping[Kind, tuple[type, ...]] = {
    Kind.DURATION: (int,), Kind.INT: (int,), Kind.NUMBER: (int, Decimal), Kind.FLAG: (bool,), Kind.DAY: (date,),
    Kind.CODE: (str,), Kind.CHOICE: (str,),
}  # fmt: skip


def pins_of(*texts: str | None) -> Pins:
    """The pins of stored versions; where two have one, the later text decides."""
    return MappingProxyType({key: Pin(*each) for text in texts for key, each in store.pairs(text)})


async def as_pinned(conn: Connection, tenant_id: UUID, known: Mapping[str, TenantIndicator],
                    pins: Sequence[Pins]) -> list[Mapping[str, TenantIndicator]]:
    """The company's indicators as each of the versions has them. A statement is only needed where one differs."""
    wanted = {pin.hash for some in pins for key, pin in some.items()
              if key in known and known[key].definition_hash != pin.hash}
    bodies = await store.definitions(conn, tenant_id, wanted) if wanted else {}
    return [{**known, **{key: pinned(known[key], pin, bodies) for key, pin in some.items() if key in known}}
            for some in pins]


def pinned(now: TenantIndicator, pin: Pin, bodies: Mapping[str, AnyIndicator]) -> TenantIndicator:
    """The indicator by the definition that was pinned, as the company has set it."""
    plugin, version = pin.plugin or now.plugin, pin.version or now.plugin_version
    if pin.hash == now.definition_hash:
        return replace(now, plugin=plugin, plugin_version=version)
    indicator = bodies[pin.hash]
    given = {**now.kept, **now.own}
    own = {one.name: given[one.name] for one in declared(indicator)
           if one.name in given and takes(one, given[one.name])}
    whole: dict[str, Any] = {one.name: own.get(one.name, one.default) for one in declared(indicator)}
    return replace(now, indicator=indicator, definition_hash=pin.hash, own=MappingProxyType(own), kept=NO_VALUES,
                   parameters=MappingProxyType(whole), plugin=plugin, plugin_version=version,
                   minimum_sample=now.minimum_sample if now.chosen_sample else least_sample(indicator))


NO_VALUES: Mapping[str, Scalar] = MappingProxyType({})


def takes(one: ParameterRef, value: Scalar) -> bool:
    """Whether the parameter can have the value, which may have been set for another definition of it."""
    fits = isinstance(value, HOLDS.get(one.kind, ())) and isinstance(value, bool) == (one.kind is Kind.FLAG)
    return fits and (not one.options or value in one.options)


def pins_now(keys: Iterable[str], known: Mapping[str, TenantIndicator]) -> dict[str, Pin]:
    """The present definitions of these indicators, as far as sets brought them."""
    return {key: Pin(one.definition_hash, one.set_key, one.plugin, one.plugin_version)
            for key in sorted(keys) if (one := known.get(key)) is not None and one.set_key is not None}


__all__ = ["NO_PINS", "Pin", "Pins", "as_pinned", "pinned", "pins_now", "pins_of", "takes"]
