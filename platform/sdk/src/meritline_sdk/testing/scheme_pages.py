"""The pages of the schemes of the field: each template as printed, with its blanks and notes, and the starter beside.

One page for each document, named after the first part of its templates' keys (``s06_month`` and ``s06``: S06).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from meritline_sdk.explain.declared_rules import in_unit, number, rule_words
from meritline_sdk.model.bands import GradeBands
from meritline_sdk.model.blanks import open_blanks
from meritline_sdk.model.indicators import AnyIndicator
from meritline_sdk.model.items import Event, Item, Part, key_of
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.rules import Rule
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.model.sets import short
from meritline_sdk.model.settings import spoken
from meritline_sdk.model.templates import Starter, Template
from meritline_sdk.model.text import Text
from meritline_sdk.model.units import POINTS, Unit

type Known = Mapping[str, AnyIndicator]
type Offered = Mapping[str, Template | Starter]
MADE = "<!-- Made by `make docs` from the declarations: change those, not this page. -->"
LANGUAGES = ("en", "zh")


def document_of(key: str) -> str:
    """The document that a template or starter belongs to: ``after_sales_common.s06_month`` to ``s06``."""
    return short(key).partition("_")[0]


def pages(offered: Offered, known: Known) -> dict[str, str]:
    """Every page by file name, with the list of all."""
    names = sorted({document_of(key) for key in offered})
    found = {f"{name}.md": page({key: one for key, one in offered.items() if document_of(key) == name}, known)
             for name in names}
    return {**found, "README.md": contents(offered, names)}


def contents(offered: Offered, names: Sequence[str]) -> str:
    """The list of the pages."""
    lines = [MADE, "", "# Schemes of the field · 业内方案", "",
             "Each document as a template with its blanks, and a complete starter of ours beside it. How one is taken, "
             "stands in [the page on schemes](../schemes.md).", "",
             "| | document | 文件 | templates | starters |", "|---|---|---|---|---|"]
    for name in names:
        templates = {key: one for key, one in offered.items() if document_of(key) == name and isinstance(one, Template)}
        starters = [key for key, one in offered.items() if document_of(key) == name and isinstance(one, Starter)]
        source = next(iter(templates.values())).source
        lines.append(f"| [{name.upper()}]({name}.md) | {source.en} | {source.zh} | {keys(templates)} "
                     f"| {keys(starters)} |")
    return "\n".join(lines) + "\n"


def keys(names: Iterable[str]) -> str:
    """The keys as code."""
    return ", ".join(f"`{one}`" for one in names)


def page(offered: Offered, known: Known) -> str:
    """One document: its templates, then its starters."""
    source = next(one.source for one in offered.values() if isinstance(one, Template))
    lines = [MADE, "", f"# {source.en} · {source.zh}", ""]
    for key, one in offered.items():
        if isinstance(one, Template):
            lines += template_section(key, one, known)
    for key, one in offered.items():
        if isinstance(one, Starter):
            lines += starter_section(key, one, known)
    return "\n".join(lines).rstrip() + "\n"


def template_section(key: str, one: Template, known: Known) -> Iterator[str]:
    """A template: lines, words, blanks, what is missing, how it was read."""
    yield from (f"## `{key}`: as printed · 原文模板", "", *head(one.scheme))
    yield from line_rows(one.scheme, known)
    yield from ("", "Words of the document · 原文：", "")
    yield from (f"- `{short(name)}`: {words.replace(chr(10), ' / ')}" for name, words in one.wording)
    yield ""
    yield from blank_rows(one.scheme, one.rewards)
    yield from told("What the document does not say · 原文未写明", one.missing)
    yield from told("How it was read · 解读说明", one.notes)
    for table in one.rewards:
        yield from table_lines(key, table)


def starter_section(key: str, one: Starter, known: Known) -> Iterator[str]:
    """A starter: its lines, its rewards, its reasons."""
    yield from (f"## `{key}`: ours, ready to use · 起步方案", "",
                f"Beside `{one.template}`. What the document does not say was made up by us, for these reasons; change "
                "it where it does not fit. 原文未写明之处由我们补充，理由如下，可按需修改。", "", *head(one.scheme))
    yield from (*line_rows(one.scheme, known), "")
    for table in one.rewards:
        yield from table_lines(key, table)
    yield from ("| what | reason | 理由 |", "|---|---|---|")
    yield from (f"| `{about}` | {cell(why.en)} | {cell(why.zh)} |" for about, why in one.reasons)
    yield ""
    yield from setting_rows(one, known)


def setting_rows(one: Starter, known: Known) -> Iterator[str]:
    """What it sets of its indicators."""
    if not one.settings:
        return
    yield from ("Set with it, where you have not set it yourself · 采用时一并设置（已自行设置的不变）：", "",
                "| indicator | parameter | what | 含义 | set to · 取值 |", "|---|---|---|---|---|")
    for key, values in one.settings:
        parameters = {each.name: each for each in known[key].parameters()}
        for name, value in values:
            title = parameters[name].title or Text(name, name)
            yield (f"| `{key}` | `{name}` | {cell(title.en)} | {cell(title.zh)} "
                   f"| {spoken(value, parameters[name].kind)} |")
    yield ""


def head(scheme: Scheme) -> Iterator[str]:
    """What it is called and whom it appraises."""
    grades = ", ".join(graded(scheme.grades)) if scheme.grades else "none"
    yield from (f"{scheme.title.en} · {scheme.title.zh}", "",
                f"Subject: {scheme.subject.value}; period: {scheme.period.value}; weights: `{scheme.weights}`; "
                f"grades: {grades}.", "")


def graded(bands: GradeBands) -> Iterator[str]:
    """Each grade with its limit; those that a person grants after them."""
    for one in bands.grades:
        yield f"{one.title.en} {one.title.zh}" + ("" if one.limit is None else f" {number(one.limit, 'en')}")
    yield from (f"{one.title.en} {one.title.zh} (granted · 评定)" for one in bands.granted)


def line_rows(scheme: Scheme, known: Known) -> Iterator[str]:
    """Items and events as a table; the parts of a composite after it."""
    yield from ("| line | 指标 | reads | weight | target | points · 计分 |", "|---|---|---|---|---|---|")
    for item in scheme.items:
        weight = shown(item.weight)
        yield row(item, item.title, item.name(), weight, known)
        yield from part_rows(item.parts, known)
    for event in scheme.events:
        yield row(event, event.title, event.name(), "±", known)


def part_rows(parts: Sequence[Part], known: Known) -> Iterator[str]:
    """The parts of a composite, with their inner weights."""
    for part in parts:
        yield row(part, part.title, short(key_of(part.indicator)), f"↳ {shown(part.weight)}", known)
        yield from part_rows(part.parts, known)


def row(line: Item | Event | Part, title: Text | None, name: str, weight: str, known: Known) -> str:
    """One line."""
    indicator = known.get(key_of(line.indicator))
    unit: Unit = indicator.unit if indicator else POINTS
    called = title or (indicator.title if indicator else Text(name, name))
    reads = f"`{key_of(line.indicator)}`" if key_of(line.indicator) else score_source(line)
    points = "" if line.rule is None else " · ".join(worded(line.rule, unit, one) for one in LANGUAGES)
    points = "told without points · 只列示不计分" if weight == "0" else points
    target = "" if line.target is None else (shown(line.target) if open_blanks(line.target) else
                                             in_unit(line.target, unit, "en"))
    return f"| {cell(called.en)} | {cell(called.zh)} | {reads} | {weight} | {target} | {cell(points)} |"


def worded(rule: Rule, unit: Unit, language: str) -> str:
    """The rule in words; a blank by its key, which the table of blanks explains."""
    found = rule_words(rule, unit, language)
    for blank in open_blanks(rule):
        found = found.replace(number(blank, language), f"{'−' if blank.taken else ''}`{blank.key}`")
    return found


def score_source(line: Item | Event | Part) -> str:
    """Whose scores a line takes, where it takes scores."""
    found = getattr(line, "score_of", None)
    return "" if found is None else f"scores of `{found.scheme}` ({found.combine})"


def shown(value: object) -> str:
    """A number, or the blank as it is printed."""
    blanks = open_blanks(value)
    return f"`{blanks[0].key}`" if blanks else number(value, "en")


def blank_rows(scheme: Scheme, rewards: Sequence[RewardTable]) -> Iterator[str]:
    """The blanks, as ``[blanks]`` fills them."""
    blanks = open_blanks((scheme, *rewards))
    if not blanks:
        return
    yield from ("| blank | what | 含义 | printed | we propose |", "|---|---|---|---|---|")
    for one in blanks:
        proposed = "" if one.suggested is None else str(one.suggested)
        yield f"| `{one.key}` | {cell(one.title.en)} | {cell(one.title.zh)} | {cell(one.printed)} | {proposed} |"
    yield ""


def told(heading: str, texts: Sequence[Text]) -> Iterator[str]:
    """Sentences in both languages."""
    if texts:
        yield from (f"### {heading}", "", *(f"- {one.en} · {one.zh}" for one in texts), "")


def table_lines(key: str, table: RewardTable) -> Iterator[str]:
    """A reward table: what it pays or proposes."""
    yield from (f"Reward table · 奖励表 `{key.partition('.')[0]}.{table.key}`: {table.title.en} · {table.title.zh}", "")
    yield from (f"- `{one.kind}` {one.title.en} · {one.title.zh}" for one in table.rules)
    yield ""


def cell(text: str) -> str:
    """The text inside a table."""
    return text.replace("|", "\\|").replace("\n", " ")
