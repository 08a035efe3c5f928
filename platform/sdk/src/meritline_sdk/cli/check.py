"""``meritline-sdk check [MODULE|FOLDER|FILE]``: what a plugin measures, in sentences, and everything that is wrong.

In a plugin's folder it finds the plugin by itself. All findings are told at once, with the place and the remedy; exit
code 1 where a host would refuse the plugin, or a golden case or a law does not hold. ``--report DIR`` writes what an
operator reads before installing.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from pathlib import Path

from meritline_sdk.acceptance import Finding, Severity
from meritline_sdk.acceptance.distribution import About, about_distribution, about_project
from meritline_sdk.acceptance.examination import Examined, examined
from meritline_sdk.acceptance.project import Project, golden_of
from meritline_sdk.acceptance.records import declarations
from meritline_sdk.cli.target import Plugin, Target, TargetError, distribution_of, plugin_of, target_of
from meritline_sdk.explain import sentence
from meritline_sdk.explain.declared_rewards import reward_sentences
from meritline_sdk.explain.declared_schemes import scheme_sentences
from meritline_sdk.hookspecs import ENTRY_POINT_GROUP
from meritline_sdk.model.canonical import set_hash
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.quality import Quality, quality_of
from meritline_sdk.trying.terminal import BOLD, DIM, GREEN, RED, YELLOW, Paint

HEADS: dict[Severity, tuple[str, str, str]] = {
    Severity.ERROR: ("Refused by a host, or wrong", "宿主会拒绝，或有错误", RED),
    Severity.WARNING: ("Taken by a host, and should be mended", "宿主会接受，但应修正", YELLOW),
    Severity.ADVICE: ("Could be better", "可以改进", DIM),
}
MOST = 5
LEVEL = ("Quality level: {level}", "质量等级：{level}")
NONE = ("none", "无")
MISSING = ("For {level} ({promise}): {rules}", "达到{level}（{promise}）尚缺：{rules}")
MORE = (" and {count} more", "等，另有 {count} 处")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("plugin", nargs="?", metavar="MODULE|FOLDER|FILE",
                        help="the plugin's module, folder or file; by default that of this folder")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--golden", type=Path, help="its folder of golden cases, if that is not golden or tests/golden")
    parser.add_argument("--quick", action="store_true", help="without the laws of the testkit, which take some seconds")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--report", type=Path, metavar="DIR", help="write what an operator reads before installing")


def run(chosen: argparse.Namespace) -> int:
    """Print the sentences, then all findings, then the level."""
    try:
        target = target_of(chosen.plugin)
        if chosen.golden is not None and not chosen.golden.is_dir():
            raise TargetError(f"{chosen.golden}: there is no such folder of golden cases")
        plugin = plugin_of(target)
    except TargetError as wrong:
        print(f"meritline-sdk check: {wrong}", file=sys.stderr)
        return 2
    if isinstance(plugin, Finding):
        told = Examined((plugin,), quality_of((plugin,)))
        return shown(told, (), chosen)
    project = project_of(plugin, chosen.golden)
    told = examined(plugin.asked, plugin.loaded, plugin.used, project, owners(target), laws=not chosen.quick)
    if chosen.report is not None:
        from meritline_sdk.cli.report import write_report

        problem = write_report(chosen.report, plugin, project, told)
        if problem is not None:
            print(f"meritline-sdk check: {problem}", file=sys.stderr)
            return 2
    return shown(told, described(plugin, chosen.lang), chosen, plugin)


def project_of(plugin: Plugin, golden: Path | None) -> Project:
    """The plugin's project, or what its distribution says of it."""
    target = plugin.target
    about = about_of(target)
    return Project(plugin.sets, target.module, about, target.folder, golden or golden_of(target.folder),
                   target.file is not None)


def about_of(target: Target) -> About | None:
    """What the project says of itself, or else the installed distribution."""
    project = about_project(target.folder) if target.folder is not None else None
    installed = distribution_of(target)
    return project or (about_distribution(installed) if installed is not None else None)


def owners(target: Target) -> dict[str, str]:
    """Which installed distribution brings each set of others."""
    from meritline_sdk.acceptance import asked_of

    found: dict[str, str] = {}
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        if entry.dist is None or entry.module == target.module or entry.module not in sys.modules:
            continue  # what the plugin uses was imported with it
        found |= {one.key: entry.dist.name for one in asked_of(entry.load()).sets}
    return found


def described(plugin: Plugin, language: str) -> Iterator[str]:
    """Each set: its indicators with their sentences, its schemes and reward tables with theirs."""
    records = declarations(plugin.everything)
    known = {f"{one.key}.{indicator.key}": indicator for one in plugin.everything for indicator in one.indicators}
    for one in plugin.sets:
        yield f"{one.key}  {one.title.in_language(language)}"
        for indicator in one.indicators:
            yield f"  {one.key}.{indicator.key}  {indicator.title.in_language(language)}"
            yield f"    {sentence(indicator, language, records)}"
        for scheme in one.schemes:
            yield f"  {one.key}.{scheme.key}  {scheme.title.in_language(language)}"
            yield from (f"    {told}" for told in scheme_sentences(scheme, known, language))
        for table in one.rewards:
            yield f"  {one.key}.{table.key}  {table.title.in_language(language)}"
            scheme_of = next((each for each in one.schemes if each.key == table.scheme), None)
            yield from (f"    {told}" for told in reward_sentences(table, scheme_of, known, language))


def shown(told: Examined, sentences: Iterator[str] | tuple[str, ...], chosen: argparse.Namespace,
          plugin: Plugin | None = None) -> int:
    """Everything on the terminal, or as JSON; the exit code."""
    wrong = [one for one in told.findings if one.severity is Severity.ERROR]
    if chosen.json:
        print(json.dumps(as_plain(told, () if plugin is None else plugin.sets, chosen.lang), ensure_ascii=False,
                         indent=2))
        return int(bool(wrong))
    if not any(one.code.startswith("E-PLUGIN-DECLARES") for one in wrong):
        for line in sentences:
            print(line)
    sys.stdout.flush()
    paint, place = Paint(), 1 if chosen.lang == "zh" else 0
    for severity in Severity:
        some = [one for one in told.findings if one.severity is severity]
        if some:
            stream = sys.stderr if severity is Severity.ERROR else sys.stdout
            lines = finding_lines(some, severity, chosen.lang, Paint(stream))
            print("\n".join(lines), file=stream, flush=True)
    for line in quality_lines(told.quality, place, paint, chosen.lang):
        print(line)
    return int(bool(wrong))


def finding_lines(some: Sequence[Finding], severity: Severity, language: str, paint: Paint) -> Iterator[str]:
    """The findings of one severity under their heading; what is alike is said once, with its places."""
    *heads, colour = HEADS[severity]
    yield ""
    yield paint(colour, f"{heads[1 if language == 'zh' else 0]} ({len(some)})")
    alike: dict[tuple[str, str, str], list[str]] = {}
    for one in some:
        words = one.what.in_language(language), one.remedy.in_language(language)
        alike.setdefault((one.code, *words), []).append(one.place)
    for (code, what, remedy), places in alike.items():
        most = len(places) if severity is Severity.ERROR else MOST
        told = ", ".join(filter(None, places[:most])) + (
            MORE[1 if language == "zh" else 0].format(count=len(places) - most) if len(places) > most else "")
        yield f"  {code}  {told}{': ' if told else ''}{what} {remedy}"


def quality_lines(quality: Quality, place: int, paint: Paint, language: str) -> Iterator[str]:
    """The level, and what is missing for the next."""
    level = NONE[place] if quality.level is None else quality.level.title.in_language(language)
    yield ""
    yield paint(BOLD if quality.level is None else GREEN, LEVEL[place].format(level=level))
    if quality.next is not None:
        rules = "; ".join(f"{rule.title.in_language(language)} ({len(broken)})" for rule, broken in quality.for_next())
        yield "  " + MISSING[place].format(level=quality.next.title.in_language(language), rules=rules,
                                           promise=quality.next.promise.in_language(language))


def as_plain(told: Examined, sets: Sequence[IndicatorSet], language: str) -> dict[str, object]:
    """For programs."""
    refused = any(one.code == "E-PLUGIN-DECLARES" for one in told.findings)
    return {
        "sets": [one.key for one in sets] if refused else
                [{"key": one.key, "content_hash": set_hash(one), "indicators": len(one.indicators),
                  "schemes": len(one.schemes)} for one in sets],
        "level": None if told.quality.level is None else told.quality.level.key,
        "missing": [{"rule": rule.key, "level": rule.level.key, "count": len(broken)}
                    for rule, broken in told.quality.missing],
        "findings": [one.as_dict(language) for one in told.findings],
    }
