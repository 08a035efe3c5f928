"""A process that has read the modules of the commands and the plugins once, and forks for every command: what a command
does is the product's, only that reading is not done anew, which takes most commands longer than what they do.

Run as a program: a line of JSON asks (``words``, ``at``, ``out``, ``err``), a line answers with the exit code; where
``stays`` is asked with the id of the process, of which ``ended`` asks for the exit code. The environment is that of the
process. Commands in processes of their own, from nothing, are tried by ``test_command_line``, ``test_readme``,
``test_demo`` and ``test_tutorial``, servers and workers by ``test_stopping`` and ``test_http_server``.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import meritline.cli
from meritline.plugins import load_for
from meritline.settings import Settings

ALSO = ("meritline.bootstrap", "meritline.cli.heap", "meritline.cli.services", "meritline.cli.schema_state",
        "meritline.plugins", "uvloop")  # fmt: skip


class Forking:
    """The door to such a process."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.out, self.err, self.busy = folder / "command.out", folder / "command.err", Lock()
        self.process = subprocess.Popen([sys.executable, __file__], env=environ, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, start_new_session=True)  # fmt: skip
        self.answer(120)

    def run(self, words: list[str], patience_s: float) -> subprocess.CompletedProcess[str] | None:
        """What the command says; None while another is busy here."""
        if not self.busy.acquire(blocking=False):
            return None
        try:
            code = self.told(patience_s, words=words, at=str(Path.cwd()), out=str(self.out), err=str(self.err))
            return subprocess.CompletedProcess(words, code, self.out.read_text("utf-8"), self.err.read_text("utf-8"))
        finally:
            self.busy.release()

    def start(self, words: list[str], out: Path) -> "Started":
        """A command that goes on until it is told to stop; whatever it says is in the file, which is emptied here and
        not in the child: whoever waits for a line must not read one of the command before it.
        """
        out.write_bytes(b"")
        with self.busy:
            return Started(self, self.told(30, words=words, at=str(Path.cwd()), out=str(out), err=str(out), stays=True))

    def told(self, patience_s: float, **asked: object) -> int:
        """The answer to one question."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{json.dumps(asked)}\n".encode())
        self.process.stdin.flush()
        return int(self.answer(patience_s))

    def answer(self, patience_s: float) -> bytes:
        """Its next line; what takes too long is ended."""
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], patience_s)[0]:
            self.close()
            raise TimeoutError(f"no answer in {patience_s} s")
        return self.process.stdout.readline()

    def close(self) -> None:
        """End it, and what it forked."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


RUNNING = 1000
"""What is answered of a process that has not ended."""


@dataclass(frozen=True)
class Started:
    """A process that goes on."""

    forking: Forking
    pid: int

    def poll(self) -> int | None:
        """The exit code, once it has ended."""
        with self.forking.busy:
            code = self.forking.told(30, ended=self.pid)
        return None if code == RUNNING else code

    def terminate(self) -> None:
        """Tell it to stop."""
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, patience_s: float) -> int:
        """The exit code when it has ended."""
        deadline = time.monotonic() + patience_s
        while (code := self.poll()) is None:
            assert time.monotonic() < deadline, f"process {self.pid} goes on"
            time.sleep(0.02)
        return code


def main() -> None:
    """Until nobody asks any more."""
    for name in (*ALSO, *(f"meritline.cli.{module}" for module, _, _ in meritline.cli.available())):
        import_module(name)
    with suppress(Exception):  # a command would say what is wrong; none asks again what has not changed on the disk
        load_for(Settings.from_environ()).catalogue()
    answers, questions = os.fdopen(os.dup(1), "w"), os.fdopen(os.dup(0))
    print("ready", file=answers, flush=True)
    for line in questions:
        print(answer(json.loads(line)), file=answers, flush=True)
    os.killpg(0, signal.SIGTERM)  # whoever asked was killed: nothing goes on without them


def answer(asked: dict[str, Any]) -> int:
    """What is to be said to a question."""
    if "ended" in asked:
        with suppress(ChildProcessError):  # told before
            ended, status = os.waitpid(asked["ended"], os.WNOHANG)
            return os.waitstatus_to_exitcode(status) if ended else RUNNING
        return 0
    child = os.fork()
    if child == 0:
        os._exit(done(asked))
    return child if "stays" in asked else os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def done(asked: dict[str, Any]) -> int:
    """What the command ends with; its output is in the files named."""
    os.chdir(str(asked["at"]))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for handle, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(str(asked[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND), handle)
    sys.argv = [str(Path(meritline.cli.__file__).with_name("__main__.py")), *asked["words"]]
    try:
        code = meritline.cli.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    main()
