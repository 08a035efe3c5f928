"""Documents that people write: TOML of a manifest or JSON of a mutation, read key by key with their places."""

from meritline.documents.located import Document, Path
from meritline.documents.table import Table
from meritline.documents.toml import read_toml

__all__ = ["Document", "Path", "Table", "read_toml"]
