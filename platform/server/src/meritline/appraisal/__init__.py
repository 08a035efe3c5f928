"""Appraisal: cycles, runs, ratings, scorecards and what explains them."""
