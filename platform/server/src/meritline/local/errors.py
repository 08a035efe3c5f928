"""What can go wrong with the embedded services; the texts stand in messages/catalogue/local.toml."""

from meritline.errors import MeritlineError


class LocalServiceError(MeritlineError):
    """An embedded service cannot do what was asked."""

    code = "E-LOCAL-START"


def last_words(output: str) -> str:
    """The line of a server's output that most likely says why it ended."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if any(sign in line for sign in ("FATAL", "PANIC", "rror", "#"))]
    # Cut where the reason begins: the time and the process id before it tell the reader nothing.
    said = (telling or lines or ["-"])[-1]
    return said.partition("FATAL:")[2].strip() or said
