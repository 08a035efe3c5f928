"""The sets of the plugin that a command is about, where nothing more is asked of it."""

import sys

from meritline_sdk.acceptance import Finding
from meritline_sdk.cli.target import TargetError, plugin_of, target_of
from meritline_sdk.model.sets import IndicatorSet


def loaded(plugin: str | None) -> list[IndicatorSet] | None:
    """The plugin's sets, by its module, folder or file; what is wrong with it goes to stderr."""
    try:
        found = plugin_of(target_of(plugin))
    except TargetError as wrong:
        print(wrong, file=sys.stderr)
        return None
    problems = (found,) if isinstance(found, Finding) else found.asked.problems
    for one in problems:
        print(one.text(), file=sys.stderr)
    return None if isinstance(found, Finding) or problems else list(found.sets)
