"""``meritline-sdk check MODULE``: a plugin says what it measures, in the sentences an HR administrator reads."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from meritline_sdk.cli.loading import loaded
from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.explain import sentence
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.sets import IndicatorSet


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("module", help="the plugin's module, such as meritline_elevator")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--golden", type=Path, help="a folder of golden cases to try as well")


def run(chosen: argparse.Namespace) -> int:
    """Print the sentences, then the problems."""
    sets = loaded(chosen.module)
    if sets is None:
        return 1
    for one in sets:
        for line in described(one, chosen.lang):
            print(line)
    problems = list(golden_problems(chosen.golden, sets)) if chosen.golden else []
    for problem_text in problems:
        print(problem_text, file=sys.stderr)
    return 1 if problems else 0


def described(one: IndicatorSet, language: str) -> Iterator[str]:
    """The set, each indicator with its sentence, each scheme with its weights."""
    yield f"{one.key}  {one.title.in_language(language)}"
    for indicator in one.indicators:
        yield f"  {one.key}.{indicator.key}  {indicator.title.in_language(language)}"
        yield f"    {sentence(indicator, language)}"
    for scheme in one.schemes:
        weights = ", ".join(f"{item.name()} {item.weight}" for item in scheme.items)
        yield f"  {scheme.key}  {scheme.title.in_language(language)}: {weights}"


def golden_problems(folder: Path, sets: Sequence[IndicatorSet]) -> Iterator[str]:
    """What each golden case gives that it does not expect."""
    from meritline_sdk.testing.golden import load_golden, read_case, run_golden
    from meritline_sdk.testing.values import CaseError

    try:
        cases = load_golden(folder, sets)
    except (CaseError, DeclarationError, ValueError) as problem:
        yield str(problem)
        return
    for case in cases:
        try:
            run_golden(case)
        except AssertionError as problem:
            value = read_case(case).value
            yield f"{problem} (value {rational_text(value) if value is not None else 'none'})"
