"""The web pages go into the package: from beside this folder in a checkout, from within it in a source archive."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Console(BuildHookInterface):
    """Adds the console to every wheel but an editable one, which finds it in the checkout."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folder that goes in."""
        root = Path(self.root)
        folder = next(path for path in (root / "console", root.parent / "console") if path.is_dir())
        if self.target_name == "sdist":
            build_data["force_include"][str(folder)] = "console"
        elif version != "editable":
            build_data["force_include"][str(folder)] = "meritline/console"
