"""Figures that people enter: ready-made numbers for what no system counts, and readings set aside with a reason."""

from meritline.appraisal.figures.values import Figure, FigureInput, Outcome, Writer

__all__ = ["Figure", "FigureInput", "Outcome", "Writer"]
