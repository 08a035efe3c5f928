"""``python -m meritline_sdk.cli`` is ``meritline-sdk``."""

import sys

from meritline_sdk.cli import main

if __name__ == "__main__":
    sys.exit(main())
