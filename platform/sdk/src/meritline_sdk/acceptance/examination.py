"""Everything that can be said of a plugin, in one pass. Decides the order: what a host refuses first, then quality."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from meritline_sdk.acceptance.distribution import dependency_problems, distribution_problems
from meritline_sdk.acceptance.findings import Finding, errors, found
from meritline_sdk.acceptance.functions import function_problems
from meritline_sdk.acceptance.hooks import DEFAULTS, Asked, defaults_problems, hooks_of
from meritline_sdk.acceptance.project import Project, project_problems
from meritline_sdk.acceptance.readers import reader_problems
from meritline_sdk.acceptance.records import declarations
from meritline_sdk.acceptance.sets import problems_of
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.quality import Quality, quality_of


@dataclass(frozen=True, slots=True)
class Examined:
    """The findings of a plugin and what they come to."""

    findings: tuple[Finding, ...]
    quality: Quality


def examined(asked: Asked, loaded: Any, used: Sequence[IndicatorSet], project: Project, owners: dict[str, str], *,
             laws: bool = True) -> Examined:
    """The findings; what a host refuses hides what concerns quality alone, since it may have no meaning yet."""
    told = [*asked.problems, *problems_of(asked.sets, used), *uses_problems(asked.sets, used),
             *function_problems(asked.sets, project.package)]
    if asked.sets and DEFAULTS in asked.hooks:
        told += defaults_problems(hooks_of(loaded)[0][DEFAULTS], asked.sets, project.module)
    if not project.one_file:
        told += distribution_problems(project.about, project.module)
        told += dependency_problems(project.about, asked.sets, owners)
    if asked.sets and not declared_wrong(told):
        told += reader_problems(asked.sets, declarations((*asked.sets, *used)))
        told += project_problems(project, laws=laws)
    every = tuple(dict.fromkeys(told))
    return Examined(every, quality_of(every))


def declared_wrong(told: Sequence[Finding]) -> bool:
    """Whether a host refuses the declarations themselves."""
    return any(one.code.startswith("E-") and one.code != "E-PLUGIN-RANGE" for one in errors(told))


def uses_problems(sets: Sequence[IndicatorSet], used: Sequence[IndicatorSet]) -> Iterator[Finding]:
    """Sets that these use and that are not there."""
    here = {one.key for one in (*sets, *used)}
    for one in sets:
        for key in one.uses:
            if key not in here:
                yield found("uses", one.key, value=key)
