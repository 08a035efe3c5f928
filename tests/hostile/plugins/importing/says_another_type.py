"""Answers with a declaration that is no set."""

import os

from meritline_sdk import Text, canonical

os.write(3, b'["declared", %s]\nend\n' % __import__("json").dumps(canonical(Text("a", "甲"))).encode())
os._exit(0)
