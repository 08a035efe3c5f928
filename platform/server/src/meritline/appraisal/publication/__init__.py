"""Publication: what stands in its way. Publishing itself is not built yet."""

from meritline.appraisal.publication.blockers import blockers

__all__ = ["blockers"]
