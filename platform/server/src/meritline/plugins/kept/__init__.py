"""What plugins answered, kept in a folder of the user. Decides what is asked again, and what is believed unasked.

To ask plugins and to examine what they say takes most of the time of a start. What a plugin declares is a function of
its files, of the SDK and of Python; whether it can be accepted is one of what it declares and of our rules. So both are
kept under the digest of all of that, and asked again where anything of it is another.
"""

from meritline.plugins.kept.declared import declared_or_kept
from meritline.plugins.kept.folder import Kept, kept_in
from meritline.plugins.kept.verdicts import Verdicts

__all__ = ["Kept", "Verdicts", "declared_or_kept", "kept_in"]
