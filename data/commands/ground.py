"""What every command stands on: the database of the settings, and refusals as plain sentences instead of tracebacks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from data.anchors import Anchors, anchor_path
from data.channels import UnknownConnector
from data.channels.contract import ChannelFailure, WrongSetting
from data.clock import Clock, utc_now
from data.credentials import CredentialsBox
from data.database import Database, schema_is_current
from data.logs import logs_of_a_command
from data.settings import Settings, load_settings
from models.problems import CredentialsLocked, DemonstrationOnly, NotFound, Problem, WeakPassword
from models.workspace import Workspace

LIMIT = 80
"""Characters of a line of progress."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a command works with."""

    settings: Settings
    database: Database
    clock: Clock = utc_now

    @property
    def box(self) -> CredentialsBox:
        """Locks and unlocks credentials."""
        return CredentialsBox(self.settings.credentials_key.get_secret_value())

    @property
    def anchors(self) -> Anchors:
        """Where the ends of the audit chains are noted outside the database."""
        return Anchors(self.database, anchor_path(self.settings.database_url, self.settings.var))

    def workspace_id(self, slug: str) -> int:
        """The key of a workspace. Raises ``click.BadParameter`` that names those there are."""
        with self.database.read() as db:
            known = {row.slug: row.id for row in db.execute(select(Workspace.slug, Workspace.id))}
        if slug not in known:
            there = f"there are: {', '.join(sorted(known))}" if known else "there is none yet"
            raise click.BadParameter(f"there is no workspace {slug!r}; {there}", param_hint="--workspace")
        return int(known[slug])

    def only_workspace(self) -> str:
        """The slug where there is one workspace only. Raises ``click.UsageError`` elsewhere."""
        with self.database.read() as db:
            slugs = list(db.scalars(select(Workspace.slug).order_by(Workspace.slug)))
        if len(slugs) == 1:
            return slugs[0]
        raise click.UsageError(
            f"Say which workspace: --workspace {'|'.join(slugs)}" if slugs else "There is no workspace yet."
        )


@contextmanager
def opened(current: bool = True) -> Iterator[Ground]:
    """The ground of the environment's settings. ``current``: ask for the newest schema before anything is done."""
    settings = load_settings()
    database = Database(settings.database_url, settings.audit_key.get_secret_value().encode())
    try:
        if current and not schema_is_current(database):
            raise click.ClickException("The database is not ready. Run: flask --app app migrate")
        yield Ground(settings, database)
    finally:
        database.close()


class Plain(click.Command):
    """A command whose refusals are one sentence on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        try:
            with logs_of_a_command():
                return super().invoke(ctx)
        except (Problem, ChannelFailure, WrongSetting, UnknownConnector) as problem:
            raise click.ClickException(words(problem)) from None
        except SQLAlchemyError as error:
            why = type(getattr(error, "orig", None) or error).__name__
            raise click.ClickException(
                f"The database did not do what was asked ({why}). Nothing was changed."
            ) from None


def words(problem: Exception) -> str:
    """What the person at the command line reads."""
    if isinstance(problem, NotFound):
        return "There is no such thing in that workspace."
    if isinstance(problem, CredentialsLocked):
        return (
            "The stored credentials need the WATCHROOM_CREDENTIALS_KEY they were stored with. Enter them again: rotate."
        )
    if isinstance(problem, DemonstrationOnly):
        return "This database holds real workspaces: the demonstration never goes into it."
    if isinstance(problem, WeakPassword):
        return f"Choose a longer password: {problem}."
    told = str(problem)
    return f"{told[:1].upper()}{told[1:]}."


class Progress:
    """Says on standard error what is being done and how far it is; on a terminal in one line."""

    def __init__(self) -> None:
        self._said = ""
        self._line = sys.stderr.isatty()

    def __call__(self, what: str, share: float) -> None:
        """``share`` is from 0 to 1."""
        if self._line:
            click.echo(f"\r{f'{what} {share:.0%}':<{LIMIT}}", err=True, nl=False)
        elif what != self._said:
            click.echo(what, err=True)
        self._said = what

    def done(self) -> None:
        """Leave the line."""
        if self._line and self._said:
            click.echo(err=True)


def shown(url: str) -> str:
    """A database address without its password."""
    return make_url(url).render_as_string(hide_password=True)
