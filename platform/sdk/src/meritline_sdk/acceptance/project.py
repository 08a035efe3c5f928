"""What a plugin's project shows besides its declarations: golden cases, laws, types, README.

What needs the project's folder is not told where there is none: an installed plugin has its declarations alone.
"""

import inspect
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType

from meritline_sdk.acceptance.distribution import About
from meritline_sdk.acceptance.findings import Finding, found
from meritline_sdk.acceptance.functions import beside_problems, python_measures
from meritline_sdk.acceptance.parts import told
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.testing.golden import GoldenCase, load_golden, run_golden
from meritline_sdk.testing.law import LawBroken, law
from meritline_sdk.testing.laws import trials
from meritline_sdk.testing.pages import worked
from meritline_sdk.testing.rated_cases import RatedCase, load_rated
from meritline_sdk.testing.readme_tables import with_table

LEAST_CASES = 3
TESTS = ("tests", "test", ".")
GOLDEN = ("golden", "tests/golden")
LAWS = re.compile(r"^[^#\n]*\blaws_for\(", re.MULTILINE)

type Case = GoldenCase | RatedCase


@dataclass(frozen=True, slots=True)
class Project:
    """A plugin's project: ``folder`` where there is one, ``golden`` the folder of its cases."""

    sets: tuple[IndicatorSet, ...]
    module: str
    about: About | None
    folder: Path | None
    golden: Path | None
    one_file: bool = False

    @property
    def package(self) -> str:
        """The top package."""
        return self.module.partition(".")[0]


def golden_of(folder: Path | None) -> Path | None:
    """Where a project keeps its golden cases."""
    return next((folder / name for name in GOLDEN if (folder / name).is_dir()), None) if folder else None


def cases_of(project: Project) -> tuple[list[Case], list[Finding]]:
    """The golden cases, or why they cannot be read."""
    if project.golden is None:
        return [], []
    try:
        return [*load_golden(project.golden, project.sets), *load_rated(project.golden, project.sets)], []
    except (ValueError, OSError, TypeError) as wrong:
        return [], [found("golden_unread", project.module, reason=told(wrong))]


def project_problems(project: Project, *, laws: bool = True) -> Iterator[Finding]:
    """Everything of the kind; ``laws`` says whether the laws are tried, which takes a few seconds."""
    if project.folder is None and project.golden is None and not project.one_file:
        yield found("project_absent", project.module)
    else:
        cases, wrong = cases_of(project)
        yield from wrong
        yield from golden_problems(project, cases)
    yield from law_problems(project.sets) if laws else [found("laws_skipped", project.module)]
    yield from typing_problems(project)
    if not project.one_file:
        yield from beside_problems(project.sets)
    if project.folder is not None and not project.one_file:
        yield from folder_problems(project, project.folder)
    if project.about is not None and not project.about.links:
        yield found("links", project.about.name)


def golden_problems(project: Project, cases: Sequence[Case]) -> Iterator[Finding]:
    """Cases that do not hold, indicators without one, cases that nobody could follow."""
    by_key: dict[str, list[Case]] = {}
    for case in cases:
        by_key.setdefault(f"{set_of(case, project.sets)}.{case.indicator.key}", []).append(case)
        try:
            run_golden(case)
        except Exception as wrong:  # a Python function may raise anything
            yield found("golden_failed", case.place, reason=told(wrong))
    python = {key for key, _ in python_measures(project.sets)}
    for one in project.sets:
        for indicator in one.indicators:
            key = f"{one.key}.{indicator.key}"
            mine = by_key.get(key, [])
            if not mine:
                yield found("golden_missing", key)
            elif project.golden is not None and not any(worked_out(case, project.golden) for case in mine):
                yield found("golden_unworked", key)
            if key in python and len(mine) < LEAST_CASES:
                yield found("python_golden", key, count=len(mine), least=LEAST_CASES)


def set_of(case: Case, sets: Sequence[IndicatorSet]) -> str:
    """The set whose indicator the case is of."""
    return next((one.key for one in sets if case.indicator in one.indicators), "")


def worked_out(case: Case, golden: Path) -> str:
    """The hand calculation: the comment at the top of the case's file."""
    return worked((golden / case.place.split(" case ")[0]).read_text("utf-8"))


def law_problems(sets: Sequence[IndicatorSet]) -> Iterator[Finding]:
    """Laws that do not hold; golden cases have their own findings."""
    for _, several, tried in trials(sets, None):
        for key, one in several.items():
            try:
                tried(one)
            except LawBroken as broken:
                yield found("law", broken.of or key, value=broken.law, reason=told(broken).partition(": ")[2],
                            remedy=law(broken.law).remedy)
            except Exception as wrong:  # a Python function may raise anything
                yield found("law", key, value="checked", reason=told(wrong), remedy=law("checked").remedy)


def typing_problems(project: Project) -> Iterator[Finding]:
    """A package that does not say that it is typed, and functions without types."""
    module = sys.modules.get(project.package)
    origin = getattr(module, "__file__", None)
    if not project.one_file and origin and not (Path(origin).parent / "py.typed").is_file():
        yield found("typed", project.package, value=project.package)
    for name, function in functions_of(project.package):
        if not is_typed(function):
            yield found("untyped_function", project.package, value=name)


def functions_of(package: str) -> Iterator[tuple[str, FunctionType]]:
    """The functions that the package's imported modules define at their top."""
    for name, module in sorted(sys.modules.items()):
        if name == package or name.startswith(f"{package}."):
            for what, value in sorted(vars(module).items()):
                if isinstance(value, FunctionType) and value.__module__ == name and value.__name__ == what:
                    yield f"{name}.{what}", value


def is_typed(function: FunctionType) -> bool:
    """Whether every parameter and the result have types."""
    about = inspect.signature(function)
    return about.return_annotation is not inspect.Signature.empty and all(
        one.annotation is not inspect.Parameter.empty for one in about.parameters.values())


def folder_problems(project: Project, folder: Path) -> Iterator[Finding]:
    """What the folder lacks."""
    if not any(LAWS.search(text) for text in test_texts(folder)):
        yield found("laws_untried", project.module)
    if not any(folder.glob("CHANGELOG*")):
        yield found("changes", project.module)
    readme = folder / "README.md"
    if not readme.is_file():
        yield found("readme", project.module)
        return
    text = readme.read_text("utf-8", errors="replace")
    try:
        current = with_table(text, project.sets) == text
    except ValueError:
        current = False
    if not current:
        yield found("readme_table", project.module)


def test_texts(folder: Path) -> Iterator[str]:
    """The test files of the project."""
    for name in TESTS:
        pattern = "**/*.py" if name != "." else "test_*.py"
        for path in sorted((folder / name).glob(pattern)):
            yield path.read_text("utf-8", errors="replace")

