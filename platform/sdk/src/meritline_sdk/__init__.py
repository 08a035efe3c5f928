"""The language of after-sales appraisal."""
