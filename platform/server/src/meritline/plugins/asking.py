"""What a plugin brings. Decides what is checked before it is asked, and what of its answer is taken.

A plugin is asked in a process of its own (``processes``): the server imports nothing of it. What comes back is text
that says an ``IndicatorSet``; it is checked here as ``meritline-sdk check`` does it, since a process may answer
anything.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meritline.errors import Problem, problem
from meritline.plugins.assembly import Brought, hashes_of, keys_of
from meritline.plugins.catalogue import functions_of
from meritline.plugins.discovery import Found, needed_problem, range_problem
from meritline.plugins.kept import Kept, Verdicts, declared_or_kept
from meritline.plugins.kept.verdicts import FITTING, WHOLE, Verdict
from meritline.plugins.processes import Declared, Refusal, Source
from meritline_sdk import IndicatorSet, Text

if TYPE_CHECKING:
    from meritline_sdk.acceptance import Finding

MOST_TOLD = 10
DEADLINE_S = 60.0
"""A busy machine is no reason to leave a plugin out; one that hangs keeps a start waiting this long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one plugin answered, for ``plugins trace``: None where it was not asked."""

    found: Found
    told: Declared | Refusal | None


def ask(plugins: Sequence[Found], kept: Kept | None = None) -> tuple[list[Brought], list[Answer]]:
    """What each brings, or the problems that keep it out; who has not changed since it was asked is not asked again."""
    before = {one: [each for each in (range_problem(one), needed_problem(one)) if each] for one in plugins}
    asked = {one: source_of(one) for one in plugins if not any(each.severity == "error" for each in before[one])}
    told = declared_or_kept(asked.values(), kept, deadline_s=DEADLINE_S)
    answers = [Answer(one, told[asked[one]] if one in asked else None) for one in plugins]
    return [brought(one.found, one.told, before[one.found]) for one in answers], answers


def source_of(one: Found) -> Source:
    """Where a process finds the plugin; the path is that of this process."""
    return Source(one.label, one.module, one.attribute, one.file)


def brought(one: Found, told: Declared | Refusal | None, before: Iterable[Problem]) -> Brought:
    """The answer of a plugin, not examined yet, with what is wrong with the plugin itself."""
    problems = [*before]
    sets: tuple[IndicatorSet, ...] = ()
    fits, said = False, ""
    hashes: tuple[str, ...] = ()
    if isinstance(told, Refusal):
        problems.append(problem(told.code, plugin=one.label, **told.params))
    elif told is not None:
        sets, fits, said = told.sets, "tenant_defaults" in told.hooks, told.words
        hashes = told.hashes or hashes_of(sets)
    bad = any(each.severity == "error" for each in problems)
    return Brought(one.name, one.distribution, one.version, one.author, one.licence, () if bad else sets,
                   tuple(problems), source_of(one), one.changing, left_out=keys_of(sets) if bad else (), fits=fits,
                   words="" if bad else said, hashes=() if bad else hashes)


def examined(brought: Sequence[Brought], recognised: Collection[str] = (),
             verdicts: Verdicts | None = None) -> dict[str, list[Problem]]:
    """What is wrong with the declarations, by label. Those that are ``recognised`` say to the letter what was accepted
    before; only how they fit what they use is looked at again, since the rest takes most of the time of a start. What
    the ``verdicts`` know is not looked at.
    """
    others = {declared.key: declared for one in brought for declared in one.sets if type(declared.key) is str}
    owners = {declared.key: one.words for one in brought for declared in one.sets if type(declared.key) is str}
    wrong: dict[str, list[Problem]] = {}
    for one in brought:
        if not one.sets:
            continue
        whole, fitting = (verdict(verdicts or Verdicts(), what, one, owners) for what in (WHOLE, FITTING))
        known = one.label in recognised
        if whole.known or (known and fitting.known):
            continue
        wrong[one.label] = (unfit if known else unacceptable)(one, one.sets, others) or foreign(one)
        if not wrong[one.label]:
            (fitting if known else whole).keep()
    return {label: problems for label, problems in wrong.items() if problems}


def verdict(verdicts: Verdicts, what: str, one: Brought, owners: Mapping[str, str]) -> Verdict:
    """What is known of a plugin's words beside those of the sets that it uses."""
    uses = {key for declared in one.sets for key in declared.uses}
    words_known = one.words and all(owners.get(key, "-") for key in uses)
    return verdicts.sound(one.label, what, one.words if words_known else "", one.source and one.source.module,
                          ((key, owners.get(key, "-")) for key in uses))


def foreign(one: Brought) -> list[Problem]:
    """Functions that are none of the plugin's own: it would compute what another plugin's indicators are."""
    from meritline_sdk.acceptance.findings import found

    return [problem("E-PLUGIN-DECLARES", plugin=one.label, reason=words(
                found("function_missing", f"{declared.key}", value=measure.function,
                      reason=f"its module is not of the plugin's own {one.source.module!r}")))
            for declared in one.sets for measure in functions_of(declared)
            if one.source and not one.source.brings(measure.module)]  # fmt: skip


def unacceptable(one: Brought, sets: Sequence[IndicatorSet], others: Mapping[str, IndicatorSet]) -> list[Problem]:
    """What a host refuses of these declarations, the first few."""
    from meritline_sdk.acceptance import problems_of  # all that is checked: mostly it is known to be well

    try:
        return refused(one, problems_of(sets, used_by(sets, others)))
    except Exception as wrong:  # whatever a plugin put into its values
        return [problem("E-PLUGIN-DECLARES", plugin=one.label, reason=f"{type(wrong).__name__}: {wrong}")]


def unfit(one: Brought, sets: Sequence[IndicatorSet], others: Mapping[str, IndicatorSet]) -> list[Problem]:
    """What does not fit the sets that these use, which may say something else than when these were accepted."""
    from meritline_sdk.acceptance.sets import among, is_readable

    beside = [*sets, *filter(is_readable, used_by(sets, others))]
    try:
        return refused(one, [each for declared in sets if declared.uses for each in among(declared, beside)])
    except Exception as wrong:  # whatever another plugin put into its values
        return [problem("E-PLUGIN-DECLARES", plugin=one.label, reason=f"{type(wrong).__name__}: {wrong}")]


def used_by(sets: Sequence[IndicatorSet], others: Mapping[str, IndicatorSet]) -> list[IndicatorSet]:
    """The sets that these use, as far as they are there."""
    return [others[key] for declared in sets for key in declared.uses if key in others]


def refused(one: Brought, findings: Iterable["Finding"]) -> list[Problem]:
    """Those findings that keep a plugin out."""
    from meritline_sdk.acceptance import Severity

    errors = [each for each in findings if each.severity is Severity.ERROR]
    return [problem("E-PLUGIN-DECLARES", plugin=one.label, reason=words(each)) for each in errors[:MOST_TOLD]]


def words(given: "Finding") -> Text:
    """A finding inside a sentence."""
    return Text(given.reason("en").rstrip("."), given.reason("zh").rstrip("。"))
