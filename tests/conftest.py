"""What every test may ask for: a fresh migrated database on either engine, full sizes or a tenth of them.

`--database postgres` uses `TEST_POSTGRES_URL`, else a cluster of its own that lives as long as the run.
"""

import gc
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, create_engine

from tests import covering, postgres

# Before a test module or a deeper conftest imports the program.
covered = covering.begin()

# The same examples in every run: a failure here is a failure there.
hypothesis_settings.register_profile("house", derandomize=True, deadline=None)
hypothesis_settings.register_profile("proof", derandomize=True, deadline=None, max_examples=1_000)

numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite", help="the engine tests run on")
    parser.addoption("--proof", action="store_true", help="full figures: fault counts are not divided by ten")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile("proof" if config.getoption("--proof") else "house")
    if not config.getoption("--proof"):
        # A database writes through to the disk at every commit; what kills a process, and not the machine, cannot tell.
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(postgres.home()))
    is_worker = hasattr(config, "workerinput")
    if config.getoption("--database") != "postgres" or is_worker or os.environ.get("TEST_POSTGRES_URL"):
        return
    # Started here and not in a fixture: the workers of xdist are our children and inherit the address.
    cluster = postgres.start_cluster()
    os.environ["TEST_POSTGRES_URL"] = cluster.url
    config.add_cleanup(cluster.stop)


def pytest_sessionfinish() -> None:
    if covered is not None:
        covered.write()


SLOW = ("faults", "browser")
"""Folders whose tests take seconds each: begun first, so that at the end nobody works alone."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    folders = {name: number for number, name in enumerate(SLOW)}
    here = Path(__file__).parent
    items.sort(key=lambda item: folders.get(item.path.relative_to(here).parts[0], len(SLOW)))


def pytest_collection_finish() -> None:
    """Let the collector leave alone what lives as long as the run: going through it again and again is a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True, scope="session")
def statements_compiled_once() -> Iterator[None]:
    """Every database of a run has the same tables: what SQLAlchemy compiled for one of a kind serves all the others."""
    from data import database

    firsts: dict[str, Engine] = {}
    compiled: dict[Any, Any] = {}

    def create(url: str, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        if engine.dialect.name not in firsts:
            engine.connect().close()  # what a dialect knows of its server it learns with its own engine's first connection,
            engine.dispose()  # and that one was made before the program could say how
        engine.dialect = firsts.setdefault(engine.dialect.name, engine).dialect
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    database.create_engine = create
    yield
    database.create_engine = create_engine


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgres`."""
    return request.config.getoption("--database")


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """How often to do what a proof does `full` times: all of them with `--proof`, else a tenth, at least once."""
    proof = request.config.getoption("--proof")
    return lambda full: full if proof else max(1, full // 10)


@pytest.fixture(scope="session")
def template_database(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One migrated and empty database for this worker: the file of it on SQLite, its address on Postgres."""
    from data.database import migrate

    if database_kind == "sqlite":
        path = tmp_path_factory.mktemp("template") / "template.db"
        migrate(f"sqlite:///{path}")
        yield str(path)
        return
    server = os.environ["TEST_POSTGRES_URL"]
    with postgres.database(server, postgres.unique_name("template")) as url:
        migrate(url)
        yield url


@pytest.fixture(scope="session")
def kept_database(database_kind: str, template_database: str) -> Iterator[postgres.Kept | None]:
    """On Postgres, the database that this worker's tests have one after the other."""
    if database_kind == "sqlite":
        yield None
        return
    kept = postgres.Kept(os.environ["TEST_POSTGRES_URL"], template_database)
    yield kept
    kept.close()


@pytest.fixture
def database_url(template_database: str, kept_database: postgres.Kept | None, tmp_path: Path) -> str:
    """The address of a migrated database that only this test uses."""
    if kept_database is not None:
        return kept_database.url()
    path = tmp_path / "watchroom.db"
    copy_sqlite(Path(template_database), path)
    return f"sqlite:///{path}"


@pytest.fixture
def empty_database_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a single table: for migrations themselves."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    name = postgres.unique_name(f"empty{next(numbers)}")
    with postgres.database(os.environ["TEST_POSTGRES_URL"], name) as url:
        yield url


def copy_sqlite(template: Path, path: Path) -> None:
    """Copy a database file with what may still stand in its write-ahead log."""
    for suffix in ("", "-wal"):
        source = template.with_name(template.name + suffix)
        if source.exists():
            shutil.copyfile(source, path.with_name(path.name + suffix))
