"""``python -m meritline.plugins.guide FOLDER``: the tables in the guide for plugin authors, as they stand in the code.

A table stands between two marks, ``<!-- name: begin -->`` and ``<!-- name: end -->``; all else on a page is written by
hand.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from meritline.plugins.processes.asking import MOST_LINE, PLUGIN_REASONS, Limits
from meritline.plugins.processes.declaring import declared_by
from meritline_sdk import HIGHER, SCORE_100, Attribution, Indicator, Instant, Int, Mean, Person, RecordType, Text
from meritline_sdk.deprecation import DEPRECATIONS
from meritline_sdk.evaluate.answers import ANSWER_REASONS
from meritline_sdk.explain.phrases import PHRASES
from meritline_sdk.quality import LEVELS, RULES
from meritline_sdk.testing import golden
from meritline_sdk.testing.docstrings import markdown
from meritline_sdk.testing.heaps import Heap
from meritline_sdk.testing.law import LAWS, LawBroken
from meritline_sdk.testing.law_indicators import require_unit

MARKED = re.compile(r"(<!-- (\w+): begin -->\n).*?(<!-- \2: end -->)", re.DOTALL)
MIB = 1 << 20


def laws() -> Iterator[str]:
    """Each law as it prints itself."""
    yield from ("| law | of | what holds | what to do where it does not |", "|---|---|---|---|")
    for law in LAWS:
        yield f"| `{law.name}` | {law.of} | {law.holds} | {law.remedy} |"


def failure() -> Iterator[str]:
    """A law that is broken, and what pytest then shows."""
    class Visit(RecordType, key="testkit_visit", title=Text("Service visit", "上门服务单")):
        technician = Person()
        mark = Int()
        done_at = Instant()
        defaults = Attribution(credit=technician, at=done_at)

    wrong = Indicator("mark", Text("Mean mark", "平均评分"), Mean(Visit.mark), SCORE_100, HIGHER)
    yield from ("```python", "mark = Int()", "...", 'MARK = Indicator("mark", Text("Mean mark", "平均评分"), '
                "Mean(Visit.mark), SCORE_100, HIGHER)", "```", "```text")
    try:
        require_unit(Heap.of(wrong))
    except LawBroken as told:
        yield str(told)
    yield "```"


def golden_keys() -> Iterator[str]:
    """The keys of a case, as the module that reads them lists them."""
    told = markdown(golden.__doc__ or "")
    yield told[told.index("\n- ") + 1 : told.index("\n\nA case with `ratings`")]


def limits() -> Iterator[str]:
    """What a child of a keeper may use."""
    own, asked = Limits(), (declared_by.__kwdefaults__ or {})["deadline_s"]
    yield from ("| | while it is imported and asked for its hooks | while a function computes |", "|---|---|---|")
    yield f"| time | {asked:.0f} s | {own.silence_s:.0f} s for one subject, {own.deadline_s:.0f} s for one question |"
    yield f"| memory | {own.memory_bytes // MIB} MiB | the same |"
    yield f"| answer | {own.answer_bytes // MIB} MiB | the same, and {MOST_LINE // MIB} MiB for one subject |"
    yield "| files | reading, none to write | none |"
    yield "| network, processes, threads, signals to others | none | none |"
    yield "| environment, arguments, inherited handles | none | none |"
    yield "| what it prints | thrown away | thrown away |"


def words() -> Iterator[str]:
    """The words of failure, with what the run says."""
    yield from ("| word | why there is no reading | 中文 |", "|---|---|---|")
    for word in (*PLUGIN_REASONS, *ANSWER_REASONS):
        code = f"E-RUN-READING-{word.upper().replace('_', '-')}"
        en, zh = (one.format(package=package) for one, package in
                  zip(PHRASES[f"why_{word}"], ("the plugin", "插件"), strict=True))
        yield f"| [`{word}`](../errors/{code}.md) | {en} | {zh} |"


def deprecations() -> Iterator[str]:
    """What is on its way out."""
    if not DEPRECATIONS:
        yield "Nothing is deprecated at present."
        return
    yield from ("| name | deprecated since | goes in | write instead |", "|---|---|---|---|")
    for one in DEPRECATIONS:
        yield f"| `{one.name}` | {one.since} | {one.removed_in} | {one.instead} |"


def levels() -> Iterator[str]:
    """Each level with its rules."""
    for level in LEVELS:
        yield from (f"## {level.title.en} · {level.title.zh}", "", f"{level.promise.en} · {level.promise.zh}", "",
                    "| what holds | why | how it is checked |", "|---|---|---|")
        for one in (one for one in RULES if one.level is level):
            yield f"| {one.title.en} · {one.title.zh} | {one.why.en} | {one.how.en} |"
        yield ""


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "laws": laws, "failure": failure, "golden": golden_keys, "limits": limits, "words": words,
    "deprecations": deprecations, "levels": levels,
}  # fmt: skip


def with_tables(text: str) -> str:
    """The page with its tables as they are now."""
    def made(found: re.Match[str]) -> str:
        if found[2] not in TABLES:
            return found[0]
        return found[1] + "\n".join(TABLES[found[2]]()) + "\n" + found[3]

    return MARKED.sub(made, text)


def write(folder: Path) -> None:
    """Every page of the folder."""
    for path in sorted(folder.glob("*.md")):
        path.write_text(with_tables(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
