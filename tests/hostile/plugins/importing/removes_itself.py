from pathlib import Path

Path(__file__).unlink()
