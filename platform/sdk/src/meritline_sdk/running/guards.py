"""What stands between a plugin and the machine here, asked in a child that has no plugin."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from meritline_sdk.running.filter import computing, stand
from meritline_sdk.running.limits import LINUX


def work(head: Mapping[str, Any], body: bytes, tell: Callable[[bytes], None]) -> None:
    """Tell which guards stand."""
    guards = {"filtered": bool(head["filtered"]) and stand(computing()), "known": computing() is not None,
              "refused": head["refused"], "ends_with_server": LINUX}
    tell(json.dumps(guards).encode() + b"\n")
