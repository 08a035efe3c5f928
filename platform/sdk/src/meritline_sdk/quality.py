"""How good a plugin is, as levels. Decides which rules make each; the page on quality is written from them.

A level holds where every rule of it and of those before it holds. A rule is broken by findings: it names which
(``Finding.rule``), so that what is missing for the next level is always told with its place and its remedy.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from meritline_sdk.acceptance.findings import Finding, Severity
from meritline_sdk.model.text import Text


@dataclass(frozen=True, slots=True)
class Level:
    """One level; ``promise`` is what an operator may rely on."""

    key: str
    title: Text
    promise: Text


BRONZE = Level("bronze", Text("Bronze", "铜级"), Text("a host takes it", "宿主可以接受"))
SILVER = Level("silver", Text("Silver", "银级"), Text("people understand what it measures", "使用者能看懂它衡量什么"))
GOLD = Level("gold", Text("Gold", "金级"), Text("it is held to the laws, and its numbers can be checked by hand",
                                              "遵守全部定律，数字可以手工核对"))
PLATINUM = Level("platinum", Text("Platinum", "白金级"), Text("it can be relied on for years", "可以长期依赖"))
LEVELS = (BRONZE, SILVER, GOLD, PLATINUM)


@dataclass(frozen=True, slots=True)
class QualityRule:
    """One rule: what holds, why it is asked for, how it is checked, and which findings break it.

    ``errors``: every finding that a host refuses breaks it too.
    """

    key: str
    level: Level
    title: Text
    why: Text
    how: Text
    broken_by: frozenset[str] = frozenset()
    errors: bool = False

    def broken(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """What breaks it."""
        return tuple(one for one in findings if one.rule in self.broken_by or (
            self.errors and one.severity is Severity.ERROR and one.code.startswith("E-")))


def rule(key: str, level: Level, title: Text, why: Text, how: Text, *broken_by: str, errors: bool = False
         ) -> QualityRule:
    """A rule."""
    return QualityRule(key, level, title, why, how, frozenset(broken_by), errors)


RULES = (
    rule("accepted", BRONZE, Text("A host finds nothing to refuse", "宿主不会拒绝"),
         Text("what is refused blocks every company that needs it", "被拒绝的插件会使需要它的企业停用"),
         Text("every check of the host, here", "在此执行宿主的全部检查"), errors=True),
    rule("found", BRONZE, Text("An entry point names the module", "入口点指向模块"),
         Text("a host looks nowhere else", "宿主只从入口点查找插件"), Text("from the metadata", "读取元数据"),
         "entry", "distribution"),
    rule("range", BRONZE, Text("The range of meritline-sdk is said, and ends", "声明了 meritline-sdk 的范围且有上限"),
         Text("it is the only statement of which servers it works with", "这是适用服务器版本的唯一依据"),
         Text("from the dependencies", "读取依赖"), "range_missing", "range_open", "range"),
    rule("licence", BRONZE, Text("It has a licence and an author", "有许可证和作者"),
         Text("an operator must know whether it may be used, and whom to ask", "运维需要知道能否使用、向谁询问"),
         Text("from the metadata", "读取元数据"), "licence", "author"),
    rule("dependencies", BRONZE, Text("The sets it uses are among its dependencies", "引用的指标集已列入依赖"),
         Text("without them it loads on the author's machine alone", "否则只能在作者机器上加载"),
         Text("the distributions that bring them are looked up", "查找提供它们的发行包"), "dependency"),
    rule("languages", SILVER, Text("Every text stands in both languages", "所有文字都有中英文"),
         Text("who is appraised reads one of them", "被考核者只读其中一种"),
         Text("every Text is compared with itself in the other language", "逐一比较两种语言的文字"), "language"),
    rule("titles", SILVER, Text("Fields and parameters have titles", "字段和参数有名称"),
         Text("sentences and explanations are made of them", "说明和解释由它们组成"),
         Text("every declared field and parameter is looked at", "检查每个字段和参数"), "untitled"),
    rule("golden", SILVER, Text("Every indicator has a golden case that holds", "每个指标都有成立的用例"),
         Text("it says what the author means, in numbers", "用数字说明作者的本意"),
         Text("the cases are computed", "计算用例"),
         "golden_missing", "golden_failed", "golden_unread", "project_absent"),
    rule("readme", SILVER, Text("The README has the table of indicators", "README 含指标表"),
         Text("it is the first thing that anybody reads", "这是读者最先看到的内容"),
         Text("the table is made anew and compared", "重新生成并比较"), "readme", "readme_table"),
    rule("laws", GOLD, Text("The laws of the testkit hold, and its own tests try them", "定律成立，且自身测试包含定律"),
         Text("order, duplicates, empty months and rounding must not change what people are paid",
              "顺序、重复、空月份和舍入都不得影响薪酬"),
         Text("every law is tried on made-up records; the tests are searched for laws_for",
              "用随机记录逐条验证；在测试中查找 laws_for"), "law", "laws_untried", "laws_skipped"),
    rule("worked", GOLD, Text("Golden cases say how they are worked out by hand", "用例写明手工计算过程"),
         Text("an operator can follow them on a pocket calculator", "运维可以用计算器核对"),
         Text("each indicator has a case with a comment", "每个指标都有带注释的用例"), "golden_unworked"),
    rule("typed", GOLD, Text("It is typed", "有类型标注"),
         Text("others build on it, and mistakes show while typing", "便于他人使用，输入时即可发现错误"),
         Text("py.typed is there, every function has types; run mypy --strict for the rest",
              "存在 py.typed 且函数均有类型；其余请运行 mypy --strict"), "typed", "untyped_function"),
    rule("meant", GOLD, Text("No measure says what cannot be meant", "度量中没有可疑的条件"),
         Text("a condition that never holds measures nothing, for ever", "永不成立的条件会使指标永远无数据"),
         Text("each measure is read as a formula", "将每个度量作为公式解析"), "formula", "keyword"),
    rule("python", PLATINUM, Text("No Python functions, or each alone in its module, with three golden cases",
                                  "没有 Python 函数，或每个都在单独的模块中且有三个用例"),
         Text("nobody can read a function's formula in the explanation", "解释中无法展示函数的公式"),
         Text("the cases of each are counted, its module is looked at", "统计每个函数的用例，并检查其模块"),
         "python_golden", "function_beside"),
    rule("notes", PLATINUM, Text("Every indicator says what its reader must know", "每个指标都有说明"),
         Text("what is left out, and why, is asked in every appraisal", "每次考核都会有人问：什么不计入、为什么"),
         Text("every indicator has a note", "每个指标都有 note"), "note"),
    rule("upkeep", PLATINUM, Text("It says where its source is and what changed", "注明源码地址和变更记录"),
         Text("an upgrade is read before it is adopted", "升级前需要先阅读变更"),
         Text("project.urls and CHANGELOG.md are looked for", "查找 project.urls 和 CHANGELOG.md"), "links", "changes"),
)  # fmt: skip
"""Every rule, by level."""


@dataclass(frozen=True, slots=True)
class Quality:
    """The level that a plugin has, None below the first; ``missing`` is what breaks each rule that does not hold."""

    level: Level | None
    missing: tuple[tuple[QualityRule, tuple[Finding, ...]], ...]

    @property
    def next(self) -> Level | None:
        """The level above; None at the top."""
        place = -1 if self.level is None else LEVELS.index(self.level)
        return LEVELS[place + 1] if place + 1 < len(LEVELS) else None

    def for_next(self) -> tuple[tuple[QualityRule, tuple[Finding, ...]], ...]:
        """What is missing for the level above."""
        return tuple(one for one in self.missing if one[0].level is self.next)


def quality_of(findings: Iterable[Finding]) -> Quality:
    """The level of a plugin with these findings.

    >>> quality_of(()).level.key
    'platinum'
    """
    given = tuple(findings)
    missing = tuple((one, broken) for one in RULES if (broken := one.broken(given)))
    wanting = {one.level for one, _ in missing}
    reached = [level for place, level in enumerate(LEVELS) if not wanting & set(LEVELS[: place + 1])]
    return Quality(reached[-1] if reached else None, missing)
