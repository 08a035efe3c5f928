"""The pages for authors of plugins: generated ones are current, examples run, every name and word has its place."""

import ast
import io
import linecache
import re
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import griffe
import pytest

import meritline_sdk
from meritline.messages import catalogue
from meritline.plugins.guide import with_tables
from meritline.plugins.processes.asking import PLUGIN_REASONS
from meritline_sdk import Indicator, RatedIndicator, pytest_plugin, testing
from meritline_sdk.evaluate.answers import ANSWER_REASONS
from meritline_sdk.explain import sentence
from meritline_sdk.testing.reference_pages import hooks, pages, slug

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "platform" / "docs" / "plugins"
REFERENCE = GUIDE / "reference"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
QUOTE = re.compile(r"^> (.+?)  \n> (.+)\n", re.MULTILINE)


def test_the_reference_is_that_of_the_source() -> None:
    written = {path.relative_to(REFERENCE).as_posix(): path.read_text("utf-8") for path in REFERENCE.rglob("*.md")}
    assert written == pages(GUIDE), "run: make docs"


@lru_cache
def source() -> griffe.Object | griffe.Alias:
    """The SDK as it is written, read without importing it."""
    return griffe.load("meritline_sdk", search_paths=[str(ROOT / "platform" / "sdk" / "src")], resolve_aliases=True)


@pytest.mark.parametrize("page", sorted(path.name for path in GUIDE.glob("*.md")))
def test_the_tables_of_the_guide_are_current(page: str) -> None:
    written = (GUIDE / page).read_text("utf-8")
    assert written == with_tables(written), "run: make docs"


def declared(name: str) -> griffe.Object:
    """What the source says of a public name."""
    target = source()[name]
    return target.final_target if isinstance(target, griffe.Alias) else target


def names_and_defaults(parameters: ast.arguments) -> list[tuple[str, bool]]:
    """Each parameter, and whether it may be left out."""
    plain = [*parameters.posonlyargs, *parameters.args]
    given = [False] * (len(plain) - len(parameters.defaults)) + [True] * len(parameters.defaults)
    starred = [(f"*{parameters.vararg.arg}", False)] if parameters.vararg else []
    keyed = [(one.arg, default is not None) for one, default in zip(parameters.kwonlyargs, parameters.kw_defaults,
                                                                   strict=True)]  # fmt: skip
    return [*((one.arg, optional) for one, optional in zip(plain, given, strict=True)), *starred, *keyed]


@pytest.mark.parametrize("name", sorted({*meritline_sdk.__all__} - {"hookimpl"}))
def test_a_name_stands_with_its_exact_signature(name: str) -> None:
    """Read from the source by another reader than the one that makes the page."""
    source = declared(name)
    if isinstance(source, griffe.Class):
        source = source.members.get("__init__", source)
    if not isinstance(source, griffe.Function):
        return  # a dataclass or a constant, whose signature nobody wrote down
    shown = BLOCK.search((REFERENCE / f"{name}.md").read_text("utf-8"))
    assert shown
    printed = ast.parse(f"def {shown[2].strip()}: ...").body[0]
    assert isinstance(printed, ast.FunctionDef)
    wanted = [("*" + one.name if one.kind is griffe.ParameterKind.var_positional else one.name,
               one.default is not None and one.kind is not griffe.ParameterKind.var_positional)
              for one in source.parameters if one.name != "self"]
    assert names_and_defaults(printed.args) == wanted


def test_every_public_name_has_its_page() -> None:
    index = (REFERENCE / "README.md").read_text("utf-8")
    names = {*meritline_sdk.__all__} - {"hookimpl", "rules"} | {f"testing.{one}" for one in testing.__all__}
    assert {name for name in names if f"`{name}`" not in index} == set()
    for name in hooks():
        page = (REFERENCE / "hooks" / f"{name}.md").read_text("utf-8")
        assert f"\n{name}(" in page
        for told in ("```python", "When it is called:", "What a failure does:"):
            assert told in page


def test_no_link_of_the_guide_is_dead() -> None:
    dead = []
    for path in sorted(GUIDE.rglob("*.md")):
        text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            target, _, anchor = link.partition("#")
            there = (path.parent / target).resolve() if target else path
            if not there.exists() or (anchor and anchor not in anchors(there)):
                dead.append(f"{path.relative_to(ROOT)}: {link}")
    assert not dead


def anchors(page: Path) -> set[str]:
    """What the headings of a page can be called by."""
    return {slug(line.lstrip("# ")) for line in page.read_text("utf-8").splitlines() if line.startswith("#")}


def test_every_error_and_every_word_of_failure_has_its_page() -> None:
    words = (GUIDE / "isolation.md").read_text("utf-8")
    codes = [code for code in catalogue() if code.startswith(("E-PLUGIN", "E-SET", "E-RUN-READING"))]
    assert len(codes) > 20
    for code in codes:
        assert (ROOT / "platform" / "docs" / "errors" / f"{code}.md").exists()
    for reason in (*PLUGIN_REASONS, *ANSWER_REASONS):
        assert f"E-RUN-READING-{reason.upper().replace('_', '-')}" in codes
        assert f"[`{reason}`](" in words


def test_the_fixtures_of_the_testkit_are_those_that_pytest_finds() -> None:
    page = (GUIDE / "testkit.md").read_text("utf-8")
    named = re.findall(r"^\| `(\w+)` \| ", page.partition("## Fixtures")[2], re.MULTILINE)
    assert len(named) >= 3
    assert not [name for name in named if not hasattr(pytest_plugin, name)]


def test_the_version_of_the_sdk_is_in_the_calendar() -> None:
    declared = tomllib.loads((ROOT / "platform" / "sdk" / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"\n| {'.'.join(declared.split('.')[:2])} | " in (GUIDE / "compatibility.md").read_text("utf-8")


def blocks(page: Path) -> Iterator[tuple[str, str, int, str]]:
    """Language, text and line of each block, and what stands before the next."""
    text = page.read_text("utf-8")
    found = list(BLOCK.finditer(text))
    for one, following in zip(found, [*found[1:], None], strict=True):
        line = text.count("\n", 0, one.start(2))
        yield one[1], one[2], line, text[one.end() : following.start() if following else None]


def test_the_language_runs_and_says_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block in order; after it the sentences of the indicators it declares, or what it prints."""
    page = GUIDE / "language.md"
    module = ModuleType("language_page")
    module.__file__ = str(page)
    monkeypatch.setitem(__import__("sys").modules, module.__name__, module)
    source = "".join(text for kind, text, _, _ in blocks(page) if kind == "python")
    linecache.cache[str(page)] = (len(source), None, source.splitlines(keepends=True), str(page))
    said, seen, printed = 0, set[int](), ""
    for kind, text, line, after in blocks(page):
        if kind == "text":
            assert text == printed, f"{page.name}:{line}"
            continue
        out = io.StringIO()
        with redirect_stdout(out):
            exec(compile("\n" * line + text, str(page), "exec"), module.__dict__)
        printed = out.getvalue()
        new = [one for one in vars(module).values() if isinstance(one, Indicator | RatedIndicator)
               and id(one) not in seen]
        seen |= {id(one) for one in new}
        assert QUOTE.findall(after) == [(sentence(one, "en"), sentence(one, "zh")) for one in new], f"line {line}"
        said += len(new)
    assert said > 20
    assert [one.key for one in module.__dict__["indicator_sets"]()] == ["water_purifier", "water_quality"]
    linecache.cache.pop(str(page))
