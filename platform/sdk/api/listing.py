"""The listing of the SDK's public API: a folder of stubs for each minor version, which griffe can compare.

``python platform/sdk/api/listing.py`` writes the listing of the version in pyproject.toml. It refuses what would break
a plugin: a name that is gone, a signature or a field that changed. A name may go only where a deprecation of it was
due (``meritline_sdk.deprecation``). Listings of earlier versions are never written again.
"""

import difflib
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import griffe

HERE = Path(__file__).parent
SOURCE = HERE.parent / "src"
MODULES = {"meritline_sdk": "__init__", "meritline_sdk.model.rules": "rules", "meritline_sdk.testing": "testing",
           "meritline_sdk.hookspecs": "hookspecs", "meritline_sdk.pytest_plugin": "pytest_plugin"}  # fmt: skip
"""Public modules, and the file of the listing in which each stands."""
LATER = re.compile(r"^(?:young|field)\((?:default(?:_factory)?=)?(.*?)(?:, metadata=.*)?\)$")
"""How a field says its default where it is one that came later, or is made each time."""
HOOKS = ("indicator_sets", "tenant_defaults")
FIXTURES = ("make_record", "meritline_server", "only_this_plugin", "read_indicator")
INNER = {"__post_init__", "__new__", "__repr__", "__hash__", "__init_subclass__", "__getattr__", "__dir__",
         "__prepare__", "__setattr__", "__delattr__", "__get__"}  # fmt: skip
HEAD = '"""Made by `make docs` from the source of the SDK: the promise of {version}. Never edit it."""\n'
REMEDY = (
    "A plugin that is installed today would break. Keep it working: a new parameter or field needs a default and "
    "stands last, a name that shall go gets a Deprecation in meritline_sdk/deprecation.py and goes when its time has "
    "come. If the change was meant for a new version, raise the version in platform/sdk/pyproject.toml first."
)
STALE = "The public API has grown: run `make docs` and commit platform/sdk/api. What changed:"


def version() -> str:
    """``0.2`` of the version 0.2.0."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))["project"]
    return ".".join(project["version"].split(".")[:2])


def listing() -> dict[str, str]:
    """Each file of the listing by its name."""
    loader = griffe.GriffeLoader(search_paths=[SOURCE])
    loader.load("meritline_sdk", submodules=True)
    loader.resolve_aliases(external=False)
    head = HEAD.format(version=version())
    return {f"{file}.pyi": head + "".join(f"\n{told(*pair)}" for pair in sorted(public(loader, module).items()))
            for module, file in MODULES.items()}


def public(loader: griffe.GriffeLoader, module: str) -> Mapping[str, Any]:
    """The public names of a module with what they are."""
    found = loader.modules_collection[module]
    names = {"meritline_sdk.hookspecs": HOOKS, "meritline_sdk.pytest_plugin": FIXTURES}.get(module) or [
        str(name) for name in found.exports or [
            name for name, one in found.members.items()
            if not one.is_alias and (one.is_class or (one.is_attribute and one.docstring is not None))]]
    return {name: found[name].final_target if found[name].is_alias else found[name] for name in names}


def told(name: str, one: Any, indent: str = "") -> str:
    """A name as a stub."""
    if one.is_module:
        return f"{indent}from meritline_sdk import {one.name} as {name}\n"
    if one.is_class:
        return class_told(name, one)
    if one.is_function:
        fixture = one.parent.path == "meritline_sdk.pytest_plugin"
        return indent + (f"def {name}(): ...\n" if fixture else function_told(name, one))
    if one.is_type_alias:
        return f"{indent}type {name} = {one.value}\n"
    return indent + value_told(name, one)


def class_told(name: str, one: Any) -> str:
    """A class with its fields and methods."""
    bases = ", ".join(str(base).rpartition(".")[2] for base in one.bases)
    keep = [(key, inner) for key, inner in sorted(one.all_members.items()) if kept(key, inner)]
    body = [told(key, inner.final_target if inner.is_alias else inner, "    ") for key, inner in keep]
    return f"class {name}{f'({bases})' if bases else ''}:\n" + ("".join(body) or "    ...\n")


def kept(key: str, inner: Any) -> bool:
    """Whether a member is public; what builtins bring is not ours."""
    if key in INNER or (key.startswith("_") and not key.startswith("__")):
        return False
    return inner.is_function or (inner.is_attribute and not key.startswith("__"))


def function_told(name: str, one: Any) -> str:
    """A function or method with its signature."""
    marks = "".join(f"@{mark}\n    " for mark in ("property", "staticmethod", "classmethod") if mark in one.labels)
    star = False
    parts: list[str] = []
    for given in one.parameters:
        if given.kind is griffe.ParameterKind.keyword_only and not star:
            parts, star = [*parts, "*"], True
        star = star or given.kind is griffe.ParameterKind.var_positional
        stars = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}.get(given.kind, "")
        typed = f": {plain(given.annotation)}" if given.annotation is not None else ""
        default = f" = {plain(given.default)}" if given.default is not None and not stars else ""
        parts.append(f"{stars}{given.name}{typed}{default}")
    gives = f" -> {plain(one.returns)}" if one.returns is not None else ""
    return f"{marks}def {name}({', '.join(parts)}){gives}: ...\n"


def value_told(name: str, one: Any) -> str:
    """A field, a constant or a member of an enumeration."""
    if "property" in one.labels:
        return f"@property\n    def {name}(self) -> {plain(one.annotation)}: ...\n"
    if one.parent.is_class:
        typed = f": {plain(one.annotation)}" if one.annotation is not None else ""
        return f"{name}{typed}{'' if one.value is None else f' = {plain(one.value)}'}\n"
    found = getattr(import_module(one.parent.path), one.name)
    if isinstance(found, str) and type(found) is str:
        return f"{name}: str = {found!r}\n"
    other = getattr(found, "__name__", None)
    return f"{name}: {type(found).__name__}\n" if other is None else f"{name} = {other}\n"


def plain(expression: Any) -> str:
    """An annotation or default on one line, without quotes around names that come later."""
    text = LATER.sub(r"\1", " ".join(str(expression).split()))
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" and "[" in text else text


def written(files: Mapping[str, str], folder: Path) -> Path:
    """The listing as a package that griffe can load."""
    package = folder / "meritline_sdk"
    package.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (package / name).write_text(text, "utf-8")
    return folder


def committed(name: str) -> dict[str, str]:
    """The listing of a version as it stands in the folder."""
    return {path.name: path.read_text("utf-8") for path in sorted((HERE / name / "meritline_sdk").glob("*.pyi"))}


def earlier() -> list[str]:
    """The versions that have a listing, this one left out, the oldest first."""
    known = [path.name for path in HERE.iterdir() if path.is_dir() and path.name[0].isdigit()]
    return sorted((name for name in known if number(name) < number(version())), key=number)


def number(name: str) -> tuple[int, ...]:
    """A version as it is compared."""
    return tuple(int(part) for part in name.split("."))


def breaks(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """What of the old listing the new one breaks, a sentence each; what was announced to go now is left out."""
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        before, after = (griffe.load("meritline_sdk", search_paths=[written(files, Path(folder))],
                                     allow_inspection=False) for files, folder in ((old, first), (new, second)))
        gone = announced()
        for one in griffe.find_breaking_changes(before, after):
            path = one.obj.path.removeprefix("meritline_sdk.")
            if path not in gone:
                yield f"{path}: {one.kind.value} ({shown(one)})"
        yield from (told for told in other_values(before, after) if told.partition(":")[0] not in gone)


def other_values(before: Any, after: Any) -> Iterator[str]:
    """Constants and members of enumerations that have another value or type, at which griffe does not look.

    They stand in manifests and in stored declarations. The type of a field may grow, so it is not compared.
    """
    for name, old in before.members.items():
        new = after.members.get(name)
        if old.is_module or old.is_class:
            yield from other_values(old, new) if new is not None else ()
        elif old.is_attribute and new is not None and new.is_attribute and not (
                before.is_class and old.annotation is not None):
            was, now = ((plain(one.value), plain(one.annotation)) for one in (old, new))
            if was != now:
                path = old.path.removeprefix("meritline_sdk.")
                yield f"{path}: Attribute value was changed (it was {was[0]}, and is {now[0]})"


def shown(one: Any) -> str:
    """What stood there, and what stands there now."""
    old, new = (getattr(value, "name", value) for value in (one.old_value, one.new_value))
    return f"it was {old}, and is {new}"


def announced() -> set[str]:
    """The names whose deprecation says that they go in this version, or before."""
    from meritline_sdk.deprecation import DEPRECATIONS

    return {gone.name for gone in DEPRECATIONS if number(gone.removed_in) <= number(version())}


def stale(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The lines by which the listing differs."""
    return "\n".join(line for name in sorted({*old, *new}) for line in difflib.unified_diff(
        old.get(name, "").splitlines(), new.get(name, "").splitlines(), name, name, lineterm="", n=0))


def main() -> int:
    """Write the listing of this version, unless it breaks one that is there."""
    new, now = listing(), version()
    wrong = [told for name in (*earlier()[-1:], now) if (old := committed(name)) for told in breaks(old, new)]
    if wrong:
        print("\n".join([*wrong, REMEDY]), file=sys.stderr)
        return 1
    written(new, HERE / now)
    return 0


if __name__ == "__main__":
    sys.exit(main())
