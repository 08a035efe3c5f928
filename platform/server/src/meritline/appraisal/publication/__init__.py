"""Publication: what stands in its way, and locking a cycle. Publishing itself is not built yet."""

from meritline.appraisal.publication.blockers import blockers
from meritline.appraisal.publication.locking import lock_cycle

__all__ = ["blockers", "lock_cycle"]
