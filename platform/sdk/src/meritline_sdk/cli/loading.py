"""How a command finds a plugin's sets: by the name of its module, from the folder it is run in."""

import importlib
import sys

from meritline_sdk.model.records import DeclarationError
from meritline_sdk.model.sets import IndicatorSet


def loaded(module: str) -> list[IndicatorSet] | None:
    """The plugin's sets; what is wrong with it goes to stderr."""
    sys.path.insert(0, "")
    try:
        found: list[IndicatorSet] = importlib.import_module(module).indicator_sets()
    except (ImportError, AttributeError, DeclarationError, TypeError, ValueError) as problem:
        print(f"{module}: {problem}", file=sys.stderr)
        return None
    return found
