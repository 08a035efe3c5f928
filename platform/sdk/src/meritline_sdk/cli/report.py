"""``meritline-sdk check --report DIR``: what an operator reads before a plugin is installed.

``report.md`` says everything in sentences, ``declarations.json`` is the canonical form, ``hash`` the content hash of
each set as a server shows it, ``requirements.txt`` what the distribution needs. The same bytes on every machine: no
dates, no paths.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from meritline_sdk.acceptance.examination import Examined
from meritline_sdk.acceptance.functions import python_measures
from meritline_sdk.acceptance.project import Case, Project, cases_of, set_of, worked_out
from meritline_sdk.acceptance.records import declarations
from meritline_sdk.cli.target import Plugin
from meritline_sdk.evaluate.shown import reading_step
from meritline_sdk.explain import sentence
from meritline_sdk.explain.declared_rewards import reward_sentences
from meritline_sdk.explain.declared_schemes import scheme_sentences
from meritline_sdk.explain.readings import reading_text
from meritline_sdk.model.canonical import canonical, set_hash
from meritline_sdk.model.functions import text_of
from meritline_sdk.model.indicators import AnyIndicator, Indicator
from meritline_sdk.model.records import RecordDeclaration
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.testing.golden import read_case
from meritline_sdk.testing.pages import parameter_rows, rated_lines, record_rows
from meritline_sdk.testing.rated_cases import RatedCase, read_rated

LANGUAGES = ("en", "zh")
FILES = ("report.md", "declarations.json", "hash", "requirements.txt")
HIDDEN = frozenset({"record"})


def write_report(folder: Path, plugin: Plugin, project: Project, told: Examined) -> str | None:
    """Write the bundle; the reason where it cannot be written."""
    sets = tuple(sorted(plugin.sets, key=lambda one: one.key))
    requires = () if project.about is None else project.about.requires
    texts = ("\n".join(Report(plugin, project, told).lines(sets)).rstrip(), canonical(sets),
             "\n".join(f"{one.key} {set_hash(one)}" for one in sets), "\n".join(requires))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in zip(FILES, texts, strict=True):
            (folder / name).write_text(f"{text}\n", "utf-8", newline="\n")
    except OSError as wrong:
        return f"{folder}: {wrong.strerror or wrong}"
    return None


class Report:
    """The page: everything in both languages."""

    def __init__(self, plugin: Plugin, project: Project, told: Examined) -> None:
        self.plugin, self.project, self.told = plugin, project, told
        self.records: Mapping[str, RecordDeclaration] = declarations(plugin.everything)
        self.known: Mapping[str, AnyIndicator] = {
            f"{one.key}.{indicator.key}": indicator for one in plugin.everything for indicator in one.indicators}
        self.cases, _ = cases_of(project)

    def lines(self, sets: Sequence[IndicatorSet]) -> Iterator[str]:
        """The whole page."""
        yield from self.head(sets)
        yield from self.quality()
        for one in sets:
            yield from self.of_set(one)
        yield from self.functions(sets)

    def head(self, sets: Sequence[IndicatorSet]) -> Iterator[str]:
        """Who made it, what it needs, and the hashes by which a release is known."""
        about = self.project.about
        name = self.project.module if about is None else f"{about.name} {about.version}".strip()
        yield from (f"# {text(name)}", "")
        if about is not None:
            yield from (f"{text(about.summary)}", "") if about.summary else ()
            yield from ("| | |", "|---|---|", f"| author · 作者 | {text(about.author) or '-'} |",
                        f"| licence · 许可证 | {text(about.licence) or '-'} |",
                        f"| needs · 依赖 | {', '.join(map(code, about.requires)) or '-'} |",
                        f"| module · 模块 | `{self.project.module}` |", "")
        yield from ("| set · 指标集 | content hash · 内容哈希 |", "|---|---|")
        yield from (f"| `{one.key}` | `{set_hash(one)}` |" for one in sets)
        python = len(list(python_measures(sets)))
        yield ""
        yield ("It has no Python functions: everything it measures is declared and stands below. "
               "没有 Python 函数，所有度量均为声明。" if not python else
               f"**Python functions: {python}. Their text stands at the end and must be read.** "
               f"含 {python} 个 Python 函数，源码附于文末，安装前必须阅读。")
        yield ""

    def quality(self) -> Iterator[str]:
        """The level, what is missing for the next, and everything that was found."""
        found = self.told.quality
        level = "none · 无" if found.level is None else both(found.level.title)
        yield from ("## Quality · 质量", "", f"Level · 等级: **{level}**", "")
        if found.next is not None:
            yield from (f"Missing for {both(found.next.title)} ({both(found.next.promise)}) · 尚缺：", "")
            yield from (f"- {both(rule.title)} ({len(broken)}): {both(rule.why)}" for rule, broken in found.for_next())
            yield ""
        if self.told.findings:
            yield from ("| severity | code | place | what · 问题 | remedy · 处理 |", "|---|---|---|---|---|")
            yield from (f"| {one.severity.value} | {code(one.code)} | {code(one.place)} | {both(one.what)} "
                        f"| {both(one.remedy)} |" for one in self.told.findings)
            yield ""

    def of_set(self, one: IndicatorSet) -> Iterator[str]:
        """A set: records, indicators, schemes, rewards."""
        yield from (f"## {both(one.title)} (`{one.key}`)", "")
        if one.uses:
            yield from (f"Uses · 引用: {', '.join(f'`{key}`' for key in one.uses)}", "")
        yield from ("### Record types · 记录类型", "", *record_rows(one.records))
        for extension in one.extensions:
            yield from (f"Fields added to `{extension.record}` · 追加字段: "
                        + ", ".join(f"`{spec.name}` ({spec.kind.value})" for spec in extension.fields), "")
        yield from ("### Indicators · 指标", "")
        for indicator in one.indicators:
            yield from self.indicator(one, indicator)
        yield from self.schemes(one)

    def indicator(self, one: IndicatorSet, indicator: AnyIndicator) -> Iterator[str]:
        """An indicator: its sentences, what a tenant may set, its golden cases."""
        yield from (f"#### {both(indicator.title)} (`{one.key}.{indicator.key}`)", "")
        for language in LANGUAGES:
            yield from (f"> {text(sentence(indicator, language, self.records))}", ">" if language == "en" else "")
        if indicator.note is not None:
            yield from (both(indicator.note), "")
        if isinstance(indicator, Indicator):
            yield from parameter_rows(indicator.parameters(), self.records)
        else:
            yield from rated_lines(indicator)
        for case in self.cases:
            if case.indicator == indicator and set_of(case, self.plugin.sets) == one.key:
                yield from self.case(case)

    def case(self, case: Case) -> Iterator[str]:
        """A golden case: its records as a table, what it expects, what comes of it, the calculation by hand."""
        reading = read_rated(case) if isinstance(case, RatedCase) else read_case(case)
        yield from (f"Golden case · 用例 {code(case.place)}:", "")
        yield from table_of(rows_of(case))
        expected = ", ".join(f"{name} = {plain(value)}" for name, value in case.body["expect"].items())
        yield f"- expected · 预期: {text(expected)}"
        yield f"- comes to · 结果: {text(reading_text(reading_step(reading, case.indicator), 'en'))}"
        if self.project.golden is not None and (comment := worked_out(case, self.project.golden)):
            yield f"- by hand · 手工计算: {text(comment)}"
        yield ""

    def schemes(self, one: IndicatorSet) -> Iterator[str]:
        """Every scheme with its rewards; what is only offered after what a company gets."""
        own = [(scheme, tuple(table for table in one.rewards if table.scheme == scheme.key)) for scheme in one.schemes]
        for heading, found in (("Schemes · 考核方案", own),
                               ("Offered: templates and starters · 可选方案",
                                [(each.scheme, each.rewards) for each in one.offered()])):
            if found:
                yield from (f"### {heading}", "")
            for scheme, tables in found:
                yield from self.scheme(one, scheme, tables)

    def scheme(self, one: IndicatorSet, scheme: Scheme, tables: Sequence[RewardTable]) -> Iterator[str]:
        """A scheme and its reward tables, sentence by sentence."""
        yield from (f"#### {both(scheme.title)} (`{one.key}.{scheme.key}`)", "")
        yield from pairs(*(scheme_sentences(scheme, self.known, language) for language in LANGUAGES))
        for table in tables:
            yield from (f"Rewards · 奖励: {both(table.title)} (`{one.key}.{table.key}`)", "")
            yield from pairs(*(reward_sentences(table, scheme, self.known, language) for language in LANGUAGES))

    def functions(self, sets: Sequence[IndicatorSet]) -> Iterator[str]:
        """The text of every module that holds a Python function, with what uses it."""
        users: dict[str, list[str]] = {}
        digests: dict[str, str] = {}
        for key, measure in python_measures(sets):
            users.setdefault(measure.module, []).append(f"`{key}` (`{measure.name}`)")
            digests[measure.module] = measure.module_digest
        if users:
            yield from ("## Python functions · Python 函数", "",
                        "A function sees the records of one subject and period, and nothing of people; it runs in a "
                        "process without files and network. What else its module does on import, only reading tells. "
                        "函数只能看到一个考核对象在周期内的记录，看不到人员；在无文件、无网络的进程中运行。", "")
        for module, used in sorted(users.items()):
            source = text_of(module)
            fence = "`" * max(3, 1 + longest_run(source))
            yield from (f"### `{module}`", "", f"For · 用于: {', '.join(used)}; SHA-256 `{digests[module]}`", "",
                        f"{fence}python", source, fence, "")


def rows_of(case: Case) -> list[Mapping[str, Any]]:
    """The records or ratings of a case, with what its defaults fill in."""
    if isinstance(case, RatedCase):
        return list(case.body["ratings"])
    given = case.body.get("records", [])
    rows = [{"record": key, **row} for key, part in given.items() for row in part] if isinstance(given, Mapping) else [
        *given]
    shared = {name: value for name, value in case.body.get("defaults", {}).items() if not isinstance(value, Mapping)}
    return [shared | dict(row) for row in rows]


def table_of(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The rows under the union of their columns; what one lacks is left empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not names:
        yield from ("No records. 没有记录。", "")
        return
    yield f"| {' | '.join(map(code, names))} |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield f"| {' | '.join(text(plain(row[name])) if name in row else '' for name in names)} |"
    yield ""


def plain(value: Any) -> str:
    """A value of a golden case as it is written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def pairs(english: Sequence[str], chinese: Sequence[str]) -> Iterator[str]:
    """Each sentence with its translation below."""
    for one, other in zip(english, chinese, strict=True):
        yield from (f"- {text(one)}", f"  {text(other)}")
    yield ""


def both(title: Any) -> str:
    """A text in both languages."""
    return f"{text(title.en)} · {text(title.zh)}"


def text(words: str) -> str:
    """Foreign words inside a page: they make no table, no link and no element of it."""
    shown = "".join(sign if sign.isprintable() else " " for sign in words)
    for sign in ("\\", "|", "[", "]", "<"):
        shown = shown.replace(sign, "&lt;" if sign == "<" else f"\\{sign}")
    return shown


def code(words: str) -> str:
    """Foreign words as code."""
    shown = "".join(sign if sign.isprintable() else " " for sign in words)
    return f"`{shown.replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def longest_run(source: str) -> int:
    """The longest run of backticks."""
    longest = run = 0
    for sign in source:
        run = run + 1 if sign == "`" else 0
        longest = max(longest, run)
    return longest
