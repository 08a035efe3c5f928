"""Shapes: the assembled declarations. Decides which expression of a row stands under which name in a result.

Names in a result: a column by its path (``reading.value``), ``path_en`` and ``path_zh`` of a translated text,
``#path`` the key of a relation, ``?path:name`` what a computed field needs, ``^key`` the key of the row.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from meritline.graphql.kit.declare import (
    Column,
    Computed,
    Connected,
    Embedded,
    Field,
    GlobalId,
    Module,
    Object,
    Through,
    ToMany,
    ToOne,
    Translated,
)

WORD = re.compile(r"(?<!^)(?=[A-Z])")


def snake(name: str) -> str:
    """The column of a field: sampleSize is sample_size."""
    return WORD.sub("_", name).lower()


def core(type_text: str) -> str:
    """The named type in ``[Name!]!``."""
    return type_text.strip("[]!")


@dataclass(frozen=True, slots=True)
class Shapes:
    """All objects of the schema by name, with the fields that other features added."""

    objects: Mapping[str, Object]
    selections: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @classmethod
    def assembled(cls, modules: Iterable[Module]) -> "Shapes":
        """The shapes of some features; a type that is declared twice, or extended without being there, is refused."""
        objects: dict[str, Object] = {}
        modules = tuple(modules)
        for each in (found for module in modules for found in module.objects):
            if each.name in objects:
                raise ValueError(f"{each.name} is declared twice")
            objects[each.name] = each
        for module in modules:
            for name, more in module.extensions.items():
                objects[name] = replace(objects[name], fields=objects[name].fields + more)
        return cls(objects)

    def __getitem__(self, name: str) -> Object:
        return self.objects[name]

    def action(self, shape: Object) -> str:
        """What a reader of the type must be allowed to do."""
        while isinstance(shape.visible, Through):
            shape = self.objects[shape.visible.owner]
        return shape.visible.action if shape.visible else ""

    def selection(self, name: str) -> tuple[tuple[str, str], ...]:
        """What a row of the type selects: pairs of name in the result and expression."""
        if name not in self.selections:
            shape = self.objects[name]
            own = (("^key", shape.key),)
            self.selections[name] = own + tuple(self._selected(shape, "", {}))
        return self.selections[name]

    def _selected(self, shape: Object, path: str, given: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        for each in shape.fields:
            yield from self._of_field(each, f"{path}{each.name}", given)

    def _of_field(self, each: Field, at: str, given: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        match each:
            case Column():
                yield at, given.get(each.name) or each.sql or f'{{t}}."{snake(each.name)}"'
            case Translated():
                yield f"{at}_en", given.get(f"{each.name}_en", each.en)
                yield f"{at}_zh", given.get(f"{each.name}_zh", each.zh)
            case ToOne() | ToMany() | Connected():
                yield f"#{at}", given.get(each.name, each.key)
            case Computed():
                for name, sql in each.needs.items():
                    yield f"?{at}:{name}", given.get(name, sql)
            case Embedded():
                yield from self._selected(self.objects[core(each.type)], f"{at}.", each.sql)
            case GlobalId():
                return
