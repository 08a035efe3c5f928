"""Text in the languages a reader may ask for. Decides only how a translation is chosen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A short text in English and Chinese.

    >>> Text("First-time fix rate", "一次修复率").in_language("zh-CN")
    '一次修复率'
    """

    en: str
    zh: str

    def __post_init__(self) -> None:
        for language, value in (("en", self.en), ("zh", self.zh)):
            if not isinstance(value, str) or not value.strip():
                raise ValueError(f"Text needs words in {language!r}: got {value!r}")

    def in_language(self, language: str) -> str:
        """The Chinese text for any ``zh`` tag, the English one otherwise."""
        return self.zh if language.lower().startswith("zh") else self.en
