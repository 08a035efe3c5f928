"""Docstrings and signatures as Markdown. Decides how what stands in the source is printed in the reference."""

import inspect
import types
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, TypeAliasType, TypeVar, Union, get_args, get_origin

WIDEST = 100


def markdown(text: str) -> str:
    """The docstring as Markdown: its examples are blocks of code, its ``names`` are `names`."""
    lines = inspect.cleandoc(text).splitlines()
    return "\n".join(blocks(lines)).rstrip() + "\n"


def blocks(lines: list[str]) -> Iterator[str]:
    """The lines, with fences around what is code."""
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.startswith(">>> "):
            end = next((at for at in range(number, len(lines)) if not lines[at].strip()), len(lines))
            yield from ("```pycon", *lines[number:end], "```")
            number = end
        elif line.endswith("::"):
            yield line.removesuffix("::").replace("``", "`") + ":"
            start = next(at for at in range(number + 1, len(lines)) if lines[at].strip())
            end = next((at for at in range(start, len(lines)) if lines[at].strip() and lines[at][0] != " "), len(lines))
            yield from ("", "```python", inspect.cleandoc("\n" + "\n".join(lines[start:end])).rstrip(), "```", "")
            number = end
        else:
            yield line.replace("``", "`")
            number += 1


def signature(name: str, found: Callable[..., Any], known: dict[int, str]) -> str:
    """``name(parameters) -> result``, on several lines where one is too long; ``known`` names values by identity."""
    plain = inspect.signature(found)
    ended = "" if inspect.isclass(found) else f" -> {annotation(plain.return_annotation)}"
    parts = list(parameters(plain, known))
    line = f"{name}({', '.join(parts)}){ended}"
    if len(line) <= WIDEST:
        return line
    return "\n".join((f"{name}(", *(f"    {part}," for part in parts), f"){ended}"))


def parameters(plain: inspect.Signature, known: dict[int, str]) -> Iterator[str]:
    """Each parameter as it is written, with the mark before those that are given by name alone."""
    starred = False
    for one in plain.parameters.values():
        if one.kind is one.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        starred = starred or one.kind is one.VAR_POSITIONAL
        stars = "*" if one.kind is one.VAR_POSITIONAL else "**" if one.kind is one.VAR_KEYWORD else ""
        typed = f": {annotation(one.annotation)}" if one.annotation is not one.empty else ""
        equals = " = " if typed else "="
        yield f"{stars}{one.name}{typed}" + ("" if one.default is one.empty else f"{equals}{shown(one.default, known)}")


def annotation(found: Any) -> str:
    """A type as it stands in the source, without the modules that it comes from."""
    if isinstance(found, str):
        return found.strip("'\"")
    if found is None or found is type(None):
        return "None"
    if found is Ellipsis:
        return "..."
    if isinstance(found, TypeAliasType | TypeVar):
        return found.__name__
    if get_origin(found) in (types.UnionType, Union):
        return " | ".join(annotation(one) for one in get_args(found))
    if get_origin(found) is not None:
        return generic(get_origin(found), get_args(found))
    return getattr(found, "__name__", str(found).rpartition(".")[2])


def generic(origin: Any, arguments: tuple[Any, ...]) -> str:
    """A type with its arguments: ``Mapping[str, Text]``."""
    inner = ("[" + ", ".join(map(annotation, one)) + "]" if isinstance(one, list) else annotation(one)
             for one in arguments)
    return f"{annotation(origin)}[{', '.join(inner)}]"


def shown(value: Any, known: dict[int, str]) -> str:
    """A default as an author would write it."""
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    text = repr(value)
    return "..." if text.startswith("<") or len(text) > WIDEST else text
