"""Whether the Python functions of a plugin can be found again by their names. Runs where the plugin runs."""

import sys
from collections.abc import Iterator, Sequence

from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.acceptance.parts import told
from meritline_sdk.evaluate.answers import function_of
from meritline_sdk.model.functions import PythonMeasure, digest_of, name_of
from meritline_sdk.model.indicators import Indicator, RatedIndicator
from meritline_sdk.model.records import RecordType
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.model.sets import IndicatorSet

DECLARED = (Indicator, RatedIndicator, IndicatorSet, Scheme, RewardTable)


def function_problems(sets: Sequence[IndicatorSet], package: str | None = None) -> Iterator[Finding]:
    """Functions that another process would not find, or whose text is another than was declared.

    ``package`` is the top package of the plugin: a host looks for a function in the plugin that brings it.
    """
    for place, measure in python_measures(sets):
        try:
            named = name_of(function_of(measure))
            if named != measure.function:
                raise LookupError(f"under that name stands {named}")
            if package is not None and measure.module.partition(".")[0] != package:
                raise LookupError(f"its module is not of the package {package!r}")
            digest = digest_of(measure.module)
        except (Exception, SystemExit) as wrong:
            yield found("function_missing", place, value=measure.function, reason=told(wrong))
            continue
        if digest != measure.module_digest:
            yield found("function_changed", place, value=measure.module)


def beside_problems(sets: Sequence[IndicatorSet]) -> Iterator[Finding]:
    """Functions whose module declares something too: any change of it is a change of the function for the host."""
    for place, measure in python_measures(sets):
        held = vars(sys.modules[measure.module]) if measure.module in sys.modules else {}
        others = sorted(name for name, value in held.items() if isinstance(value, DECLARED) or (
            isinstance(value, type) and issubclass(value, RecordType) and value.__module__ == measure.module))
        if others:
            yield found("function_beside", place, value=measure.module, known=", ".join(others[:3]))


def python_measures(sets: Sequence[IndicatorSet]) -> Iterator[tuple[str, PythonMeasure]]:
    """Each Python measure with the full name of its indicator."""
    for one in sets:
        for indicator in one.indicators:
            measure = getattr(indicator, "measure", None)
            if isinstance(measure, PythonMeasure):
                yield f"{one.key}.{indicator.key}", measure
