"""What plugins declare, asked in processes of their own. Decides how a plugin that fails there is told of."""

import hashlib
import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from meritline.errors import MeritlineError
from meritline.plugins.processes.asking import Limits, lines_of
from meritline.plugins.processes.sources import MOVED_S, ZONES, Source, command, environment
from meritline_sdk.model.canonical import parse
from meritline_sdk.model.sets import IndicatorSet
from meritline_sdk.running.frames import END, Incoming, frame
from meritline_sdk.running.limits import hide

MOST_DECLARED = 8 << 20
GRACE_S = 5.0
SECOND_S = 20.0
"""How long a second opinion is waited for: without one an answer is as good, and not kept."""
CPU_S = 20.0
"""What an import may compute. It may take longer on a busy machine, which is no fault of the plugin."""
CODES: Mapping[str, frozenset[str]] = {
    "E-PLUGIN-IMPORT": frozenset({"reason"}), "E-PLUGIN-HOOK": frozenset({"value", "known"}),
    "E-PLUGIN-EMPTY": frozenset(), "E-PLUGIN-DECLARES": frozenset({"reason"}), "E-PLUGIN-MEMORY": frozenset(),
}  # fmt: skip
"""The refusals that a child may give itself, with what it says of each: they become the parameters of a message."""
LONGEST_TOLD, MOST_TOLD = 300, 20


@dataclass(frozen=True, slots=True)
class Declared:
    """What a plugin declares."""

    sets: tuple[IndicatorSet, ...]
    hooks: tuple[str, ...]
    words: str = field(default="", compare=False)
    """A digest of its own words, to the letter."""
    hashes: tuple[str, ...] = field(default=(), compare=False)
    """The content hashes of the sets, where they are at hand."""


@dataclass(frozen=True, slots=True)
class Said:
    """The lines of a child, which a second one said too, and what they were made of beside its own files: files of
    others, names of modules that it looked for, and whether it looked what is installed."""

    lines: bytes
    files: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    distributions: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plugin cannot be used: a code of the message catalogue and its parameters, save for ``plugin``."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)


def declared_by(sources: Iterable[Source], *, deadline_s: float = 60.0) -> dict[Source, Declared | Refusal]:
    """What each plugin declares; all are asked at the same time, and none can keep another's answer back."""
    return {one: declared for one, (declared, _) in told_by(sources, deadline_s=deadline_s).items()}


def told_by(sources: Iterable[Source], *, deadline_s: float, twice: bool = False) -> dict[
        Source, tuple[Declared | Refusal, Said | None]]:
    """What each declares; ``twice``: with its lines, where a second process said the same on another day elsewhere."""
    asked = [*dict.fromkeys(sources)]
    if not asked:
        return {}
    limits = Limits(deadline_s=deadline_s, silence_s=deadline_s, cpu_s=min(deadline_s, CPU_S))
    questions: dict[int, Mapping[str, Any]] = {
        number: {"do": "declare", "source": one.plain(), "watch": twice} for number, one in enumerate(asked)}
    if twice:
        another = {"moved_s": MOVED_S, "zone": ZONES[1], "deadline_s": SECOND_S, "silence_s": SECOND_S}
        questions |= {~number: {**one, **another} for number, one in questions.items()}
    said = conversation(questions, limits)
    found: dict[Source, tuple[Declared | Refusal, Said | None]] = {}
    for number, one in enumerate(asked):
        if number not in said:
            found[one] = Refusal("E-PLUGIN-DIED", {"reason": "its process could not be asked"}), None
            continue
        (head, body), (_, second) = said[number], said.get(~number, ({}, b""))
        whole, other = parted(body), parted(second)
        declared = heard(head, whole.lines + END if whole else body, limits)
        again = other.lines if other else second.removesuffix(END)
        found[one] = declared, whole if isinstance(declared, Declared) and whole and whole.lines == again else None
    return found


def parted(body: bytes) -> Said | None:
    """What a child declared without its last line, and that line, if it says what the answer was made of."""
    lines = body.removesuffix(END)
    before, _, last = lines.removesuffix(b"\n").rpartition(b"\n")
    if body.endswith(b"\n" + END) and last.startswith(b'["made_of"') and len(last) <= MOST_DECLARED:
        with suppress(ValueError, RecursionError):
            match json.loads(last):
                case ["made_of", [*files], [*names], bool(distributions)] if all(
                        type(one) is str and "\0" not in one for one in (*files, *names)):
                    return Said(before + b"\n", tuple(files), tuple(names), distributions)
    return None


def conversation(asked: Mapping[int, Mapping[str, Any]], limits: Limits) -> dict[int, tuple[dict[str, Any], bytes]]:
    """Ask a keeper that lives for this one conversation; what it says, by the question's number."""
    hide()
    try:
        keeper = subprocess.Popen(command(moved=False), env=environment(moved=False), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    except OSError as wrong:  # to go on would leave every plugin out for as long as this process lives
        raise MeritlineError("E-PLUGIN-PROCESS", reason=os.strerror(wrong.errno or 0)) from wrong
    assert keeper.stdin
    assert keeper.stdout
    until = time.monotonic() + limits.deadline_s + GRACE_S
    found: dict[int, tuple[dict[str, Any], bytes]] = {}
    try:
        for number, one in asked.items():
            keeper.stdin.write(frame({**limits.plain(), **one, "id": number}, 0))
        keeper.stdin.flush()
        incoming = Incoming()
        with selectors.DefaultSelector() as selector:
            selector.register(keeper.stdout, selectors.EVENT_READ)
            while len(found) < len(asked) and selector.select(max(0.0, until - time.monotonic())):
                data = os.read(keeper.stdout.fileno(), 1 << 18)
                if not data:
                    break
                found.update((head["id"], (head, body)) for head, body in incoming.feed(data))
    except (OSError, ValueError):
        pass  # whoever has not answered by now is told of
    finally:
        keeper.kill()
        keeper.communicate()
    return found


def heard(head: Mapping[str, Any], body: bytes, limits: Limits) -> Declared | Refusal:
    """What a child declared, or why not."""
    said = said_in(head, body, IndicatorSet, limits)
    return said if isinstance(said, Refusal) else Declared(*said, hashlib.sha256(body).hexdigest())


def said_in[T](head: Mapping[str, Any], body: bytes, kind: type[T], limits: Limits) -> tuple[
        tuple[T, ...], tuple[str, ...]] | Refusal:
    """The declarations that a child told, and the hooks of its plugin."""
    if head["ended"] == "deadline":
        return Refusal("E-PLUGIN-HANGS", {"limit": f"{limits.silence_s:g}"})
    if head["status"] == -signal.SIGXCPU:
        return Refusal("E-PLUGIN-HANGS", {"limit": f"{limits.cpu_s:g}"})
    if head["ended"] == "flood":
        return Refusal("E-PLUGIN-FLOOD", {"limit": limits.answer_bytes >> 20})
    if body != END and not body.endswith(b"\n" + END):
        return Refusal("E-PLUGIN-DIED", {"reason": ending(head["status"])})
    found: list[T] = []
    hooks: tuple[str, ...] = ()
    try:
        for line in lines_of(body.removesuffix(END), MOST_DECLARED):
            match json.loads(line):
                case ["hooks", [*names]]:
                    hooks = tuple(str(one) for one in names)
                case ["declared", str(text)]:
                    found.append(one_of(kind, parse(text)))
                case ["refused", str(code), dict(params)] if params.keys() == CODES.get(code):
                    return Refusal(code, {name: told(value) for name, value in params.items()}
                                   | {"limit": limits.memory_bytes >> 20})
                case _:
                    raise ValueError("it said what no plugin says")
    except Exception as wrong:  # it is the plugin's text
        return Refusal("E-PLUGIN-DECLARES", {"reason": f"{type(wrong).__name__}: {wrong}"[:300]})
    return tuple(found), hooks


def told(value: Any) -> str | list[str]:
    """What a child says of its refusal, as text of bearable length: it may not be ours that speaks."""
    if isinstance(value, list):
        return [str(each)[:LONGEST_TOLD] for each in value[:MOST_TOLD]]
    return str(value)[:LONGEST_TOLD]


def one_of[T](kind: type[T], declared: Any) -> T:
    """The declaration, if it is one of these."""
    if type(declared) is not kind:
        raise TypeError(f"a {type(declared).__name__} among its {kind.__name__}s")
    return declared


def ending(status: int) -> str:
    """How a process ended: by which signal, or with which code."""
    with suppress(ValueError):
        return f"exit {status}" if status >= 0 else signal.Signals(-status).name
    return f"signal {-status}"
