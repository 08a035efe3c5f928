"""``meritline-sdk check MODULE``: a plugin says what it measures, in the sentences an HR administrator reads.

Exit codes: 0 all is well, 1 the module or its golden cases have problems, 2 wrong use.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from meritline_sdk.evaluate.numbers import rational_text
from meritline_sdk.explain import sentence
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.sets import IndicatorSet


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="meritline-sdk", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="import a plugin and print what it measures")
    check.add_argument("module", help="the plugin's module, such as meritline_elevator")
    check.add_argument("--lang", choices=("en", "zh"), default="en")
    check.add_argument("--golden", type=Path, help="a folder of golden cases to try as well")
    docs = commands.add_parser("docs", help="write the catalogue of a plugin's indicators as a Markdown page")
    docs.add_argument("module", help="the plugin's module, such as meritline_elevator")
    docs.add_argument("--golden", type=Path, required=True, help="the folder of its golden cases")
    docs.add_argument("--out", type=Path, required=True, help="the page to write")
    chosen = parser.parse_args(arguments)
    if chosen.command == "docs":
        return documented(chosen.module, chosen.golden, chosen.out)
    return checked(chosen.module, chosen.lang, chosen.golden)


def documented(module: str, golden: Path, out: Path) -> int:
    """Write the page of the plugin's sets."""
    from meritline_sdk.testing.pages import page

    sets = loaded(module)
    if sets is None:
        return 1
    link = os.path.relpath(golden, out.parent)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(page(one, golden, link, "make docs") for one in sets), "utf-8")
    return 0


def checked(module: str, language: str, golden: Path | None) -> int:
    """Print the sentences, then the problems."""
    sets = loaded(module)
    if sets is None:
        return 1
    for one in sets:
        for line in described(one, language):
            print(line)
    problems = list(golden_problems(golden, sets)) if golden else []
    for problem_text in problems:
        print(problem_text, file=sys.stderr)
    return 1 if problems else 0


def loaded(module: str) -> list[IndicatorSet] | None:
    """The plugin's sets; what is wrong with it goes to stderr."""
    sys.path.insert(0, "")
    try:
        found: list[IndicatorSet] = importlib.import_module(module).indicator_sets()
    except (ImportError, AttributeError, DeclarationError, TypeError, ValueError) as problem:
        print(f"{module}: {problem}", file=sys.stderr)
        return None
    return found


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


if __name__ == "__main__":
    sys.exit(main())
