"""Tries to leave processes behind that hold its pipe, and then does what it should."""

import os
import time

from meritline_sdk import IndicatorSet, Text, hookimpl

for _ in range(20):
    try:
        if os.fork() == 0:
            time.sleep(3600)
    except OSError:
        pass


@hookimpl
def indicator_sets():
    return [IndicatorSet("forker", Text("Forker", "分叉"))]
