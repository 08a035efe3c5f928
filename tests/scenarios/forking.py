"""A process that has read the modules of the commands and the plugins once, and forks for every command: what a command
does is the product's, only that reading is not done anew, which takes most commands longer than what they do.

Run as a program: a line of JSON asks (``words``, ``at``, ``out``, ``err``), a line answers with the exit code. The
environment is that of the process. Commands in processes of their own, from nothing, are tried by
``test_command_line``, ``test_readme``, ``test_demo`` and ``test_tutorial``.
"""

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Lock

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
            asked = json.dumps({"words": words, "at": str(Path.cwd()), "out": str(self.out), "err": str(self.err)})
            assert self.process.stdin is not None
            self.process.stdin.write(f"{asked}\n".encode())
            self.process.stdin.flush()
            code = int(self.answer(patience_s))
            return subprocess.CompletedProcess(words, code, self.out.read_text("utf-8"), self.err.read_text("utf-8"))
        finally:
            self.busy.release()

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


def main() -> None:
    """Until nobody asks any more."""
    for name in (*ALSO, *(f"meritline.cli.{module}" for module, _, _ in meritline.cli.available())):
        import_module(name)
    with suppress(Exception):  # a command would say what is wrong; none asks again what has not changed on the disk
        load_for(Settings.from_environ()).catalogue()
    answers, questions = os.fdopen(os.dup(1), "w"), os.fdopen(os.dup(0))
    print("ready", file=answers, flush=True)
    for line in questions:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(done(asked))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)


def done(asked: dict[str, list[str] | str]) -> int:
    """What the command ends with; its output is in the files named."""
    os.chdir(str(asked["at"]))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for handle, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(str(asked[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), handle)
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
