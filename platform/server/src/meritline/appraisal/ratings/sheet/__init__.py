"""Rating sheets: what a rater is asked goes out as a workbook, and comes back with their ratings."""

from meritline.appraisal.ratings.sheet.service import OPERATOR, SheetSummary, make_sheet, take_sheet

__all__ = ["OPERATOR", "SheetSummary", "make_sheet", "take_sheet"]
