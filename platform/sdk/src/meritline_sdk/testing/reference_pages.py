"""The reference of the SDK: a page for each hook, type and function, from their docstrings and signatures.

``python -m meritline_sdk.testing.reference_pages FOLDER GUIDE`` writes them; GUIDE is the folder of the hand-written
pages, whose examples each page names. A public name that belongs to no theme is an error: nobody would find it.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import meritline_sdk
from meritline_sdk import hookspecs, testing
from meritline_sdk.model import records, rules
from meritline_sdk.testing.docstrings import annotation, markdown, parameters, signature

MADE = "<!-- Made by `make docs` from the source of the SDK: change that, not this page. -->"
THEMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Record types and their fields", ("model.records", "model.fields", "model.kinds")),
    ("Values and conditions", ("model.expressions", "model.choices")),
    ("Time", ("model.times",)),
    ("Other records", ("model.related",)),
    ("Whom a record counts for", ("model.credits",)),
    ("Measures", ("model.measures", "model.tallies")),
    ("Python functions", ("model.functions",)),
    ("Indicators and units", ("model.indicators", "model.rated", "model.units")),
    ("Schemes", ("model.schemes", "model.items", "model.weights", "model.policies", "model.bands")),
    ("Scoring rules", ("model.rules",)),
    ("Reward tables", ("model.rewards", "model.reward_rules", "model.consequences")),
    ("Sets and what they offer a company", ("model.sets", "model.templates", "model.blanks", "model.profiles",
                                            "model.text")),
    ("How declarations are written down", ("model.canonical",)),
    ("Deprecation", ("", "deprecation")),
    ("Testkit", ("testing",)),
)  # fmt: skip
TESTKIT = ("meritline_sdk.testing.law",)
"""Where the testkit's constants are."""
CONSTANTS = "constants.md"


@dataclass(frozen=True)
class Entry:
    """A public name: where it is imported from, what it is, and its theme."""

    name: str
    module: str
    found: Any
    theme: str

    @property
    def constant(self) -> bool:
        """Whether it is a value with no page of its own."""
        return not (inspect.isclass(self.found) or inspect.isfunction(self.found))

    @property
    def link(self) -> str:
        """How the index names its page."""
        return f"{CONSTANTS}#{slug(self.theme)}" if self.constant else f"{self.name}.md"


def entries() -> list[Entry]:
    """Every public name of the SDK, of its rules and of its testkit."""
    found = [Entry(name, "meritline_sdk", value, theme_of(name, value))
             for name in meritline_sdk.__all__ if name not in ("hookimpl", "rules")
             for value in (getattr(meritline_sdk, name),)]
    kept: tuple[type[rules.Rule], ...] = (rules.Rule, *rules.RULES.values())
    found += [Entry(f"rules.{one.__name__}", "meritline_sdk", one, "Scoring rules") for one in kept]
    found += [Entry(f"testing.{name}", "meritline_sdk.testing", getattr(testing, name), "Testkit")
              for name in testing.__all__]
    return found


def theme_of(name: str, found: Any) -> str:
    """The theme of the module that defines the name."""
    module = found.__module__ if inspect.isclass(found) or inspect.isfunction(found) else home_of(name)
    part = module.removeprefix("meritline_sdk").removeprefix(".")
    for theme, modules in THEMES:
        if part in modules:
            return theme
    raise LookupError(f"{name} of {module} belongs to no theme: add the module to THEMES")


def home_of(name: str) -> str:
    """The module that gives a constant its value."""
    for module in (*(f"meritline_sdk.{part}" for _, modules in THEMES for part in modules if part), *TESTKIT):
        if name.rpartition(".")[2] in assigned(import_module(module)):
            return module
    raise LookupError(f"{name} is assigned in no module of the SDK's themes")


def assigned(module: ModuleType) -> dict[str, str]:
    """The names that a module gives a value, each with the text that follows it."""
    body = ast.parse(inspect.getsource(module)).body
    found: dict[str, str] = {}
    for number, node in enumerate(body):
        after = body[number + 1] if number + 1 < len(body) else None
        told = ast.literal_eval(after.value) if isinstance(after, ast.Expr) and isinstance(
            after.value, ast.Constant) and isinstance(after.value.value, str) else ""
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            found |= {one.id: told for one in names if isinstance(one, ast.Name)}
    return found


def pages(guide: Path) -> dict[str, str]:
    """Every page by its path within the folder."""
    every, used = entries(), uses(guide)
    known = {id(one.found): one.name for one in every if one.constant and not isinstance(one.found, str | int)}
    made = {f"{one.name}.md": page(one, known, used.get(one.name, [])) for one in every if not one.constant}
    made |= {f"hooks/{name}.md": hook_page(name, spec, known, used.get(name, [])) for name, spec in hooks().items()}
    made[CONSTANTS] = constants([one for one in every if one.constant])
    made["README.md"] = contents(every)
    return made


def hooks() -> dict[str, Any]:
    """The hooks by name."""
    return {name: found for name, found in vars(hookspecs).items()
            if inspect.isfunction(found) and hasattr(found, f"{hookspecs.PROJECT}_spec")}


def hook_page(name: str, spec: Any, known: dict[int, str], used: Sequence[tuple[str, str]]) -> str:
    """A hook: its signature and what its docstring says of the call and of failures."""
    lines = (MADE, "", f"# Hook `{name}`", "", "```python", signature(name, spec, known), "```", "",
             markdown(spec.__doc__ or ""), *guide_lines(used, "../../"),
             "Write it with `@hookimpl` at the top of your module. A name that is no hook is reported as misspelt, "
             "never passed over.", "", "[All pages of the reference](../README.md)")
    return "\n".join(lines) + "\n"


def page(one: Entry, known: dict[int, str], used: Sequence[tuple[str, str]]) -> str:
    """A type or function: how it is imported and called, and what it means."""
    head, _, tail = one.name.rpartition(".")
    imported = f"from meritline_sdk import {head or tail}" if head != "testing" else f"from {one.module} import {tail}"
    called = one.name if head == "rules" else tail
    lines = [MADE, "", f"# `{called}`", "", f"{one.theme}. `{imported}`", ""]
    if one.found.__name__ != tail:
        original = one.found.__name__
        lines += [f"Another name of [`{original}`]({original}.md), for what a plugin offers.", ""]
    lines += ["```python", *shape(called, one.found, known), "```", "", markdown(one.found.__doc__ or "")]
    lines += [*member_lines(one.found, known), *guide_lines(used, "../"), "[All pages of the reference](README.md)"]
    return "\n".join(lines) + "\n"


def shape(name: str, found: Any, known: dict[int, str]) -> Iterator[str]:
    """How it is written by an author."""
    if inspect.isclass(found) and issubclass(found, BaseException):
        yield f"class {name}({found.__bases__[0].__name__})"
    elif inspect.isclass(found) and issubclass(found, Enum):
        yield f"class {name}({found.__bases__[0].__name__}):"
        yield from (f"    {one.name} = {one.value!r}" for one in found)
    elif found is records.RecordType:
        for way in (records.declare, records.extend):
            named = list(parameters(inspect.signature(way), known))[3:]
            yield f"class YourRecord(RecordType, {', '.join(named)}): ..."
    elif found is rules.Rule:
        yield "class Rule: ..."
    else:
        yield signature(name, found, known)


def member_lines(found: Any, known: dict[int, str]) -> Iterator[str]:
    """The public methods and properties of a class that say what they do."""
    if not inspect.isclass(found) or issubclass(found, Enum | BaseException):
        return
    told = [(name, one) for name, one in vars(found).items()
            if not name.startswith("_") and name != "with_filled" and getattr(one, "__doc__", None)]
    for name, one in told:
        if isinstance(one, property):
            yield f"- `.{name}`: {annotation(inspect.signature(one.fget).return_annotation)}. {said(one)}"  # type: ignore[arg-type]
        elif inspect.isfunction(one):
            plain = inspect.signature(one)
            given = ", ".join(list(parameters(plain, known))[1:])
            yield f"- `.{name}({given}) -> {annotation(plain.return_annotation)}`: {said(one)}"
    if told:
        yield ""


def said(found: Any) -> str:
    """The docstring on one line."""
    return " ".join(inspect.cleandoc(found.__doc__).split()).replace("``", "`")


def guide_lines(used: Sequence[tuple[str, str]], up: str) -> Iterator[str]:
    """Where the guide shows it at work."""
    if used:
        yield "At work in the guide: " + ", ".join(f"[{title}]({up}{link})" for title, link in used) + "."
        yield ""


def constants(every: Sequence[Entry]) -> str:
    """The page of what is a value: units, directions, edges of the period, words of policies."""
    lines = [MADE, "", "# Constants", "", "All are imported from `meritline_sdk`.", ""]
    for theme in dict.fromkeys(theme for theme, _ in THEMES):
        found = [one for one in every if one.theme == theme]
        if found:
            lines += [f"## {theme}", "", "| name | value | meaning |", "|---|---|---|"]
            lines += [f"| `{one.name}` | {value_of(one.found)} | {meaning(one)} |" for one in found] + [""]
    return "\n".join([*lines, "[All pages of the reference](README.md)"]) + "\n"


def value_of(found: Any) -> str:
    """The value in few words."""
    if isinstance(found, meritline_sdk.Unit):
        return f"unit `{found.key}`"
    if isinstance(found, Enum):
        return f"`{type(found).__name__}.{found.name}`"
    return f"`{found!r}`" if isinstance(found, str) else f"`{type(found).__name__}`"


def meaning(one: Entry) -> str:
    """What is said of it where it is defined."""
    if isinstance(one.found, meritline_sdk.Unit):
        unit = one.found
        of = f"; a quotient times {unit.ratio_factor}" if unit.ratio_factor != 1 else ""
        return f"{unit.title.en} · {unit.title.zh}{of}; shown with {unit.places} decimals"
    return " ".join(assigned(import_module(home_of(one.name)))[one.name.rpartition(".")[2]].split()).replace("``", "`")


def contents(every: Sequence[Entry]) -> str:
    """The index by theme."""
    lines = [MADE, "", "# Reference", "",
             "A page for each hook, type and function of `meritline_sdk`, made from its source. By need rather than by "
             "name: [the language](../language.md).", "", "## Hooks", ""]
    lines += [f"- [`{name}`](hooks/{name}.md): {first(spec)}" for name, spec in hooks().items()]
    for theme in dict.fromkeys(theme for theme, _ in THEMES):
        found = [one for one in every if one.theme == theme]
        lines += ["", f"## {theme}", ""] if found else []
        lines += [f"- [`{one.name}`]({one.link}): {first(one.found)}" for one in found if not one.constant]
        if values := [f"`{one.name}`" for one in found if one.constant]:
            lines.append(f"- [constants]({CONSTANTS}#{slug(theme)}): {', '.join(values)}")
    return "\n".join(lines) + "\n"


def first(found: Any) -> str:
    """The first sentence of the docstring."""
    text = " ".join(inspect.cleandoc(found.__doc__ or "").split("\n\n")[0].split()).replace("``", "`")
    return re.split(r"(?<=\.) (?=[A-Z`])", text)[0].removesuffix("::")


def uses(guide: Path) -> dict[str, list[tuple[str, str]]]:
    """Which headings of the guide show a name in their Python: (title, link)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(guide.glob("*.md")):
        for title, code in python_of(path.read_text("utf-8")):
            for name in dict.fromkeys(re.findall(r"(?:rules\.)?\b[A-Za-z_]+\b", code)):
                place = (title, f"{path.name}#{slug(title)}")
                if place not in found.setdefault(name, []):
                    found[name].append(place)
    return found


def python_of(text: str) -> Iterator[tuple[str, str]]:
    """The Python blocks of a page, each with its heading."""
    title, inside = "", ""
    block: list[str] = []
    for line in text.splitlines():
        if line.startswith("```"):
            if inside == "```python":
                yield title, "\n".join(block)
            inside, block = ("" if inside else line), []
        elif inside:
            block.append(line)
        elif line.startswith("#"):
            title = line.lstrip("# ")


def slug(title: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def write(folder: Path, guide: Path) -> None:
    """Write every page; a page that is no longer made goes."""
    made: Mapping[str, str] = pages(guide)
    for old in folder.rglob("*.md"):
        if old.relative_to(folder).as_posix() not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
