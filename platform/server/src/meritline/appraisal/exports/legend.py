"""The legend of a workbook: what each column holds, what our words mean, how numbers are held."""

from typing import Final

from meritline.appraisal.exports.columns import Column, Columns, Sort
from meritline.appraisal.exports.words import WORDS, say, word
from meritline.appraisal.exports.workbook import Book, Top
from meritline_sdk.model.text import Text

LEGEND: Final[Columns] = (
    Column("what", Text("Column or word", "列或用语"), width=30),
    Column("about", Text("Meaning", "含义"), Sort.LONG, width=100),
)
ABOUT: Final[dict[str, Text]] = {
    "complete": Text("every line that counts has a reading, or is exempt", "所有计入的得分项均有实际值，或已免考"),
    "incomplete": Text("some lines have no reading; their policy says what was done",
                       "部分得分项没有实际值，其处理方式见“缺失处理”"),
    "not_measured": Text("there is nothing to measure: not measured is not zero", "没有可计量的数据：未测得不等于零"),
    "measured": Text("there is a value", "有实际值"),
    "sample_too_small": Text("fewer records than the scheme asks for", "记录数少于方案要求"),
    "failed": Text("the reading could not be computed", "实际值计算失败"),
    "waived": Text("set aside by somebody, with a reason", "经人工豁免，并注明原因"),
    "renormalise": Text("the line is left out and its weight goes to the others; the card is incomplete",
                        "该项不计入，权重分摊给其余各项，考核表不完整"),
    "zero": Text("the line counts with 0 points", "该项计 0 分"),
    "full": Text("the line counts with full points", "该项计满分"),
    "carry": Text("the share of full points of the last earlier period in which it was measured",
                  "沿用上一个有实际值的考核期的得分比例"),
    "exempt": Text("the line is left out and the card counts as complete", "该项不计入，考核表视为完整"),
    "manual": Text("there is no score until somebody enters a figure or waives the line",
                   "在人工录入或豁免之前没有总分"),
    "nothing": Text("an event without a reading adds nothing and takes nothing", "加减分项没有实际值时不加也不扣"),
}
EXPLAINED: Final = ("state", "reading_state", "policy")


def add_legend(book: Book, columns: Columns, top: Top) -> None:
    """The sheet of the legend."""
    language = book.language
    sheet = book.sheet(say(language, "legend"), LEGEND, [(say(language, "legend"), None), *top[1:]])
    for each in columns:
        if each.about is not None:
            sheet.add({"what": each.title.in_language(language), "about": each.about.in_language(language)})
    told: set[str] = set()
    for each in columns:
        if each.key in EXPLAINED:
            for key in WORDS[each.key]:
                if key not in told:
                    told.add(key)
                    sheet.add({"what": word(language, each.key, key), "about": ABOUT[key].in_language(language)})
    sheet.add({"what": say(language, "numbers"), "about": say(language, "numbers_about")})
    sheet.close(portrait=True)
