"""What plugins declare, from what is kept where nothing changed, and asked where something did.

An answer is kept only where a second process, with its clock ahead and in another zone, declared the same to the
letter, and where nobody wrote any of its files meanwhile. Refusals are never kept: another time it may go well.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from meritline.plugins.kept.contents import (
    MOST_FILES,
    Unkeepable,
    digest_of,
    found_at,
    installed,
    key_of,
    path_of,
    younger,
)  # fmt: skip
from meritline.plugins.kept.folder import Kept
from meritline.plugins.processes import Declared, Refusal, Source, declared_by
from meritline.plugins.processes.asking import Limits
from meritline.plugins.processes.declaring import Said, heard, told_by
from meritline_sdk.model.canonical import set_hash
from meritline_sdk.running.frames import END

WHOLE: Final = {"ended": "exit", "status": 0}


def declared_or_kept(sources: Iterable[Source], kept: Kept | None, *, deadline_s: float) -> dict[
        Source, Declared | Refusal]:
    """What each plugin declares."""
    every = [*dict.fromkeys(sources)]
    if kept is None:
        return declared_by(every, deadline_s=deadline_s)
    keys = {one: key_of(one) for one in every}
    found: dict[Source, Declared | Refusal] = {}
    for one in every:
        if (key := keys[one]) and (again := remembered(kept, key, path_of(one))):
            found[one] = again
    begun = time.time_ns()
    asked = told_by([one for one in every if one not in found], deadline_s=deadline_s, twice=True)
    for one, (declared, said) in asked.items():
        found[one] = declared
        if said and (key := keys[one]) and isinstance(declared, Declared):
            keep(kept, one, key, said, begun, declared)
    return found


def remembered(kept: Kept, key: str, path: list[str]) -> Declared | None:
    """What was kept, read as a plugin's own words are, if all else that it was made of is still the same."""
    text = kept.read(f"declared-{key}")
    if text is None:
        return None
    head, _, body = text.partition(b"\n")
    try:
        files, names, there, hashes = json.loads(head)
        same = (all(digest_of(each) == before for each, before in files)
                and all(found_at(each, path) == before for each, before in names)
                and there in (None, installed(path)))
    except (ValueError, TypeError, OSError, ImportError, Unkeepable):
        return None
    found = heard(WHOLE, body, Limits()) if same else None
    return replace(found, hashes=tuple(map(str, hashes))) if isinstance(found, Declared) else None


def keep(kept: Kept, source: Source, key: str, said: Said, begun: int, declared: Declared) -> None:
    """Keep an answer, if it is certain of what it is one."""
    if len(said.files) + len(said.names) > MOST_FILES or any(younger(each, begun) for each in said.files):
        return
    path = path_of(source)
    try:
        files = [(each, digest_of(each)) for each in said.files]
        names = [(each, found_at(each, path)) for each in said.names]
        there = installed(path) if said.distributions else None
        hashes = [*map(set_hash, declared.sets)]
    except (ValueError, TypeError, OSError, ImportError, Unkeepable):
        return
    if key_of(source) == key:
        kept.write(f"declared-{key}", json.dumps((files, names, there, hashes)).encode() + b"\n" + said.lines + END)
