"""The embedded PostgreSQL: how its cluster is made, with which settings it runs, when it is ready.

Clients log in by password on loopback TCP and in no other way. There is no Unix socket: its path may hold 107 bytes,
and a checkout may lie deeper than that.
"""

import os
import shutil
import signal
import subprocess
from importlib.resources import files
from pathlib import Path

from meritline.local import remembered
from meritline.local.binaries import Binaries
from meritline.local.errors import LocalServiceError, last_words
from meritline.local.identity import Identity
from meritline.local.ports import LOOPBACK
from meritline.local.process import ServerProcess, environment

DATABASE = "meritline"
_MAJOR = "18"
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "shared_preload_libraries": "pg_stat_statements",
}
# For tests alone: a crash of the machine may lose everything.
_FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


class Postgres:
    """The PostgreSQL server of one data directory."""

    def __init__(self, data_dir: Path, binaries: Binaries, identity: Identity, durable: bool = True) -> None:
        self.home = data_dir / "postgres"
        self.port: int | None = None
        self._binaries = binaries
        self._settings = _SETTINGS if durable else _SETTINGS | _FLEETING
        self._passwords = remembered.passwords(data_dir)
        self.process = ServerProcess("PostgreSQL", self.home, identity, signal.SIGINT)

    def start(self, port: int) -> None:
        """Make the cluster if there is none, start the server, bring its roles and database into being."""
        if not self.home.exists():
            self._make_cluster()
        found = (self.home / "PG_VERSION").read_text().strip()
        if found != _MAJOR:
            raise LocalServiceError("E-LOCAL-VERSION", path=self.home, found=found, wanted=_MAJOR)
        self._forget_dead_server()
        options = [f"--{name}={value}" for name, value in (self._settings | {"port": str(port)}).items()]
        self.process.start(self._binaries.postgres, ["-D", str(self.home), *options], self._ready)
        self.port = port
        self.sql(
            (files("meritline.local") / "roles.sql").read_text("utf-8"),
            owner_password=self._passwords[remembered.OWNER],
            app_password=self._passwords[remembered.APPLICATION],
        )

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of a database for one of the remembered roles."""
        return f"postgresql://{role}:{self._passwords[role]}@{LOOPBACK}:{self.port}/{database}"

    def sql(self, script: str, database: str = "postgres", **variables: str) -> str:
        """Run a psql script as the superuser and return what it printed; `:'name'` stands for a variable."""
        # Variables go in with the script: a command line could be read by every user of the machine.
        head = "".join(f"\\set {name} '{value}'\n" for name, value in variables.items())
        where = ["-h", LOOPBACK, "-p", str(self.port), "-U", remembered.SUPERUSER, "-d", database]
        done = subprocess.run(
            [str(self._binaries.psql), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *where],
            input=head + script,
            env=environment() | {"PGPASSWORD": self._passwords[remembered.SUPERUSER], "PGCLIENTENCODING": "UTF8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            raise LocalServiceError("E-LOCAL-SQL", database=database, said=last_words(done.stderr))
        return done.stdout

    def create_database(self, name: str, template: str = "template1") -> None:
        """A further database of the owner role, empty or a copy of another one that nobody is connected to."""
        statement = 'CREATE DATABASE :"name" OWNER meritline_owner TEMPLATE :"template";'
        self.sql(statement, name=name, template=template)

    def drop_database(self, name: str) -> None:
        """Remove a database and whoever is still connected to it."""
        self.sql('DROP DATABASE IF EXISTS :"name" WITH (FORCE);', name=name)

    def _make_cluster(self) -> None:
        """Made beside its place and renamed when whole, so that a kill leaves none or a good one."""
        part = self.home.with_name("postgres.part")
        lock = self.process.hold()
        try:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(mode=0o700)
            self._run_initdb(part, lock)
            (part / "pg_hba.conf").write_text(f"host all all {LOOPBACK}/32 scram-sha-256\n")
            part.rename(self.home)
        finally:
            os.close(lock)

    def _run_initdb(self, part: Path, lock: int) -> None:
        identity = self.process.identity
        password = self.home.with_name("postgres.password")
        remembered.write_whole(password, self._passwords[remembered.SUPERUSER])
        identity.own(part)
        identity.own(password)
        # The builtin locale provider knows C.UTF-8 on every machine; the C library's often does not.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        login = ["-U", remembered.SUPERUSER, "--auth=scram-sha-256", f"--pwfile={password}", "--data-checksums"]
        speed = [] if self._settings is _SETTINGS else ["--no-sync"]
        command = [str(self._binaries.initdb), "-D", str(part), *login, *locale, *speed, "--no-instructions"]
        try:
            done = subprocess.run(
                identity.command(signal.SIGTERM, "run", *command),
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=[lock],
                check=False,
            )
        finally:
            password.unlink()
        if done.returncode != 0:
            log = self.home.with_name("initdb.log")
            log.write_bytes(done.stdout)
            said = last_words(done.stdout.decode("utf-8", "replace"))
            raise LocalServiceError("E-LOCAL-START", name="initdb", status=done.returncode, log=log, said=said)

    def _forget_dead_server(self) -> None:
        """Remove the pid file of a killed server.

        Its number may belong to any process by now (always so in a container), and PostgreSQL would refuse to start.
        The lock that all its processes inherited tells the truth: who can take it knows that none of them lives.
        """
        os.close(self.process.hold())
        (self.home / "postmaster.pid").unlink(missing_ok=True)

    def _ready(self, pid: int) -> bool:
        try:
            lines = (self.home / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
