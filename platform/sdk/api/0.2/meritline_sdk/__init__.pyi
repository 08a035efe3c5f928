"""Made by `make docs` from the source of the SDK: the promise of 0.2. Never edit it."""

AS_GIVEN: str = 'as_given'

AS_THINGS_STAND: str = 'as things stand'

class Anchor:
    def __init__(self, percent: int, title: Text) -> None: ...
    percent: int
    title: Text

class Answer:
    def __init__(self, value: int | Decimal | Fraction, unit: Unit, numerator: int | Decimal | Fraction | None = None, denominator: int | Decimal | Fraction | None = None, sample: int | None = None, used: tuple[str, ...] | None = None) -> None: ...
    denominator: int | Decimal | Fraction | None = None
    numerator: int | Decimal | Fraction | None = None
    sample: int | None = None
    unit: Unit
    used: tuple[str, ...] | None = None
    value: int | Decimal | Fraction

class Attribution:
    def __init__(self, credit: Person | People | Team | None = None, at: Instant | Day | None = None) -> None: ...
    at: Instant | Day | None = None
    credit: Person | People | Team | None = None

class Award(RewardRule):
    def __init__(self, key: str, title: Text, amount: Open, when: When, in_a_row: InARow | None = None, pays: str = '') -> None: ...
    amount: Open
    in_a_row: InARow | None = None
    key: str
    kind: str = 'award'
    pays: str = ''
    title: Text
    when: When

BUSINESS: str = 'business'

class BasePay(RewardRule):
    def __init__(self, key: str, title: Text, days: Open = 22, hours: Open = 8, mode: str = MONTH, pays: str = '') -> None: ...
    days: Open = 22
    hours: Open = 8
    key: str
    kind: str = 'base_pay'
    mode: str = MONTH
    pays: str = ''
    title: Text

class Beside:
    def __init__(self, title: Text, measure: Count | Sum | Distinct | Total) -> None: ...
    measure: Count | Sum | Distinct | Total
    title: Text

class Blank:
    def __init__(self, key: str, title: Text, printed: str = '( )', suggested: Decimal | int | str | None = None, taken: bool = False) -> None: ...
    key: str
    printed: str = '( )'
    def stands(self, number: Decimal | int | str) -> Decimal | int | str: ...
    suggested: Decimal | int | str | None = None
    taken: bool = False
    title: Text

class ByGrade(RewardRule):
    def __init__(self, key: str, title: Text, amounts: Mapping[str, Open], pays: str = 'performance_bonus') -> None: ...
    amounts: tuple[tuple[str, Decimal | Blank], ...]
    key: str
    kind: str = 'by_grade'
    pays: str
    title: Text
    def with_filled(self, fill: Callable[[Any], Any]) -> ByGrade: ...

class ByRank(RewardRule):
    def __init__(self, key: str, title: Text, amounts: tuple[Open, ...], tail_step: Open | None = None, tail_least: Open = 0, ties: str = MEAN_OF_PLACES, low_score: Open | None = None, low_amount: Open = 0, pays: str = 'performance_bonus', beyond: Open | None = None) -> None: ...
    amounts: tuple[Open, ...]
    beyond: Open | None = None
    key: str
    kind: str = 'by_rank'
    low_amount: Open = 0
    low_score: Open | None = None
    pays: str = 'performance_bonus'
    tail_least: Open = 0
    tail_step: Open | None = None
    ties: str = MEAN_OF_PLACES
    title: Text

CALENDAR: str = 'calendar'

CARRY: str = 'carry'

CHARACTERS_PER_MINUTE: Unit

CLOCK: Parameter

COUNT: Unit

class Change:
    def __init__(self, measure: Count | Sum | Distinct | Mean | Ratio | Percentile | Total | Pooled | Largest | Smallest, relative: bool = False) -> None: ...
    measure: Count | Sum | Distinct | Mean | Ratio | Percentile | Total | Pooled | Largest | Smallest
    relative: bool = False

class Choice(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '', options: tuple[str, ...] = ()) -> None: ...
    kind = Kind.CHOICE
    name: str = ''
    optional: bool = False
    options: tuple[str, ...] = ()
    title: Text | None = None

class ChosenCredit:
    def __init__(self, parameter: ParameterRef, options: tuple[tuple[str, Credit], ...]) -> None: ...
    def chosen(self, parameters: Mapping[str, Scalar]) -> Credit: ...
    options: tuple[tuple[str, Credit], ...]
    parameter: ParameterRef

class Code(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '', longest: int = MAXIMUM_TEXT) -> None: ...
    kind = Kind.CODE
    longest: int = MAXIMUM_TEXT
    name: str = ''
    optional: bool = False
    title: Text | None = None

class Coefficient(RewardRule):
    def __init__(self, key: str, title: Text, by_grade: Mapping[str, Open] | None = None, *, per: Open | None = None, least: Open = 0, most: Open | None = None, pays: str = 'performance_bonus') -> None: ...
    by_grade: tuple[tuple[str, Decimal | Blank], ...]
    key: str
    kind: str = 'coefficient'
    least: Open
    most: Open | None
    pays: str
    per: Open | None
    title: Text
    def with_filled(self, fill: Callable[[Any], Any]) -> Coefficient: ...

class Complete:
    def __init__(self, *pairs: tuple[Countable, Countable]) -> None: ...
    pairs: tuple[tuple[Tally, Tally], ...]

class Count:
    def __init__(self, record: type[RecordType], where: Expr | None = None, *, credit: Credited | None = None, at: Expr | str | None = None) -> None: ...
    tally: Tally

class Credit:
    def __init__(self, field: Field | None, mode: str = 'whole', divisor: Node | None = None) -> None: ...
    divisor: Node | None = None
    field: Field | None
    mode: str = 'whole'

DAYS: Unit

class Day(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '') -> None: ...
    kind = Kind.DAY
    name: str = ''
    optional: bool = False
    title: Text | None = None

class DeclarationError(ValueError):
    ...

class Dimension:
    def __init__(self, key: str, title: Text, weight: Open | None = None, inner: bool = False) -> None: ...
    inner: bool = False
    key: str
    title: Text
    weight: Open | None = None

class Direction(StrEnum):
    HIGHER = 'higher'
    LOWER = 'lower'
    NEITHER = 'neither'
    RANGE = 'range'

class Distinct:
    def __init__(self, record: type[RecordType], by: Sequence[Expr], where: Expr | None = None, *, credit: Credited | None = None, at: Expr | str | None = None) -> None: ...
    tally: Tally

EXEMPT: str = 'exempt'

class EmployedDays:
    def __init__(self, tally: Tally = OF_EMPLOYMENT) -> None: ...
    tally: Tally = OF_EMPLOYMENT

class Event:
    def __init__(self, indicator: AnyIndicator | str, rule: Rule, title: Text | None = None, read_from: str = OWN, target: Open | None = None, key: str = '') -> None: ...
    indicator: AnyIndicator | str
    key: str = ''
    def name(self) -> str: ...
    read_from: str = OWN
    rule: Rule
    target: Open | None = None
    title: Text | None = None

class Expr:
    def __add__(self, other: object) -> Expr: ...
    def __and__(self, other: Expr) -> Expr: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object) -> Expr: ...
    def __ge__(self, other: object) -> Expr: ...
    def __gt__(self, other: object) -> Expr: ...
    def __init__(self, node: Node) -> None: ...
    def __invert__(self) -> Expr: ...
    def __le__(self, other: object) -> Expr: ...
    def __lt__(self, other: object) -> Expr: ...
    def __mul__(self, other: object) -> Expr: ...
    def __ne__(self, other: object) -> Expr: ...
    def __or__(self, other: Expr) -> Expr: ...
    def __radd__(self, other: object) -> Expr: ...
    def __rmul__(self, other: object) -> Expr: ...
    def __rsub__(self, other: object) -> Expr: ...
    def __sub__(self, other: object) -> Expr: ...
    def __truediv__(self, other: object) -> Expr: ...
    def missing(self) -> Expr: ...
    node = node
    def one_of(self, *values: str | int) -> Expr: ...
    def present(self) -> Expr: ...

class ExpressionError(TypeError):
    ...

FIRST_DAY: Expr

FULL: str = 'full'

class Fine(RewardRule):
    def __init__(self, key: str, title: Text, indicator: AnyIndicator | str, amount: Open, reduces: str = 'performance_bonus', pays: str = '', cap: Open | None = None) -> None: ...
    amount: Open
    cap: Open | None = None
    indicator: AnyIndicator | str
    key: str
    kind: str = 'fine'
    pays: str = ''
    reduces: str = 'performance_bonus'
    title: Text

class Fixed(RewardRule):
    def __init__(self, key: str, title: Text, amount: Open, pays: str = '') -> None: ...
    amount: Open
    key: str
    kind: str = 'fixed'
    pays: str = ''
    title: Text

class Flag(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '') -> None: ...
    kind = Kind.FLAG
    name: str = ''
    optional: bool = False
    title: Text | None = None

class Grade:
    def __init__(self, key: str, title: Text, limit: Open | None = None) -> None: ...
    key: str
    limit: Open | None = None
    title: Text

class GradeBands:
    def __init__(self, grades: tuple[Grade, ...], reading: str = LOWER_INCLUSIVE, granted: tuple[Granted, ...] = ()) -> None: ...
    grades: tuple[Grade, ...]
    granted: tuple[Granted, ...] = ()
    def keys(self) -> tuple[str, ...]: ...
    reading: str = LOWER_INCLUSIVE
    def titles(self) -> dict[str, Text]: ...

class Granted:
    def __init__(self, key: str, title: Text, indicator: AnyIndicator | str) -> None: ...
    indicator: AnyIndicator | str
    key: str
    title: Text

HIGHER: Direction

HOURS: Unit

def If(when: Expr, then: Value, otherwise: Value | None = None) -> Expr: ...

class InARow:
    def __init__(self, periods: int, gaps: str = SKIP, every: bool = False) -> None: ...
    every: bool = False
    gaps: str = SKIP
    periods: int

class Indicator:
    def __init__(self, key: str, title: Text, measure: Measure, unit: Unit, better: Direction, minimum_sample: int = 1, note: Text | None = None, beside: tuple[Beside, ...] = (), settles_after: Expr | Literal | ParameterRef | None = None) -> None: ...
    beside: tuple[Beside, ...] = ()
    better: Direction
    key: str
    measure: Measure
    minimum_sample: int = 1
    note: Text | None = None
    def parameters(self) -> tuple[ParameterRef, ...]: ...
    def records(self) -> tuple[str, ...]: ...
    settles_after: Literal | ParameterRef | None = None
    title: Text
    unit: Unit

class IndicatorSet:
    def __init__(self, key: str, title: Text, *, records: Sequence[type[RecordType]] = (), indicators: Sequence[AnyIndicator] = (), schemes: Sequence[Scheme] = (), rewards: Sequence[RewardTable] = (), uses: Sequence[IndicatorSet] = (), templates: Sequence[Template] = (), starters: Sequence[Starter] = ()) -> None: ...
    extensions: tuple[RecordExtension, ...] = ()
    def fitted(self, schemes: Sequence[Scheme] | None = None, rewards: Sequence[RewardTable] | None = None) -> TenantDefaults: ...
    def indicator(self, key: str) -> AnyIndicator: ...
    indicators: tuple[AnyIndicator, ...]
    key: str
    def offered(self) -> tuple[Template | Starter, ...]: ...
    records: tuple[RecordDeclaration, ...]
    rewards: tuple[RewardTable, ...]
    schemes: tuple[Scheme, ...]
    starters: tuple[Starter, ...]
    templates: tuple[Template, ...]
    title: Text
    uses: tuple[str, ...]

class Instant(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '') -> None: ...
    kind = Kind.INSTANT
    name: str = ''
    optional: bool = False
    title: Text | None = None

class Int(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '', minimum: int | None = None, maximum: int | None = None) -> None: ...
    kind = Kind.INT
    maximum: int | None = None
    minimum: int | None = None
    name: str = ''
    optional: bool = False
    title: Text | None = None

class Item:
    def __init__(self, indicator: AnyIndicator | str | None, weight: Open, rule: Rule | None = None, target: Open | None = None, dimension: Text | str | None = None, minimum_sample: int | None = None, missing: str | None = None, read_from: str = OWN, parts: tuple[Part, ...] = (), title: Text | None = None, key: str = '', policies: Policies = Policies(), score_of: ScoreOf | None = None) -> None: ...
    dimension: Text | str | None = None
    indicator: AnyIndicator | str | None
    key: str = ''
    minimum_sample: int | None = None
    missing: str | None = None
    def name(self) -> str: ...
    parts: tuple[Part, ...] = ()
    policies: Policies = Policies()
    read_from: str = OWN
    rule: Rule | None = None
    score_of: ScoreOf | None = None
    target: Open | None = None
    title: Text | None = None
    weight: Open

class Kind(StrEnum):
    CHOICE = 'choice'
    CODE = 'code'
    DAY = 'day'
    DURATION = 'duration'
    FLAG = 'flag'
    INSTANT = 'instant'
    INT = 'int'
    NUMBER = 'number'
    PEOPLE = 'people'
    PERSON = 'person'
    TEAM = 'team'

LAST_DAY: Expr

LOWER: Direction

LOWER_INCLUSIVE: str = 'lower_inclusive'

class Largest:
    def __init__(self, value: Expr, where: Expr | None = None, *, credit: Credited | None = None, at: Expr | str | None = None, record: type[RecordType] | None = None, nothing: int | None = None) -> None: ...
    nothing: int | None
    tally: Tally

MANUAL: str = 'manual'

MINUTES: Unit

MONEY: Unit

MUST_SUM_TO_100: str = 'must_sum_to_100'

class Mean:
    def __init__(self, value: Expr, where: Expr | None = None, *, credit: Credited | None = None, at: Expr | str | None = None, record: type[RecordType] | None = None, over: Expr | None = None) -> None: ...
    tally: Tally

class MeritlineDeprecationWarning(DeprecationWarning):
    ...

NEITHER: Direction

class Number(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '', places: int = 2, minimum: Decimal | int | None = None, maximum: Decimal | int | None = None) -> None: ...
    kind = Kind.NUMBER
    maximum: Decimal | int | None = None
    minimum: Decimal | int | None = None
    name: str = ''
    optional: bool = False
    places: int = 2
    title: Text | None = None

PERCENT: Unit

PERCENTAGE_POINT: Unit

PERIOD_END: Expr

PERIOD_START: Expr

PER_MINUTE: Unit

POINTS: Unit

class Parameter(Expr):
    def __add__(self, other: object) -> Expr: ...
    def __and__(self, other: Expr) -> Expr: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object) -> Expr: ...
    def __ge__(self, other: object) -> Expr: ...
    def __gt__(self, other: object) -> Expr: ...
    def __init__(self, name: str, default: Scalar | timedelta | Expr | None = None, *, blank: Kind | None = None, options: Iterable[Scalar] = (), title: Text | None = None) -> None: ...
    def __invert__(self) -> Expr: ...
    def __le__(self, other: object) -> Expr: ...
    def __lt__(self, other: object) -> Expr: ...
    def __mul__(self, other: object) -> Expr: ...
    def __ne__(self, other: object) -> Expr: ...
    def __or__(self, other: Expr) -> Expr: ...
    def __radd__(self, other: object) -> Expr: ...
    def __rmul__(self, other: object) -> Expr: ...
    def __rsub__(self, other: object) -> Expr: ...
    def __sub__(self, other: object) -> Expr: ...
    def __truediv__(self, other: object) -> Expr: ...
    def missing(self) -> Expr: ...
    node = node
    def one_of(self, *values: str | int) -> Expr: ...
    def present(self) -> Expr: ...

class Part:
    def __init__(self, indicator: AnyIndicator | str | None, weight: Open, rule: Rule | None = None, target: Open | None = None, parts: tuple[Part, ...] = (), title: Text | None = None) -> None: ...
    indicator: AnyIndicator | str | None
    parts: tuple[Part, ...] = ()
    rule: Rule | None = None
    target: Open | None = None
    title: Text | None = None
    weight: Open

class People(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '') -> None: ...
    kind = Kind.PEOPLE
    name: str = ''
    optional: bool = False
    title: Text | None = None

class PerReading(RewardRule):
    def __init__(self, key: str, title: Text, indicator: AnyIndicator | str, amount: Open, cap: Open | None = None, pays: str = '', above: Open = 0) -> None: ...
    above: Open = 0
    amount: Open
    cap: Open | None = None
    indicator: AnyIndicator | str
    key: str
    kind: str = 'per_reading'
    pays: str = ''
    title: Text

class Percentile:
    def __init__(self, value: Expr, percent: int, where: Expr | None = None, *, credit: Credited | None = None, at: Expr | str | None = None, record: type[RecordType] | None = None) -> None: ...
    percent: int
    tally: Tally

class Period:
    def __init__(self, start: datetime, end: datetime, first_day: date, last_day: date) -> None: ...
    end: datetime
    first_day: date
    last_day: date
    start: datetime

class PeriodDays:
    def __init__(self, tally: Tally = OF_THE_PERIOD) -> None: ...
    tally: Tally = OF_THE_PERIOD

class PeriodKind(StrEnum):
    MONTH = 'month'
    QUARTER = 'quarter'
    YEAR = 'year'

class Person(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '') -> None: ...
    kind = Kind.PERSON
    name: str = ''
    optional: bool = False
    title: Text | None = None

class Policies:
    def __init__(self, not_measured: str | None = None, sample_too_small: str | None = None, failed: str | None = None, waived: str | None = None) -> None: ...
    failed: str | None = None
    not_measured: str | None = None
    def of(self, state: str) -> str | None: ...
    sample_too_small: str | None = None
    waived: str | None = None

class Pool(RewardRule):
    def __init__(self, key: str, title: Text, indicator: AnyIndicator | str, amount: Open, at_least: Open, read_from: str = 'company', pays: str = '', split: str = EQUAL, per_step: Open | None = None, cap: Open | None = None) -> None: ...
    amount: Open
    at_least: Open
    cap: Open | None = None
    indicator: AnyIndicator | str
    key: str
    kind: str = 'pool'
    pays: str = ''
    per_step: Open | None = None
    read_from: str = 'company'
    split: str = EQUAL
    title: Text

class Pooled:
    def __init__(self, *parts: Mean) -> None: ...
    parts: tuple[Tally, ...]

class Proposal(RewardRule):
    def __init__(self, key: str, title: Text, act: str, when: When, in_a_row: InARow | None = None, detail: Text | None = None, pays: str = '') -> None: ...
    act: str
    detail: Text | None = None
    in_a_row: InARow | None = None
    key: str
    kind: str = 'proposal'
    pays: str = ''
    title: Text
    when: When

class PythonMeasure:
    def __init__(self, function: Function, record: type[RecordType], *, rows: Mapping[str, Expr], says: Text, where: Expr | None = None, credit: Credited | None = None, at: Expr | str | None = None, settings: Sequence[Parameter] = (), nothing: int | None = None) -> None: ...
    function: str
    @property
    def module(self) -> str: ...
    module_digest: str
    @property
    def name(self) -> str: ...
    names: tuple[str, ...]
    nothing: int | None
    says: Text
    settings: tuple[ParameterRef, ...]
    tally: Tally

def Quotient(dividend: Expr, divisor: Expr | int, *, places: int) -> Expr: ...

RANGE: Direction

RATING: Unit

RENORMALISE: str = 'renormalise'

RENORMALISED: str = 'renormalise'

class Ranking:
    def __init__(self, minimum_sample: int = 0) -> None: ...
    minimum_sample: int = 0

class RatedIndicator:
    def __init__(self, key: str, title: Text, scale_min: int = 0, scale_max: int = 100, unit: Unit = SCORE_100, better: Direction = Direction.HIGHER, raters: tuple[Raters | str, ...] = (MANAGER,), minimum_raters: int = 1, note: Text | None = None, normalising: str = OF_MAXIMUM, looks_at: Text | None = None, anchors: tuple[Anchor, ...] = (), comment_at_ends: bool = True, needs_name: bool = False, of: str | None = None, inspectors: str = 'quality_inspector') -> None: ...
    anchors: tuple[Anchor, ...] = ()
    better: Direction = Direction.HIGHER
    comment_at_ends: bool = True
    def grades(self) -> tuple[tuple[Fraction, Text], ...]: ...
    def group(self, role: str) -> Raters | None: ...
    @property
    def groups(self) -> tuple[Raters, ...]: ...
    inspectors: str = 'quality_inspector'
    key: str
    looks_at: Text | None = None
    minimum_raters: int = 1
    needs_name: bool = False
    @property
    def normalised(self) -> bool: ...
    normalising: str = OF_MAXIMUM
    note: Text | None = None
    of: str | None = None
    def parameters(self) -> tuple[ParameterRef, ...]: ...
    raters: tuple[Raters | str, ...] = (MANAGER,)
    scale_max: int = 100
    scale_min: int = 0
    def settled(self, given: Mapping[str, Scalar | None], minimum_raters: int | None = None) -> RatedIndicator: ...
    title: Text
    unit: Unit = SCORE_100

class Raters:
    def __init__(self, role: str, weight: Decimal | int | str | None = None, minimum: int | None = None) -> None: ...
    minimum: int | None = None
    role: str
    weight: Decimal | int | str | None = None

class Ratio:
    def __init__(self, numerator: Countable, denominator: Countable) -> None: ...
    denominator: Side
    numerator: Side

class RecordType:
    declaration: RecordDeclaration
    extension: RecordExtension
    external_id: Expr

class Reduction(RewardRule):
    def __init__(self, key: str, title: Text, percent: Open, when: When, in_a_row: InARow | None = None, reduces: str = 'performance_bonus', pays: str = '') -> None: ...
    in_a_row: InARow | None = None
    key: str
    kind: str = 'reduction'
    pays: str = ''
    percent: Open
    reduces: str = 'performance_bonus'
    title: Text
    when: When

class RewardTable:
    def __init__(self, key: str, title: Text, scheme: str, rules: tuple[RewardRule, ...], terms: tuple[Terms, ...] = (), fines_confirmed: bool = False) -> None: ...
    fines_confirmed: bool = False
    key: str
    rules: tuple[RewardRule, ...]
    scheme: str
    terms: tuple[Terms, ...] = ()
    title: Text

class Row:
    def __init__(self, id: str, values: tuple[tuple[str, Plain], ...]) -> None: ...
    id: str
    values: tuple[tuple[str, Plain], ...]

SCORE_100: Unit

SCORE_5: Unit

SECONDS: Unit

class Scheme:
    def __init__(self, key: str, title: Text, items: tuple[Item, ...], events: tuple[Event, ...] = (), subject: SubjectKind = SubjectKind.EMPLOYEE, period: PeriodKind = PeriodKind.MONTH, for_positions: tuple[str, ...] = (), weights: str = MUST_SUM_TO_100, missing: str = RENORMALISE, grades: GradeBands | None = None, pass_score: Open | None = None, floor: Open | None = 0, cap: Open | None = None, places: int = 2, ranking: Ranking = Ranking(), dimensions: tuple[Dimension, ...] = (), weight_tolerance: Open = 0, heaviest: tuple[str, ...] = (), policies: Policies = Policies(), least_measured: Open | None = None, additions_cap: Open | None = None, deductions_cap: Open | None = None, vetoes: tuple[Veto, ...] = (), for_employment: str = ANY_EMPLOYMENT) -> None: ...
    additions_cap: Open | None = None
    cap: Open | None = None
    deductions_cap: Open | None = None
    def dimension_of(self, item: Item) -> Dimension | None: ...
    dimensions: tuple[Dimension, ...] = ()
    events: tuple[Event, ...] = ()
    floor: Open | None = 0
    for_employment: str = ANY_EMPLOYMENT
    for_positions: tuple[str, ...] = ()
    grades: GradeBands | None = None
    heaviest: tuple[str, ...] = ()
    items: tuple[Item, ...]
    key: str
    least_measured: Open | None = None
    missing: str = RENORMALISE
    pass_score: Open | None = None
    period: PeriodKind = PeriodKind.MONTH
    places: int = 2
    policies: Policies = Policies()
    ranking: Ranking = Ranking
    subject: SubjectKind = SubjectKind.EMPLOYEE
    title: Text
    vetoes: tuple[Veto, ...] = ()
    weight_tolerance: Open = 0
    weights: str = MUST_SUM_TO_100

SchemeTemplate = Scheme

class ScoreOf:
    def __init__(self, scheme: str, combine: str = MEAN, least: int = 1, period: str | None = None) -> None: ...
    combine: str = MEAN
    @property
    def key(self) -> str: ...
    least: int = 1
    period: str | None = None
    scheme: str

class Smallest:
    def __init__(self, value: Expr, where: Expr | None = None, *, credit: Credited | None = None, at: Expr | str | None = None, record: type[RecordType] | None = None, nothing: int | None = None) -> None: ...
    nothing: int | None
    tally: Tally

class Starter:
    def __init__(self, scheme: Scheme, template: str, reasons: tuple[tuple[str, Text], ...], rewards: tuple[RewardTable, ...] = (), settings: Written = ()) -> None: ...
    reasons: tuple[tuple[str, Text], ...]
    rewards: tuple[RewardTable, ...] = ()
    scheme: Scheme
    settings: Settings = ()
    template: str

class SubjectKind(StrEnum):
    COMPANY = 'company'
    DEPARTMENT = 'department'
    EMPLOYEE = 'employee'

class Sum:
    def __init__(self, value: Expr, where: Expr | None = None, *, credit: Credited | None = None, at: Expr | str | None = None, record: type[RecordType] | None = None, over: Expr | None = None) -> None: ...
    tally: Tally

TIMES_PER_WEEK: Unit

class Team(FieldSpec):
    def __init__(self, *, optional: bool = False, title: Text | None = None, name: str = '') -> None: ...
    kind = Kind.TEAM
    name: str = ''
    optional: bool = False
    title: Text | None = None

class Template:
    def __init__(self, scheme: Scheme, source: Text, wording: tuple[tuple[str, str], ...] = (), missing: tuple[Text, ...] = (), notes: tuple[Text, ...] = (), rewards: tuple[RewardTable, ...] = ()) -> None: ...
    missing: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    rewards: tuple[RewardTable, ...] = ()
    scheme: Scheme
    source: Text
    wording: tuple[tuple[str, str], ...] = ()

class TenantDefaults:
    def __init__(self, set: str, schemes: tuple[Scheme, ...], rewards: tuple[RewardTable, ...]) -> None: ...
    rewards: tuple[RewardTable, ...]
    schemes: tuple[Scheme, ...]
    set: str

class TenantProfile:
    def __init__(self, country: str, currency: str, size: int, positions: tuple[str, ...] = (), languages: tuple[str, ...] = ()) -> None: ...
    country: str
    currency: str
    languages: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    size: int

class Terms:
    def __init__(self, rules: tuple[str, ...] = (), least_measured: Open | None = None, complete: bool = False, passed: bool = False, employment: str = ANY_EMPLOYMENT, least_days: int = 0, to_the_end: bool = False, by_days: bool = False) -> None: ...
    by_days: bool = False
    complete: bool = False
    def concern(self, rule: RewardRule) -> bool: ...
    employment: str = ANY_EMPLOYMENT
    least_days: int = 0
    least_measured: Open | None = None
    passed: bool = False
    rules: tuple[str, ...] = ()
    to_the_end: bool = False

class Text:
    def __init__(self, en: str, zh: str) -> None: ...
    en: str
    def in_language(self, language: str) -> str: ...
    zh: str

class Total:
    def __init__(self, *parts: Count | Sum | Distinct) -> None: ...
    parts: tuple[Tally, ...]

UNDECIDED: str = 'undecided'

UPPER_INCLUSIVE: str = 'upper_inclusive'

class Unit:
    def __init__(self, key: str, title: Text, symbol: str, places: int = 2, ratio_factor: int = 1, seconds: int | None = None, least: int | None = None, most: int | None = None) -> None: ...
    key: str
    least: int | None = None
    most: int | None = None
    def of_microseconds(self) -> Fraction: ...
    places: int = 2
    ratio_factor: int = 1
    seconds: int | None = None
    symbol: str
    title: Text

class Veto:
    def __init__(self, key: str, title: Text, indicator: AnyIndicator | str, over: Open = 0, score: Open = 0, read_from: str = OWN) -> None: ...
    indicator: AnyIndicator | str
    key: str
    over: Open = 0
    read_from: str = OWN
    score: Open = 0
    title: Text

class Weighted:
    def __init__(self, *parts: tuple[Measure, Expr | int | Decimal]) -> None: ...
    parts: tuple[tuple[Measure, Literal | ParameterRef], ...]

class When:
    def __init__(self, grades: tuple[str, ...] = (), passed: bool | None = None, score_below: Open | None = None, score_at_least: Open | None = None, rank_at_most: int | None = None, best_percent: Open | None = None) -> None: ...
    best_percent: Open | None = None
    grades: tuple[str, ...] = ()
    passed: bool | None = None
    rank_at_most: int | None = None
    score_at_least: Open | None = None
    score_below: Open | None = None

class WhenMet(RewardRule):
    def __init__(self, key: str, title: Text, indicator: AnyIndicator | str, amount: Open, at_least: Open | None = None, at_most: Open | None = None, pays: str = '') -> None: ...
    amount: Open
    at_least: Open | None = None
    at_most: Open | None = None
    indicator: AnyIndicator | str
    key: str
    kind: str = 'when_met'
    pays: str = ''
    title: Text

YES_NO: Unit

ZERO: str = 'zero'

def at_clock(day: Expr, time: Expr) -> Expr: ...

def business_time(start: Expr, end: Expr) -> Expr: ...

def canonical(value: Any) -> str: ...

def company_only() -> Credit: ...

def content_hash(value: Any) -> str: ...

def credit_choice(parameter: Parameter, options: Mapping[str, Expr | Credit]) -> ChosenCredit: ...

def cutoff(grace: Expr) -> Expr: ...

def days(count: int) -> Expr: ...

def divided(person: Expr, by: Expr) -> Credit: ...

def each(people: Expr) -> Credit: ...

def earliest(*parts: Value) -> Expr: ...

def elapsed(start: Expr, end: Expr, clock: Expr = CLOCK) -> Expr: ...

def exists(record: type[RecordType], where: Look) -> Expr: ...

def filled(value: T, numbers: Mapping[str, Decimal | int | str]) -> T: ...

def first_present(*parts: Value) -> Expr: ...

def greatest_of(record: type[RecordType], value: Look, where: Look) -> Expr: ...

def hookimpl(function: Hook) -> Hook: ...

def hours(count: int) -> Expr: ...

def how_many(record: type[RecordType], where: Look) -> Expr: ...

def in_period(moment: Expr) -> Expr: ...

def latest(*parts: Value) -> Expr: ...

def least_of(record: type[RecordType], value: Look, where: Look) -> Expr: ...

def local_day(instant: Expr) -> Expr: ...

def minutes(count: int) -> Expr: ...

only_best = only_last

def only_first(record: type[RecordType], *, by: Sequence[Expr], order: Expr, where: Expr) -> Expr: ...

def only_last(record: type[RecordType], *, by: Sequence[Expr], order: Expr, where: Expr) -> Expr: ...

def open_blanks(value: object) -> tuple[Blank, ...]: ...

from meritline_sdk import rules as rules

def seconds(count: int) -> Expr: ...

def sum_of(record: type[RecordType], value: Look, where: Look) -> Expr: ...

def titled(value: Expr, en: str, zh: str) -> Expr: ...

def working_days(first: Expr, last: Expr) -> Expr: ...
