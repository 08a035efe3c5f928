"""The pages under ``docs/errors``. Decides their form; they are generated, never edited."""

from pathlib import Path

from meritline.messages.entries import Entry, catalogue

NOTE = "<!-- Written by `python -m meritline.messages` from messages/catalogue/*.toml; edit there. -->\n\n"


def pages() -> dict[str, str]:
    """File name to text, the index included."""
    found = {f"{entry.code}.md": page(entry) for entry in catalogue().values()}
    return {"README.md": index(list(catalogue().values())), **found}


def page(entry: Entry) -> str:
    """The page of one code."""
    return (
        f"{NOTE}# {entry.code}\n\n"
        f"| | |\n|---|---|\n| GraphQL `extensions.code` | `{entry.extension}` |\n| severity | {entry.severity} |\n"
        f"| feature | {entry.feature} |\n\n"
        f"**What happened.** {entry.en}\n\n**What to do.** {entry.remedy_en}\n\n"
        f"**发生了什么。** {entry.zh}\n\n**怎么办。** {entry.remedy_zh}\n\n"
        "Words in braces stand for the values of the case. 花括号中的词代表当时的值。\n"
    )


def index(entries: list[Entry]) -> str:
    """The list of all codes."""
    rows = "".join(f"| [{each.code}]({each.code}.md) | {each.en} | {each.zh} |\n" for each in entries)
    return f"{NOTE}# Errors 错误\n\n| code | what happened | 发生了什么 |\n|---|---|---|\n{rows}"


def write(folder: Path) -> None:
    """Bring the folder to the catalogue: write what changed, remove the pages of codes that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for stale in {each.name for each in folder.glob("*.md")} - set(wanted):
        (folder / stale).unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8")
