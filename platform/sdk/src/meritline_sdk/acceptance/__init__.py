"""What a host refuses, as pure functions of what a plugin declares: shared by the host and ``meritline-sdk check``.

The host asks twice: in the process of the plugin, of the values as they are, and again of what came back as text,
since nothing that another process says is trusted. ``hooks`` and ``functions`` call the plugin and run where it runs;
everything else looks at values only.
"""

from meritline_sdk.acceptance.findings import Finding, Severity, errors
from meritline_sdk.acceptance.functions import function_problems
from meritline_sdk.acceptance.hooks import Asked, answer_problems, asked_of, defaults_problems, hooks_of
from meritline_sdk.acceptance.sets import problems_of

__all__ = [
    "Asked", "Finding", "Severity", "answer_problems", "asked_of", "defaults_problems", "errors", "function_problems",
    "hooks_of", "problems_of",
]  # fmt: skip
