"""Declares what it sees of the environment and its handles, so that the test can see that it is nothing."""

import os
from contextlib import suppress
from pathlib import Path

from meritline_sdk import IndicatorSet, Text, hookimpl

BEGUN_WITH = set()
with suppress(PermissionError):  # nobody but the superuser sees that of a hidden process, not even itself
    BEGUN_WITH = {line.partition("=")[0] for line in Path("/proc/self/environ").read_text().split("\0") if line}
OURS = {"TZ", "LC_ALL", "PYTHONHASHSEED", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}
SEEN = ",".join(sorted((set(os.environ) - {"TZ", "LC_ALL"}) | (BEGUN_WITH - OURS))) or "nothing"
OPEN = ",".join(name for name in sorted(os.listdir("/proc/self/fd")) if name not in "0123" and os.path.exists(
    f"/proc/self/fd/{name}")) or "nothing"


@hookimpl
def indicator_sets():
    return [IndicatorSet("looker", Text(f"{SEEN} and {OPEN}", "所见"))]
