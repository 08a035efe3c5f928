"""A company's indicators: the definition of a set with the company's own parameters and minimum sample.

Parameters are kept as what the company set and read as the whole: what it left alone has the definition's default.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from meritline import audit
from meritline.appraisal import schemes_store as store
from meritline.appraisal.documents.quantities import in_unit
from meritline.appraisal.pins_store import parsed
from meritline.db import Connection, UnitOfWork
from meritline.documents import Document, Table
from meritline.documents.table import exact_number, nearest_first
from meritline.errors import Problem, Refused, Stale
from meritline.tenancy import store as company
from meritline_sdk.model.canonical import from_plain, to_plain
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.kinds import MICROSECONDS_PER_SECOND, Kind
from meritline_sdk.model.nodes import ParameterRef, Scalar
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.units import SECONDS


@dataclass(frozen=True, slots=True)
class TenantIndicator:
    """One indicator of a company. ``own`` is what the company set; ``parameters`` has the defaults too.

    ``kept`` is what the company set of parameters that only an earlier definition has: schemes that pinned it read by
    it. ``chosen_sample``: the company set the minimum sample, else the definition proposed it. ``plugin`` brought the
    definition, in that version.
    """

    key: str
    indicator: AnyIndicator
    parameters: Mapping[str, Scalar]
    minimum_sample: int
    version: int
    definition_hash: str
    own: Mapping[str, Scalar]
    set_key: str | None = None
    kept: Mapping[str, Scalar] = MappingProxyType({})
    chosen_sample: bool = True
    plugin: str | None = None
    plugin_version: str | None = None


@dataclass(frozen=True, slots=True)
class IndicatorSettings:
    """What a company may set of an indicator; None leaves the sample as it is.

    ``proposed`` is what a starter sets where the company has set nothing, ``proposed_in`` the document that takes the
    starter. ``stays``: the company says nothing of the indicator, so whatever it set before stays.
    """

    key: str
    parameters: Mapping[str, Scalar]
    minimum_sample: int | None
    proposed: Mapping[str, Scalar] = MappingProxyType({})
    proposed_in: Document | None = None
    stays: bool = False


def bound(row: Any, indicator: AnyIndicator) -> TenantIndicator:
    """A row as a value."""
    given = {name: from_plain(value) for name, value in json.loads(row["parameters"]).items()}
    parameters = declared_in(row["definition_hash"], row["body"])
    names = {one.name for one in parameters}
    own = {name: value for name, value in given.items() if name in names}
    kept = {name: value for name, value in given.items() if name not in names}
    whole: dict[str, Any] = {one.name: own.get(one.name, one.default) for one in parameters}
    return TenantIndicator(
        row["key"], indicator, MappingProxyType(whole), row["minimum_sample"], row["version"], row["definition_hash"],
        MappingProxyType(own), row["set_key"], MappingProxyType(kept), row["sample_chosen"], row["plugin"],
        row["plugin_version"],
    )  # fmt: skip


def declared(indicator: AnyIndicator) -> tuple[ParameterRef, ...]:
    """The parameters a company may set."""
    return indicator.parameters()


@lru_cache(maxsize=4096)
def declared_in(definition_hash: str, body: str) -> tuple[ParameterRef, ...]:
    """Those of a stored definition: to find them, its whole tree is walked, and every reading of a company's
    indicators asks for those of all."""
    return declared(parsed(definition_hash, body))


def least_sample(indicator: AnyIndicator) -> int:
    """The minimum sample that the definition proposes."""
    return indicator.minimum_sample if isinstance(indicator, Indicator) else indicator.minimum_raters


def read_settings(table: Table, indicators: Mapping[str, AnyIndicator]) -> IndicatorSettings | None:
    """``{ key = "call_center.service_level", minimum_sample = 20, parameters = { within = "20 s" } }``."""
    before = len(table.problems)
    key, sample = table.text("key", required=True), table.whole("minimum_sample")
    inner = table.table("parameters")
    table.finish()
    indicator = indicators.get(key or "")
    if key is not None and indicator is None:
        table.report("E-INDICATOR-UNKNOWN", "key", value=key, known=nearest_first(key, indicators)[:3])
    found = read_parameters(inner, key or "", indicator) if inner and indicator else {}
    if isinstance(indicator, RatedIndicator) and len(table.problems) == before:
        require_sensible(table, indicator, found)
    if key is None or len(table.problems) != before:
        return None
    return IndicatorSettings(key, MappingProxyType(found), sample)


def require_sensible(table: Table, indicator: RatedIndicator, given: Mapping[str, Scalar]) -> None:
    """Report what makes no sense together, such as a scale that runs downwards or weights that are all zero."""
    try:
        indicator.settled(given)
    except DeclarationError as wrong:
        table.report("E-INDICATOR-RATED", "parameters", value=indicator.key, reason=wrong)


def read_parameters(table: Table, key: str, indicator: AnyIndicator) -> dict[str, Scalar]:
    """The values of the parameters, each of its parameter's kind."""
    known = {one.name: one for one in declared(indicator)}
    found: dict[str, Scalar] = {}
    for name in table.data:
        if name not in known:
            table.report("E-INDICATOR-PARAMETER", name, value=name, indicator=key,
                         known=nearest_first(name, known) or ("—",))
            continue
        value = scalar(table.data[name], known[name].kind)
        if value is not None and known[name].options and value not in known[name].options:
            table.report("E-INDICATOR-OPTION", name, value=table.data[name], parameter=name, indicator=key,
                         known=nearest_first(str(value), map(str, known[name].options)))
            continue
        if value is None:
            table.report("E-INDICATOR-PARAMETER-VALUE", name, value=table.data[name], parameter=name, indicator=key,
                         kind=known[name].kind.value, example=spelt(known[name].default, known[name].kind))
            continue
        found[name] = value
    return found


def scalar(value: object, kind: Kind) -> Scalar | None:
    """The value as the kind has it, or None."""
    match kind:
        case Kind.DURATION:
            number, _ = in_unit(value, SECONDS) if isinstance(value, str) else (None, "")
            micros = None if number is None else number * MICROSECONDS_PER_SECOND
            return int(micros) if micros is not None and micros == micros.to_integral_value() and micros >= 0 else None
        case Kind.INT | Kind.NUMBER:
            found = exact_number(value)
            if isinstance(found, str) or (kind is Kind.INT and found != found.to_integral_value()):
                return None
            return int(found) if kind is Kind.INT else found
        case Kind.FLAG:
            return value if isinstance(value, bool) else None
        case Kind.DAY:
            return value if type(value) is date else None
        case Kind.CODE | Kind.CHOICE:
            return value if isinstance(value, str) and value.strip() else None
    return None


def spelt(value: Scalar | None, kind: Kind) -> str:
    """A parameter's value as one writes it; of a blank an example."""
    if value is None:
        return "24 h" if kind is Kind.DURATION else "1"
    if kind is Kind.DURATION and isinstance(value, int):
        seconds = Decimal(value) / MICROSECONDS_PER_SECOND
        return f"{seconds.normalize():f} s"
    return str(value)


async def save_indicator(uow: UnitOfWork, actor: str, document: Document | Mapping[str, Any],
                         expected_version: int | None = None) -> int:
    """Set an indicator's parameters and minimum sample; its version afterwards. The same again changes nothing."""
    await company.lock(uow.conn, uow.tenant_id)
    rows = {row["key"]: row for row in await store.indicators(uow.conn, uow.tenant_id)}
    known = {key: parse_row(row) for key, row in rows.items()}
    problems: list[Problem] = []
    whole = document if isinstance(document, Document) else Document(document)
    given = read_settings(Table(whole, problems), known)
    if given is None:
        raise Refused(problems)
    return await store_settings(uow, actor, given, bound(rows[given.key], known[given.key]), expected_version)


def parse_row(row: Any) -> AnyIndicator:
    """The definition of a row."""
    found: AnyIndicator = parsed(row["definition_hash"], row["body"])
    return found


async def store_settings(uow: UnitOfWork, actor: str, given: IndicatorSettings, before: TenantIndicator,
                         expected_version: int | None = None) -> int:
    """Keep checked settings of an indicator that is there."""
    if expected_version is not None and expected_version != before.version:
        raise Stale(kind="indicator", value=given.key, expected=expected_version, actual=before.version)
    sample = before.minimum_sample if given.minimum_sample is None else given.minimum_sample
    if dict(given.parameters) == dict(before.own) and sample == before.minimum_sample:
        return before.version
    chosen = sample != least_sample(before.indicator) if given.minimum_sample is not None else before.chosen_sample
    await put(uow.conn, uow.tenant_id, given.key, before.indicator, before.set_key,
              {**before.kept, **given.parameters}, sample, before.version + 1, actor, chosen=chosen,
              brought=(before.plugin, before.plugin_version))
    await audit.append(uow.conn, uow.tenant_id, actor=actor, action="indicator.save", subject=f"indicator:{given.key}",
                       body={"version": before.version + 1, "minimum_sample": sample,
                             "parameters": {name: to_plain(value) for name, value in given.parameters.items()}})
    return before.version + 1


async def put(conn: Connection, tenant_id: UUID, key: str, indicator: AnyIndicator, set_key: str | None,
              own: Mapping[str, Scalar], sample: int, version: int, actor: str, golden: str | None = None, *,
              chosen: bool = True, brought: tuple[str | None, str | None] = (None, None)) -> None:
    """Definition, head and version of an indicator. ``chosen``: the company set the sample; ``brought``: by which
    plugin, in which version."""
    measured = isinstance(indicator, Indicator)
    name = await store.put_definition(conn, tenant_id, "indicator", indicator)
    title = indicator.settled(own).title if isinstance(indicator, RatedIndicator) else indicator.title
    await store.put_indicator(
        conn, tenant_id, key=key, set_key=set_key, title=title, unit=indicator.unit.key,
        direction=indicator.better.value, kind="measured" if measured else "rated", minimum_sample=sample,
        definition_hash=name, parameters=store.json_text({one: to_plain(value) for one, value in own.items()}),
        version=version, actor=actor, golden=golden, sample_chosen=chosen, plugin=brought[0], plugin_version=brought[1],
    )  # fmt: skip
