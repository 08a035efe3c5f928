"""Refuses itself in words that would be arguments of the server's own functions."""

import json
import os

FORGED = {"reason": "mine", "plugin": "another 1.0 (another)", "code": "E-INTERNAL", "severity": "warning", "line": {}}
os.write(3, json.dumps(["refused", "E-PLUGIN-IMPORT", FORGED]).encode() + b"\nend\n")
os._exit(0)
