"""Commands as a person runs them: arguments in, words and an exit code out."""

import click
import pytest
from click.testing import CliRunner

from data import commands
from tests import rows

CREDENTIALS_KEY = "c" * 32


@pytest.fixture
def environment(database_url, tmp_path):
    return {
        "WATCHROOM_DATABASE_URL": database_url,
        "WATCHROOM_VAR": str(tmp_path / "var"),
        "WATCHROOM_AUDIT_KEY": rows.AUDIT_KEY.decode(),
        "WATCHROOM_CREDENTIALS_KEY": CREDENTIALS_KEY,
    }


@pytest.fixture
def run(environment):
    """Run a command and give its result. An exception that is no plain refusal fails the test."""
    group = click.Group("flask")
    commands.register(group)

    def run_one(*arguments, code=0, given=None, **changed):
        result = CliRunner().invoke(group, [str(part) for part in arguments], input=given, env=environment | changed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return run_one


@pytest.fixture
def database(database_url):
    opened = rows.open_database(database_url)
    yield opened
    opened.close()
