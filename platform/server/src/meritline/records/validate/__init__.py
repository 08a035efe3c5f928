"""Validation: the text of a row to typed values, or every reason why not."""
