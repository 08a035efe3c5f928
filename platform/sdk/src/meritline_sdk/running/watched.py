"""What a plugin looked at while it declared, as its own process saw it. Decides when its answer may be kept.

The server keeps an answer for as long as the plugin's files are what they were, and asks here what else went into it:
modules of others, files that were read, names that were looked for. Whoever looked at the machine itself (``/proc``,
devices) or listed folders that hold no modules has no answer that can be kept. It is the plugin's process that speaks:
one that lies only gets an old answer of its own again.
"""

import os
import sys
from importlib.metadata import MetadataPathFinder
from typing import Any

import meritline_sdk

MACHINE = ("/proc/", "/dev/", "/sys/", "/run/")
LIBRARY = os.path.dirname(os.__file__)
OURS = os.path.dirname(os.path.abspath(meritline_sdk.__file__))
OTHERS = tuple(os.path.join(LIBRARY, name) for name in ("site-packages", "dist-packages"))


class Watched:
    """Begun before the plugin is imported; nothing ends it but the process."""

    def __init__(self) -> None:
        self.before = frozenset(sys.modules)
        self.opened, self.listed, self.names = set[str](), set[str](), set[str]()
        self.distributions = False
        self.watch_distributions()
        sys.addaudithook(self.heard)

    def watch_distributions(self) -> None:
        """Notice it when the plugin asks what is installed: also what is not there may be an answer."""
        finder: Any = MetadataPathFinder
        real = finder.find_distributions

        def noted(*args: Any, **options: Any) -> Any:
            self.distributions = True
            return real(*args, **options)

        finder.find_distributions = noted

    def heard(self, event: str, args: tuple[Any, ...]) -> None:
        """One thing that the process does."""
        if event == "import":
            self.names.add(str(args[0]).partition(".")[0])
        elif event == "open":
            self.note(self.opened, args[0])
        elif event in ("os.listdir", "os.scandir"):
            self.note(self.listed, args[0] if args and args[0] is not None else ".")

    def note(self, into: set[str], path: object) -> None:
        """A path, whole."""
        if isinstance(path, str | bytes | os.PathLike):
            into.add(os.path.abspath(os.fsdecode(path)))

    def made_of(self) -> tuple[list[str], list[str], bool] | None:
        """The files outside of Python and the SDK, the names of modules that were looked for (found or not), and
        whether it asked what is installed; None where the answer is not one of files alone."""
        opened, listed = set(self.opened), set(self.listed)
        modules = [module for name, module in [*sys.modules.items()] if name not in self.before]
        if any(f"{path}/".startswith(MACHINE) for path in opened | listed):
            return None
        if not all(self.holds_modules(path, modules) for path in listed):
            return None
        places = (getattr(module, "__file__", None) for module in modules)
        named = {os.path.abspath(place) for place in places if isinstance(place, str)}
        files = sorted(path for path in named | opened if not path.endswith(".pyc") and not known(path))
        return files, sorted(self.names), self.distributions

    def holds_modules(self, folder: str, modules: list[Any]) -> bool:
        """Whether Python looks for modules in the folder."""
        if known(os.path.join(folder, "")) or folder in map(os.path.abspath, sys.path):
            return True
        return any(folder == os.path.abspath(each) for module in modules for each in getattr(module, "__path__", ()))


def known(path: str) -> bool:
    """Whether the file comes with Python or the SDK, whose versions are looked at anyway."""
    return under(path, OURS) or (under(path, LIBRARY) and not any(under(path, each) for each in OTHERS))


def under(path: str, folder: str) -> bool:
    """Whether the folder holds it."""
    return path.startswith(os.path.join(folder, ""))
