"""Which declarations were accepted. Decides that the same words need not be examined at every start.

Only that nothing was found is kept: whatever is wrong is found again, and told in full.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from meritline.plugins.kept.contents import named, rules
from meritline.plugins.kept.folder import Kept

WHOLE, FITTING = "accepted", "fitting"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is known of declarations without examining them; nothing where nothing is kept."""

    kept: Kept | None = None

    def sound(self, label: str, what: str, said: str, module: str | None, used: Iterable[tuple[str, str]]) -> "Verdict":
        """What is known of a plugin that said so (a digest), with what the sets said that it uses; ``what`` of it was
        examined."""
        name = f"{what}-{named(rules(), label, said, module, sorted(used))}" if self.kept and said else ""
        return Verdict(self.kept, name)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether nothing is wrong, as far as it is known."""

    kept: Kept | None
    name: str

    @property
    def known(self) -> bool:
        """Whether it was examined before, and nothing was found."""
        return bool(self.name and self.kept and self.kept.read(self.name) == b"sound\n")

    def keep(self) -> None:
        """Nothing was found."""
        if self.name and self.kept:
            self.kept.write(self.name, b"sound\n")
