"""Scoring in several processes: people by ranges, each scored where there is room, ranks and digests at the end.

A process is asked with what was tallied of some people and answers with their finished rows. Nothing rests on it: what
a process does not answer is computed here, so that a run ends alike with any number of them, also with none.
"""

from meritline.appraisal.run.parallel.pool import Pool

__all__ = ["Pool"]
