"""The languages that a reader may ask for."""

from enum import Enum

import strawberry


@strawberry.enum(description="A language that texts are written in.", name="Language")
class LanguageChoice(Enum):
    """A language that texts are written in."""

    EN = strawberry.enum_value("en", description="English.")
    ZH = strawberry.enum_value("zh", description="Chinese (中文).")
