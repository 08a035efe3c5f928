"""Ratings: numbers that people give."""

from meritline.appraisal.ratings.service import RatingInput, submit_rating
from meritline.appraisal.ratings.store import Rating

__all__ = ["Rating", "RatingInput", "submit_rating"]
