"""A database that the tests of one module share, for histories that take long to write and are then only read."""

import os
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import copy_sqlite
from tests.rows import open_database


@pytest.fixture(scope="module")
def module_database(database_kind, template_database, tmp_path_factory):
    if database_kind == "sqlite":
        path = tmp_path_factory.mktemp("module") / "watchroom.db"
        copy_sqlite(Path(template_database), path)
        opened = open_database(f"sqlite:///{path}")
        yield opened
        opened.close()
        return
    name = postgres.unique_name("module")
    with postgres.database(os.environ["TEST_POSTGRES_URL"], name, template=template_database) as url:
        opened = open_database(url)
        yield opened
        opened.close()
