"""A company's rated indicators: the definition with the weights, names and scale that the company has set.

An indicator that reads another one's ratings is never asked for itself: its ratings are those of its source.
"""

from collections.abc import Iterable, Mapping

from meritline.appraisal.indicators import IndicatorSettings, TenantIndicator
from meritline.errors import MeritlineError
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.rated import RatedIndicator
from meritline_sdk.model.records import DeclarationError


def as_chosen(one: TenantIndicator) -> AnyIndicator:
    """The indicator as the company has it; settings that no longer fit a newer definition are refused by name."""
    if not isinstance(one.indicator, RatedIndicator):
        return one.indicator
    try:
        return one.indicator.settled(one.parameters, one.minimum_sample)
    except DeclarationError as wrong:
        raise MeritlineError("E-INDICATOR-RATED", field="parameters", value=one.key, reason=wrong) from wrong


def settled_by(indicators: Mapping[str, AnyIndicator],
               settings: Iterable[IndicatorSettings]) -> dict[str, AnyIndicator]:
    """The definitions with what a manifest sets of the rated ones."""
    found = dict(indicators)
    for one in settings:
        indicator = found.get(one.key)
        if isinstance(indicator, RatedIndicator):
            found[one.key] = indicator.settled(one.parameters, one.minimum_sample)
    return found


def source_key(key: str, indicator: AnyIndicator) -> str:
    """Whose ratings it reads: its own, or those of the indicator it names, by default of the same set."""
    if not isinstance(indicator, RatedIndicator) or indicator.of is None:
        return key
    return indicator.of if "." in indicator.of else f"{key.rpartition('.')[0]}.{indicator.of}"


def with_sources(keys: Iterable[str], known: Mapping[str, TenantIndicator]) -> set[str]:
    """The keys, and those whose ratings they read."""
    asked = set(keys)
    return asked | {source for key in asked if key in known
                    if (source := source_key(key, known[key].indicator)) in known}


def rated_of(indicators: Mapping[str, TenantIndicator]) -> dict[str, tuple[str, RatedIndicator]]:
    """Every rated indicator with the key of its source, and the source as the company has it."""
    found: dict[str, tuple[str, RatedIndicator]] = {}
    for key, one in indicators.items():
        source = source_key(key, one.indicator)
        if isinstance(one.indicator, RatedIndicator) and source in indicators:
            settled = as_chosen(indicators[source])
            assert isinstance(settled, RatedIndicator)
            found[key] = source, settled
    return found
