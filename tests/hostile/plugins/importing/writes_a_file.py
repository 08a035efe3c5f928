from pathlib import Path

Path(__file__).with_suffix(".written").write_text("here I am")
