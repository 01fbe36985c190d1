"""A Postgres of our own for a test run, and a database as if of its own for each test."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

# Nothing here must survive a power cut: the tests that kill Postgres kill the process, not the machine.
FAST = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
    "max_connections=200", "listen_addresses=",
)  # fmt: skip
START_SECONDS = 30
MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""Bytes that must be free in memory before a cluster is made there and not on the disk."""
BIG = 1 << 18
"""Bytes of a table beyond which it is cut off and not emptied row by row."""

SHAPE = """SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
  SELECT 'class ' || relname || relkind::text || relnatts || relhastriggers FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'trigger ' || tgrelid::regclass || pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger
    WHERE NOT tgisinternal
  UNION ALL SELECT 'key ' || tgrelid::regclass || count(*) || tgenabled::text FROM pg_trigger
    WHERE tgisinternal GROUP BY tgrelid, tgenabled
  UNION ALL SELECT 'check ' || conrelid::regclass || conname || contype::text FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT 'function ' || proname || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS shape(line)"""
"""What a test may change of a database beside its rows."""


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
    folder = Path(tempfile.mkdtemp(prefix="wr-pg-", dir=home()))
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


def home() -> Path:
    """Where a cluster is made: in memory where there is room, for most of what it does is to make and remove files."""
    return (
        MEMORY
        if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
        else Path("/tmp")
    )


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
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY WAL_LOG")
    with connect(server) as db:
        db.execute(create.format(sql.Identifier(name), sql.Identifier(source)))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            db.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class Kept:
    """A copy of a template that one test after the other has to itself: emptied, its counters set back, its schema as it was.

    Copying a database makes some thousand files, which costs more than most tests. Where a test changed the schema, or
    the server does not let us look away while its rows go, the next one gets a new copy.
    """

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._stack = ExitStack()
        self._url = ""
        with connect(template) as db:
            self._shape = db.execute(SHAPE).fetchone()
            tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
            self._tables = [name for (name,) in tables]
            self._rows = {name: copied_out(db, name) for name in self._tables if name in set(filled(db, self._tables))}
            self._counters = counters(db)

    def url(self) -> str:
        """The address of a database that looks as if it had just been copied."""
        if not self._url or not self._is_clean():
            self.close()
            self._url = self._stack.enter_context(database(self._server, unique_name("test"), self._template))
        return self._url

    def close(self) -> None:
        """Drop it."""
        self._url = ""
        self._stack.close()

    def _is_clean(self) -> bool:
        with suppress(psycopg.Error), connect(self._url) as db:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            db.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}")
            if db.execute(SHAPE).fetchone() != self._shape:
                return False
            with db.transaction():
                db.execute("SET LOCAL session_replication_role = replica")
                self._put_back(db)
            return True
        return False

    def _put_back(self, db: psycopg.Connection) -> None:
        for name in filled(db, self._tables):
            table = sql.Identifier(name)
            size = db.execute("SELECT pg_relation_size(%s::regclass)", [f'public."{name}"']).fetchone()
            big = size is not None and size[0] > BIG
            db.execute(sql.SQL("TRUNCATE {} CASCADE" if big else "DELETE FROM {}").format(table))
        for name, rows in self._rows.items():
            with db.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                copy.write(rows)
        for name, value in counters(db).items():
            first = self._counters[name]
            if value != first:
                db.execute("SELECT setval(%s::regclass, %s, %s)", [f'public."{name}"', first or 1, first is not None])


def filled(db: psycopg.Connection, tables: list[str]) -> list[str]:
    """Those of the tables that hold a row."""
    each = [sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name)) for name in tables]
    return [name for (name,) in db.execute(sql.SQL(" UNION ALL ").join(each)).fetchall()]


def counters(db: psycopg.Connection) -> dict[str, int | None]:
    """What each sequence gave last, None where it has given nothing."""
    found = db.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'").fetchall()
    return dict(found)


def copied_out(db: psycopg.Connection, name: str) -> bytes:
    """A table's rows, for ``COPY ... FROM STDIN``."""
    with db.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
        return b"".join(bytes(part) for part in copy)
