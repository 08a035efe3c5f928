"""Why a score line is what it is: its text, and the records behind it."""

from meritline.appraisal.explanation.evidence import Evidence, EvidencePage, line_evidence
from meritline.appraisal.explanation.text import explain_line

__all__ = ["Evidence", "EvidencePage", "explain_line", "line_evidence"]
