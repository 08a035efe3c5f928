"""``python -m meritline_sdk.cli`` is ``meritline-sdk``."""

import sys

from meritline_sdk.cli import main

sys.exit(main())
