"""Why a score line is what it is: its text, and the records behind it."""

from meritline.appraisal.explanation.evidence import Behind, LinePage, evidence, line_evidence
from meritline.appraisal.explanation.text import explain_line

__all__ = ["Behind", "LinePage", "evidence", "explain_line", "line_evidence"]
