import re

re.match(r"(a|aa)+$", "a" * 5000 + "b")
