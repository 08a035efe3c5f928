"""What a plugin brings. Decides what is checked before it is asked, and what of its answer is taken.

A plugin is asked in a process of its own (``processes``): the server imports nothing of it. What comes back is text
that says an ``IndicatorSet``; it is checked here as ``meritline-sdk check`` does it, since a process may answer
anything.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from meritline.errors import Problem, problem
from meritline.plugins.assembly import Brought, keys_of
from meritline.plugins.discovery import Found, needed_problem, range_problem
from meritline.plugins.processes import Declared, Refusal, Source, declared_by
from meritline_sdk import IndicatorSet, Text
from meritline_sdk.acceptance import Finding, Severity, problems_of

MOST_TOLD = 10
DEADLINE_S = 60.0
"""A busy machine is no reason to leave a plugin out; one that hangs keeps a start waiting this long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one plugin answered, for ``plugins trace``: None where it was not asked."""

    found: Found
    told: Declared | Refusal | None


def ask(plugins: Sequence[Found]) -> tuple[list[Brought], list[Answer]]:
    """What each brings, or the problems that keep it out."""
    before = {one: [each for each in (range_problem(one), needed_problem(one)) if each] for one in plugins}
    asked = {one: source_of(one) for one in plugins if not any(each.severity == "error" for each in before[one])}
    told = declared_by(asked.values(), deadline_s=DEADLINE_S)
    answers = [Answer(one, told[asked[one]] if one in asked else None) for one in plugins]
    return [brought(one.found, one.told, before[one.found]) for one in answers], answers


def source_of(one: Found) -> Source:
    """Where a process finds the plugin; the path is that of this process."""
    return Source(one.label, one.module, one.attribute, one.file)


def brought(one: Found, told: Declared | Refusal | None, before: Iterable[Problem]) -> Brought:
    """The answer of a plugin, not examined yet, with what is wrong with the plugin itself."""
    problems = [*before]
    sets: tuple[IndicatorSet, ...] = ()
    fits = False
    if isinstance(told, Refusal):
        problems.append(problem(told.code, plugin=one.label, **told.params))
    elif told is not None:
        sets, fits = told.sets, "tenant_defaults" in told.hooks
    bad = any(each.severity == "error" for each in problems)
    return Brought(one.name, one.distribution, one.version, one.author, one.licence, () if bad else sets,
                   tuple(problems), source_of(one), one.changing, left_out=keys_of(sets) if bad else (), fits=fits)


def examined(brought: Sequence[Brought], recognised: Collection[str] = ()) -> dict[str, list[Problem]]:
    """What is wrong with the declarations, by label. Those that are ``recognised`` say to the letter what was accepted
    before, and are not looked at again: that takes most of the time of a start.
    """
    others = {declared.key: declared for one in brought for declared in one.sets if type(declared.key) is str}
    found = {one.label: unacceptable(one, one.sets, others) for one in brought
             if one.sets and one.label not in recognised}
    return {label: problems for label, problems in found.items() if problems}


def unacceptable(one: Brought, sets: Sequence[IndicatorSet], others: Mapping[str, IndicatorSet]) -> list[Problem]:
    """What a host refuses of these declarations, the first few."""
    try:
        used = [others[key] for declared in sets for key in declared.uses if key in others]
        found = [each for each in problems_of(sets, used) if each.severity is Severity.ERROR]
    except Exception as wrong:  # whatever a plugin put into its values
        return [problem("E-PLUGIN-DECLARES", plugin=one.label, reason=f"{type(wrong).__name__}: {wrong}")]
    return [problem("E-PLUGIN-DECLARES", plugin=one.label, reason=words(each)) for each in found[:MOST_TOLD]]


def words(found: Finding) -> Text:
    """A finding inside a sentence."""
    return Text(found.reason("en").rstrip("."), found.reason("zh").rstrip("。"))
