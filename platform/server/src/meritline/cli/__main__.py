"""``python -m meritline.cli``: the same as ``meritline``."""

import sys

from meritline.cli import main

sys.exit(main())
