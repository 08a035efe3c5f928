"""Rating sheets: what a rater is asked goes out as a workbook, and comes back with their ratings."""

from meritline.appraisal.ratings.sheet.giving import OPERATOR, make_sheet
from meritline.appraisal.ratings.sheet.taking import SheetSummary, take_sheet

__all__ = ["OPERATOR", "SheetSummary", "make_sheet", "take_sheet"]
