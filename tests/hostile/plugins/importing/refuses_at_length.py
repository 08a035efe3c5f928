"""Refuses itself with a text of megabytes."""

import json
import os

os.write(3, json.dumps(["refused", "E-PLUGIN-IMPORT", {"reason": "?" * 60_000}]).encode() + b"\nend\n")
os._exit(0)
