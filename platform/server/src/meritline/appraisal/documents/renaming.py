"""``[schemes]``: under which key of the company's own a scheme's scores are read. Decides what may be renamed.

A quarter of a template takes the scores of the template's month by its key, ``s01``; a company that calls its month
``engineers`` says ``[schemes]`` ``s01 = "engineers"``, and every ``score_of`` follows.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from meritline.documents import Document, Path
from meritline.documents.table import nearest_first
from meritline.errors import Problem
from meritline_sdk.model.records import KEY

RENAMED = "schemes"


def renamed(merged: Mapping[str, Any], given: Document,
            problems: list[Problem]) -> tuple[Mapping[str, Any], dict[Path, str]]:
    """The document with the company's keys in every ``score_of``, and which old key stood where."""
    names = read_names(given, problems)
    if not names:
        return merged, {}
    items = [*found] if isinstance(found := merged.get("item"), list | tuple) else []
    places: dict[Path, str] = {}
    known = dict.fromkeys(old for _, old in sources(merged))
    for place, old in sources(merged):
        if old in names:
            items[place] = {**items[place], "score_of": {**items[place]["score_of"], "scheme": names[old]}}
            places["item", place, "score_of", "scheme"] = old
    for old in names:
        if old not in known:
            problems.append(given.problem("E-SCHEMES-UNKNOWN", (RENAMED, old), value=old,
                                          known=nearest_first(old, known)[:5] or ["—"]))
    return ({**merged, "item": items} if places else merged), places


def read_names(given: Document, problems: list[Problem]) -> dict[str, str]:
    """The company's key for each old one."""
    found = given.data.get(RENAMED)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        problems.append(given.problem("E-DOC-TABLE", (RENAMED,), value=found))
        return {}
    names: dict[str, str] = {}
    for old, new in found.items():
        if isinstance(new, str) and KEY.fullmatch(new):
            names[str(old)] = new
        else:
            problems.append(given.problem("E-DOC-KEY", (RENAMED, str(old)), value=new))
    return names


def sources(merged: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Every item that takes scores, with the scheme that it names."""
    items = merged.get("item")
    for place, item in enumerate(items if isinstance(items, list | tuple) else ()):
        source = item.get("score_of") if isinstance(item, Mapping) else None
        if isinstance(source, Mapping) and isinstance(source.get("scheme"), str):
            yield place, source["scheme"]
