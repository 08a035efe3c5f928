"""What a plugin proposes for a company, asked in its own process."""

import json
from collections.abc import Mapping
from typing import Any

from meritline_sdk.model.canonical import canonical, parse
from meritline_sdk.model.sets import TenantDefaults
from meritline_sdk.running.declare import Rejected, Tell, items, loaded, registered
from meritline_sdk.running.importing import reason


def work(head: Mapping[str, Any], body: bytes, tell: Tell) -> None:
    """Ask ``tenant_defaults`` and tell its answers, or why not."""
    try:
        manager = registered(loaded(head["source"]))
        profile = parse(body.decode())
        lines: list[Any] = [
            ["declared", canonical(one)] for impl in manager.hook.tenant_defaults.get_hookimpls()
            for one in items("tenant_defaults", given(impl, profile), TenantDefaults)]
    except Rejected as wrong:
        lines = [["refused", wrong.code, wrong.params]]
    except MemoryError:
        lines = [["refused", "E-PLUGIN-MEMORY", {}]]
    except BaseException as wrong:
        lines = [["refused", "E-PLUGIN-DECLARES", {"reason": reason(wrong)}]]
    for line in lines:
        tell(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def given(impl: Any, profile: Any) -> Any:
    """The answer of one implementation; a hook may leave out an argument that it does not need."""
    return impl.function(*(profile for name in impl.argnames if name == "profile"))
