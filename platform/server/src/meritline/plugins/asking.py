"""What a plugin brings. Decides what is checked before it is asked, and what of its answer is taken.

A plugin is asked in a process of its own (``processes``): the server imports nothing of it. What comes back is text
that says an ``IndicatorSet``; it is checked here again, since a process may answer anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from meritline.errors import Problem, problem
from meritline.plugins.assembly import Brought
from meritline.plugins.discovery import Found, needed_problem, range_problem
from meritline.plugins.in_process import Declared, Refusal, declared_by, source_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What one plugin answered, for ``plugins trace``: None where it was not asked."""

    found: Found
    told: Declared | Refusal | None


def ask(plugins: Sequence[Found]) -> tuple[list[Brought], list[Answer]]:
    """What each brings, or the problems that keep it out."""
    ranged = {one: [each for each in (range_problem(one), needed_problem(one)) if each] for one in plugins}
    asked = {one: source_of(one) for one in plugins if not any(each.severity == "error" for each in ranged[one])}
    told = declared_by([*asked.values()])
    answers = [Answer(one, told.get(asked[one]) if one in asked else None) for one in plugins]
    return [brought(one.found, one.told, ranged[one.found]) for one in answers], answers


def brought(one: Found, told: Declared | Refusal | None, problems: Sequence[Problem]) -> Brought:
    """The answer of a plugin with everything that is wrong with it."""
    sets: tuple[Any, ...] = ()
    if isinstance(told, Refusal):
        problems = (*problems, problem(told.code, plugin=one.label, **told.params))
    elif told is not None:
        sets = told.sets
    return Brought(one.name, one.distribution, one.version, one.author, one.licence, sets, tuple(problems),
                   source_of(one), one.changing)
