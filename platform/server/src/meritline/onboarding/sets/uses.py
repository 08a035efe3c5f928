"""Which sets a company's sets need. Decides by the catalogue, and by what was noted where the plugin is gone."""

import json

from meritline.onboarding.sets.standing import Sets
from meritline.plugins import Catalogue


def used_by(now: Sets, catalogue: Catalogue, set_key: str) -> set[str]:
    """The sets that it uses, directly or not, without itself."""
    found: set[str] = set()
    waiting = [set_key]
    while waiting:
        for key in direct(now, catalogue, waiting.pop()):
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found - {set_key}


def direct(now: Sets, catalogue: Catalogue, set_key: str) -> tuple[str, ...]:
    """The sets that it names itself: as the company has it, else as it is installed."""
    row = now.enabled.get(set_key)
    noted = () if row is None else tuple(json.loads(row["uses"]))
    installed = catalogue.sets.get(set_key)
    return tuple(dict.fromkeys((*noted, *(installed.set.uses if installed else ()))))
