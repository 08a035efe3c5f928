"""Loading plugins. Decides that a plugin which fails is left out with its reason, and takes nobody else with it.

Each plugin is asked by itself, in a process of its own: a broken import, a misspelt hook, an exception in a hook or a
wrong value quarantines that plugin alone. Nothing of a plugin that the operator left out is imported anywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from meritline.errors import Problem
from meritline.plugins.asking import Answer, ask, examined
from meritline.plugins.assembly import Brought, assemble, noted
from meritline.plugins.catalogue import Catalogue
from meritline.plugins.discovery import Found, chosen, installed
from meritline.plugins.fingerprints import fingerprint
from meritline.plugins.folder import Unusable, in_folder
from meritline.plugins.kept import Kept, Verdicts, kept_in
from meritline.settings import Settings
from meritline_sdk import IndicatorSet

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What every plugin answered, before it was examined and any database was asked about it."""

    brought: tuple[Brought, ...]
    problems: tuple[Problem, ...]
    answers: tuple[Answer, ...]
    verdicts: Verdicts = field(default_factory=Verdicts)
    sound: list[Catalogue] = field(default_factory=list, compare=False, repr=False)

    def catalogue(self, wrong: Mapping[str, Sequence[Problem]] | None = None) -> Catalogue:
        """What can be used together. ``wrong`` is what was found out, by label; without it all is examined here."""
        if wrong is not None:
            return assemble(noted(self.brought, wrong), self.problems)
        if not self.sound:
            self.sound.append(assemble(noted(self.brought, examined(self.brought, (), self.verdicts)), self.problems))
        return self.sound[0]

    def unanswered(self) -> tuple[Problem, ...]:
        """The plugins that did not answer: whether they would another time, on a machine with less to do, nobody
        knows."""
        return tuple(each for one in self.brought for each in one.problems if each.code in UNANSWERED)


UNANSWERED = frozenset({"E-PLUGIN-HANGS", "E-PLUGIN-DIED"})


def load_catalogue(allow: frozenset[str] | None = None, *, folder: Path | None = None,
                   without: frozenset[str] = NOBODY, kept: Kept | None = None) -> Catalogue:
    """What the installed plugins bring; ``allow`` names the distributions or entry points that may, None all.

    ``folder`` has further plugins of one file each, ``without`` names those to leave out (``*``: all). What is ``kept``
    is not asked again.
    """
    return load(allow, folder=folder, without=without, kept=kept).catalogue()


def load_for(settings: Settings) -> Loaded:
    """What the settings of a process allow."""
    return load(settings.plugins, folder=settings.plugins_dir, without=settings.no_plugins,
                kept=kept_in(settings.cache_dir))


def load(allow: frozenset[str] | None = None, *, folder: Path | None = None,
         without: frozenset[str] = NOBODY, kept: Kept | None = None) -> Loaded:
    """Ask every plugin that may be used; the same environment is asked once in a process."""
    files, unusable, problems = in_folder(folder)
    every = [*installed(), *files, *(one.found for one in unusable)]
    chose = chosen(every, allow, without)
    key = (fingerprint(every), chose, tuple(problems), kept)
    if key not in REMEMBERED:
        while len(REMEMBERED) >= MOST_REMEMBERED:
            REMEMBERED.pop(next(iter(REMEMBERED)))
        REMEMBERED[key] = asked(chose.used, chose.off, unusable, (*problems, *chose.problems), kept)
    return REMEMBERED[key]


def found_for(settings: Settings) -> list[Found]:
    """The plugins that would be asked, in order."""
    files, _, _ = in_folder(settings.plugins_dir)
    return [*chosen([*installed(), *files], settings.plugins, settings.no_plugins).used]


MOST_REMEMBERED = 8
REMEMBERED: dict[object, Loaded] = {}


def asked(used: Iterable[Found], off: Iterable[tuple[Found, str]], unusable: Iterable[Unusable],
          problems: Iterable[Problem], kept: Kept | None) -> Loaded:
    """Ask those that can be asked, and keep the others with their reasons."""
    bad = {one.found: one.problem for one in unusable}
    found, answers = ask([one for one in used if one not in bad], kept)
    found += [replace(silent(one), problems=(bad[one],)) for one in used if one in bad]
    found += [replace(silent(one), off=setting) for one, setting in off]
    return Loaded(tuple(found), tuple(problems), tuple(answers), Verdicts(kept))


def silent(one: Found) -> Brought:
    """A plugin that was not asked."""
    return Brought(one.name, one.distribution, one.version, one.author, one.licence, changing=one.changing)


def catalogue_of(*declared: IndicatorSet, plugin: str = "here") -> Catalogue:
    """A catalogue of sets that are at hand: for tests and for trying a plugin before it is packaged."""
    return assemble([Brought(plugin, plugin, "0", "", "", tuple(declared))])
