"""A Postgres of our own for a test run, and a database of its own for each test."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

# Nothing here must survive a power cut: the tests that kill Postgres kill the process, not the machine.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "listen_addresses=")
START_SECONDS = 30


@dataclass
class Cluster:
    """A running server; ``url`` is that of its database ``postgres``, over a Unix socket."""

    url: str
    process: subprocess.Popen
    folder: Path

    def stop(self) -> None:
        """End it and remove its folder."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def binary(name: str) -> str:
    """The path of a Postgres program: on PATH, else the newest of Debian's. Fails with what to install."""
    found = shutil.which(name)
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    if not found and not debian:
        raise RuntimeError(
            f"No Postgres server here ({name}): install the Debian package postgresql, or set TEST_POSTGRES_URL."
        )
    return found or str(debian[-1])


def unprivileged() -> dict:
    """What subprocess needs to run as another user when we are root, whom Postgres refuses."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("Postgres does not run as root, and there is no user postgres or nobody here.")


def die_with_parent() -> None:
    """Ask the kernel for a fast shutdown should the test run be killed (Linux: PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def start_cluster() -> Cluster:
    """Make and start a cluster in a temporary folder (a short path: a socket's name has at most 107 bytes)."""
    folder = Path(tempfile.mkdtemp(prefix="wr-pg-", dir="/tmp"))
    who = unprivileged()
    if who:
        os.chown(folder, who["user"], who["group"])
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    made = subprocess.run(
        [binary("initdb"), "-D", folder / "db", "-U", "watchroom", "-A", "trust", "-E", "UTF8", "--no-sync"],
        **who, cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
    options = [part for setting in FAST for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binary("postgres"), "-D", folder / "db", "-k", folder, *options],
            **who, cwd=folder, env=environment, stdout=log, stderr=log, preexec_fn=die_with_parent,  # noqa: PLW1509
        )  # fmt: skip
    cluster = Cluster(f"postgresql+psycopg://watchroom@/postgres?host={folder}", process, folder)
    try:
        wait_until_ready(cluster)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def wait_until_ready(cluster: Cluster) -> None:
    """Return when the server takes connections; raises with its log where it does not."""
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            connect(cluster.url).close()
            return
        except psycopg.OperationalError:
            if cluster.process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"Postgres did not start:\n{(cluster.folder / 'log').read_text()}") from None
        with suppress(subprocess.TimeoutExpired):
            cluster.process.wait(0.05)


def connect(url: str) -> psycopg.Connection:
    """A plain connection that commits each statement."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def unique_name(purpose: str) -> str:
    """A database name that no other worker or run on this server uses."""
    return f"watchroom_{purpose}_{os.getpid()}_{os.urandom(3).hex()}"


@contextmanager
def database(server: str, name: str, template: str | None = None) -> Iterator[str]:
    """A database that exists while the block runs, copied from ``template`` (an address), and its address."""
    source = make_url(template).database if template else "template0"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    with connect(server) as db:
        db.execute(create.format(sql.Identifier(name), sql.Identifier(source)))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            db.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
