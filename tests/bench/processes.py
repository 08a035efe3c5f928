"""What processes have used: processor time and peak memory, as Linux tells it. Elsewhere nothing is told."""

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TICKS: Final = 100  # of a second; what every Linux shows to programs


def cpu_seconds(pid: int) -> float | None:
    """What a process has used so far with all its threads; None where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS


def family_seconds(pid: int) -> float | None:
    """The same of a process with its children, those that ended included: a database server."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    own = sum(int(each) for each in fields[11:15]) / TICKS
    return own + sum(cpu_seconds(child) or 0 for child in children(pid))


def children(pid: int) -> Iterator[int]:
    """The children of a process, and theirs."""
    below: dict[int, list[int]] = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, fields = each.read_text().rpartition(")")
        except OSError:
            continue
        below.setdefault(int(fields.split()[1]), []).append(int(name.split()[0]))
    found = [pid]
    for parent in found:
        found += below.get(parent, [])
    yield from found[1:]


def peak_mb(pid: int) -> float | None:
    """The most memory that a process ever had, in MB."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), None)


def resource_seconds() -> float:
    """What the ended children of this process have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
