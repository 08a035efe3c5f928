"""``python -m meritline.messages [FOLDER]``: write the error pages (default: platform/docs/errors)."""

import sys
from pathlib import Path

from meritline.messages.pages import write

if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "platform/docs/errors"))
