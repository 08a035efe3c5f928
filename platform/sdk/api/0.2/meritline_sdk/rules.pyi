"""Made by `make docs` from the source of the SDK: the promise of 0.2. Never edit it."""

ABOVE_TARGET: str = 'above_target'

class AboveFloor(Rule):
    def __init__(self, start: Open, points: Open, full: Open = 100, cap: Open | None = None, step: str = PROPORTIONAL) -> None: ...
    cap: Open | None = None
    full: Open = 100
    kind: str = 'above_floor'
    needs_target: bool = False
    points: Open
    start: Open
    step: str = PROPORTIONAL

class AroundTarget(Rule):
    def __init__(self, above: Open, below: Open, per: Open = 1, full: Open = 100, floor: Open = 0, cap: Open | None = None, step: str = PROPORTIONAL) -> None: ...
    above: Open
    below: Open
    cap: Open | None = None
    floor: Open = 0
    full: Open = 100
    kind: str = 'around_target'
    needs_target: bool = True
    per: Open = 1
    step: str = PROPORTIONAL

class AsPoints(Rule):
    def __init__(self, full: Open = 100, floor: Open | None = 0, cap: Open | None = 100) -> None: ...
    cap: Open | None = 100
    floor: Open | None = 0
    full: Open = 100
    kind: str = 'as_points'
    needs_target: bool = False

BELOW_TARGET: str = 'below_target'

class Bands(Rule):
    def __init__(self, *, up_to: Limits | None = None, beyond: Open | None = None, at_least: Limits | None = None, below: Open | None = None, full: Open = 100) -> None: ...
    closed: str
    full: Open
    kind: str = 'bands'
    needs_target: bool = False
    rest: Decimal | Blank
    steps: tuple[tuple[Decimal, Decimal | Blank], ...]
    def with_filled(self, fill: Callable[[Any], Any]) -> Bands: ...

class Deduct(Rule):
    def __init__(self, points: Open, per: Open = 1, when: str = BELOW_TARGET, full: Open = 100, floor: Open = 0, step: str = PROPORTIONAL) -> None: ...
    floor: Open = 0
    full: Open = 100
    kind: str = 'deduct'
    needs_target: bool = True
    per: Open = 1
    points: Open
    step: str = PROPORTIONAL
    when: str = BELOW_TARGET

class Judged(Rule):
    def __init__(self, least: Open, most: Open, sign: int = -1, cap: Open | None = None, full: Open = 100) -> None: ...
    cap: Open | None = None
    full: Open = 100
    kind: str = 'judged'
    least: Open
    most: Open
    needs_target: bool = False
    sign: int = -1

PROPORTIONAL: str = 'proportional'

class PerUnit(Rule):
    def __init__(self, points: Open, start: Open = 100, full: Open = 100, floor: Open | None = 0, cap: Open | None = None) -> None: ...
    cap: Open | None = None
    floor: Open | None = 0
    full: Open = 100
    kind: str = 'per_unit'
    needs_target: bool = False
    points: Open
    start: Open = 100

class Rule:
    full: Open
    kind: str
    needs_target: bool = False

STARTED: str = 'started'

class TargetMet(Rule):
    def __init__(self, met: Open = 100, missed: Open = 0, full: Open = 100, strict: bool = False) -> None: ...
    full: Open = 100
    kind: str = 'target_met'
    met: Open = 100
    missed: Open = 0
    needs_target: bool = True
    strict: bool = False

class Threshold(Rule):
    def __init__(self, over: Open, points: Open, full: Open = 100) -> None: ...
    full: Open = 100
    kind: str = 'threshold'
    needs_target: bool = False
    over: Open
    points: Open

class ToTarget(Rule):
    def __init__(self, full: Open = 100, cap: Open | None = 100) -> None: ...
    cap: Open | None = 100
    full: Open = 100
    kind: str = 'to_target'
    needs_target: bool = True

WHOLE: str = 'whole'

class ZeroTolerance(Rule):
    def __init__(self, allowed: Open = 0, full: Open = 100) -> None: ...
    allowed: Open = 0
    full: Open = 100
    kind: str = 'zero_tolerance'
    needs_target: bool = False
