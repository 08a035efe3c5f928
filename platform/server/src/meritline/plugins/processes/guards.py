"""What holds a plugin on this machine, for who operates it. Decides that nothing is promised that does not stand."""

import json
from dataclasses import dataclass

from meritline.plugins.processes.asking import Limits
from meritline.plugins.processes.declaring import conversation
from meritline_sdk.running.frames import END

DEADLINE_S = 20.0


@dataclass(frozen=True, slots=True)
class Isolation:
    """What stands between a plugin and this machine.

    ``asked``: a process could be started at all. ``filtered``: system calls are filtered, so that a plugin starts no
    process, opens no connection and changes no file; where not, ``known`` says whether the machine's calls are known,
    so that it is the system that refuses. ``refused`` are limits that the system does not set, by the names of
    ``setrlimit``. ``ends_with_server``: what runs is ended with the server by the system itself.
    """

    asked: bool = False
    filtered: bool = False
    known: bool = False
    refused: tuple[str, ...] = ()
    ends_with_server: bool = False


def isolation() -> Isolation:
    """Ask a process that runs no plugin; it takes as long as a start of Python."""
    limits = Limits(deadline_s=DEADLINE_S)
    said = conversation({0: {"do": "guards"}}, limits).get(0)
    if said is None or not said[1].endswith(END):
        return Isolation()
    told = json.loads(said[1].removesuffix(END))
    return Isolation(True, told["filtered"], told["known"], tuple(told["refused"]), told["ends_with_server"])
