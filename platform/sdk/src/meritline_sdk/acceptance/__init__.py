"""What a host refuses, as pure functions of what a plugin declares: shared by the host and ``meritline-sdk check``.

The host asks twice: in the process of the plugin, of the values as they are, and again of what came back as text,
since nothing that another process says is trusted. Nothing here imports a plugin, save ``function_problems`` and
``asked_of``, which run where the plugin runs.
"""

from meritline_sdk.acceptance.findings import Finding, Severity, errors
from meritline_sdk.acceptance.sets import problems_of

__all__ = ["Finding", "Severity", "errors", "problems_of"]
