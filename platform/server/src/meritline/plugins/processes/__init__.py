"""The processes in which plugin code runs. The server's own process imports no plugin and calls no function of one.

``declared_by`` asks plugins what they declare, before anything else runs; a ``Workshop`` computes Python measures and
asks ``tenant_defaults`` while the server works. Both talk to keepers (``meritline_sdk.running``), and trust nothing
that comes back.
"""

from meritline.plugins.processes.asking import Batch, Failure, Limits
from meritline.plugins.processes.declaring import Declared, Refusal, declared_by
from meritline.plugins.processes.guards import Isolation, isolation
from meritline.plugins.processes.sources import Source
from meritline.plugins.processes.workshop import Workshop

__all__ = ["Batch", "Declared", "Failure", "Isolation", "Limits", "Refusal", "Source", "Workshop", "declared_by",
           "isolation"]
