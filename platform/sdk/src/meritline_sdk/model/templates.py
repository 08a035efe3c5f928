"""Templates and starters: the schemes of the field, and ours to begin with. Decides what each must tell its reader.

A template is a document as it is printed, its blanks open; a company fills them. A starter is complete and ours: it
says for what was made up why it was made up so. Both are offered, neither appraises anybody before a company takes it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meritline_sdk.model.blanks import open_blanks, young
from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.rewards import RewardTable
from meritline_sdk.model.schemes import Scheme
from meritline_sdk.model.settings import Settings, Written, plain_values
from meritline_sdk.model.text import Text


@dataclass(frozen=True, slots=True)
class Template:
    """A printed scheme: ``source`` names the document, ``wording`` gives the words of each line as printed.

    ``wording`` holds (line's name, Chinese words); ``missing`` tells what the document does not say; ``notes`` how a
    contradiction of it was read, each with the number of its trap where there is one.
    """

    scheme: Scheme
    source: Text
    wording: tuple[tuple[str, str], ...] = ()
    missing: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    rewards: tuple[RewardTable, ...] = ()

    def __post_init__(self) -> None:
        for name in ("wording", "missing", "notes", "rewards"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        lines = {*(line.name() for line in self.scheme.items), *(line.name() for line in self.scheme.events)}
        for name, _ in self.wording:
            if name not in lines and name.rpartition(".")[2] not in {line.rpartition(".")[2] for line in lines}:
                raise DeclarationError(f"template {self.scheme.key!r}: words for {name!r}, which is no line of it")


@dataclass(frozen=True, slots=True)
class Starter:
    """A complete scheme of ours beside a template (``template``: its key), with a reason for each thing made up.

    ``reasons`` holds (what: a line's name or a word such as ``weights``, why). ``settings`` holds (indicator,
    ((parameter, value), ...)): what its indicators need and a company has not set itself, such as a limit that no
    record names; whoever takes the starter gets them with it.
    """

    scheme: Scheme
    template: str
    reasons: tuple[tuple[str, Text], ...]
    rewards: tuple[RewardTable, ...] = ()
    settings: Settings = young(())

    if TYPE_CHECKING:  # what may be written where less is kept; tests/contract/test_sdk_typed.py holds it to the fields

        def __init__(self, scheme: Scheme, template: str, reasons: tuple[tuple[str, Text], ...],
                     rewards: tuple[RewardTable, ...] = (), settings: Written = ()) -> None: ...

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", tuple((one, plain_values(values)) for one, values in self.settings))
        for name in ("reasons", "rewards"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        blanks = open_blanks((self.scheme, *self.rewards))
        if blanks:
            raise DeclarationError(f"starter {self.scheme.key!r}: a starter has no blanks, but "
                                   f"{', '.join(one.key for one in blanks)} is open")
        if not self.reasons:
            raise DeclarationError(f"starter {self.scheme.key!r}: say why: reasons=")
