"""Declares what it sees of the environment and its handles, so that the test can see that it is nothing."""

import os

from meritline_sdk import IndicatorSet, Text, hookimpl

SEEN = ",".join(sorted(set(os.environ) - {"TZ", "LC_ALL"})) or "nothing"
OPEN = ",".join(name for name in sorted(os.listdir("/proc/self/fd")) if name not in "0123" and os.path.exists(
    f"/proc/self/fd/{name}")) or "nothing"


@hookimpl
def indicator_sets():
    return [IndicatorSet("looker", Text(f"{SEEN} and {OPEN}", "所见"))]
