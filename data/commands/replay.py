"""A file of real posts through the whole path: ``replay FILE``."""

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from data import accounts
from data.channels import connect
from data.channels.adapters import LAYOUTS, companies
from data.channels.recording import open_recording
from data.commands.administrator import workspace_named
from data.commands.ground import Ground, Plain, Progress, opened
from data.database import migrate
from data.intake import Counts, take
from data.page import AccountFacts
from data.people import change_password, create_user, grant
from data.polls import followed
from data.signing import new_token
from models.audit import COMMAND
from models.people import User
from models.workspace import Account, AccountPoll

SIGN_IN = "replay"
ROLES = ("Supervisor", "Analyst", "Auditor", "Administrator")
LIVE_INTERVAL = 5
"""Seconds between two polls of a file that is replayed as it happened."""
PAGE = 500


@click.command(cls=Plain)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--speed", type=float, default=1.0, show_default=True, help="How many times faster than recorded.")
@click.option("--as-recorded", is_flag=True, help="Keep the file's own times and load all of it now, as history.")
@click.option("--format", "layout", type=click.Choice(sorted(LAYOUTS)), default=None, help="How to read FILE.")
@click.option("--workspace", default="replay", show_default=True, help="Where the posts go; made where it is missing.")
def replay(file: Path, speed: float, as_recorded: bool, layout: str | None, workspace: str) -> None:
    """Make an account that replays FILE (docs/replay.md), and someone who may look at it.

    The posts arrive while the server runs, the first one now, or all at once with --as-recorded. Dialogues of several
    companies become an account for each. Replaying the same file again goes on where it stopped.
    """
    with opened(current=False) as ground:
        migrate(ground.database.url)
        settings: dict[str, Any] = {"path": str(file.resolve()), "page_size": str(PAGE)}
        settings |= {"format": layout} if layout else {}
        settings |= {"as_recorded": "yes"} if as_recorded else {"speed": f"{speed:g}"}
        workspace_id = workspace_named(ground, workspace)
        handles = _handles(file, layout)
        numbers = [_account(ground, workspace_id, handle, settings, as_recorded) for handle in handles]
        if as_recorded:
            click.echo(_said(_load(ground, set(numbers), len(handles))))
        _invite(ground, workspace_id)


def _handles(file: Path, layout: str | None) -> tuple[str, ...]:
    try:
        named = companies(file) if layout in (None, "ibm_dialogues") else ()
    except (OSError, ValueError):
        raise click.ClickException(f"{file} cannot be read as a file of posts.") from None
    return named or (file.stem,)


def _account(ground: Ground, workspace_id: int, handle: str, settings: dict[str, Any], as_recorded: bool) -> int:
    """The account of that handle: made, or pointed at this file where it replayed another one."""
    with ground.database.read() as db:
        row = db.scalar(
            select(Account).where(
                Account.workspace_id == workspace_id, Account.connector == "replay", Account.handle == handle
            )
        )
    if row is None:
        interval = accounts.DEFAULT_INTERVAL if as_recorded else LIVE_INTERVAL
        new = accounts.NewAccount("replay", handle, interval=interval, settings=settings)
        return accounts.add_account(ground.database, ground.box, workspace_id, new, ground.clock, COMMAND)
    if row.settings != settings:
        accounts.change_settings(ground.database, workspace_id, row.id, settings, ground.clock, COMMAND)
    return row.id


def _load(ground: Ground, numbers: set[int], total: int) -> Counts:
    """Everything of these accounts now, page by page, each in its own transaction."""
    counts, progress = Counts(), Progress()
    wanted = [one for one in followed(ground.database) if one.id in numbers]
    for done, one in enumerate(wanted):
        connector = connect(one.connector, handle=one.handle, settings=one.settings, credentials={}, clock=ground.clock)
        length = max(len(open_recording(Path(one.settings["path"]), one.settings.get("format", ""), one.handle)), 1)
        cursor, more = _cursor(ground, one.workspace_id, one.id), True
        while more:
            batch = connector.fetch(cursor)
            page = take(
                ground.database,
                AccountFacts(one.workspace_id, one.id, one.channel),
                batch,
                ground.clock(),
                ground.clock,
                actor=COMMAND,
            )
            cursor, more = batch.cursor, batch.more
            for name, number in page.named().items():
                setattr(counts, name, getattr(counts, name) + number)
            progress("Loading the file's posts", (done + json.loads(cursor)["position"] / length) / total)
    progress.done()
    return counts


def _cursor(ground: Ground, workspace_id: int, account_id: int) -> str | None:
    with ground.database.read() as db:
        row = db.get(AccountPoll, (workspace_id, account_id))
        return row.cursor if row is not None else None


def _said(counts: Counts) -> str:
    parts = ", ".join(f"{number:,} {name}" for name, number in counts.named().items())
    return f"{counts.fetched:,} posts read: {parts or 'nothing new'}."


def _invite(ground: Ground, workspace_id: int) -> None:
    """Somebody who may look at it, with a new password that is shown this once."""
    password, at = new_token(), ground.clock()
    with ground.database.read() as db:
        user_id = db.scalar(select(User.id).where(User.sign_in == SIGN_IN))
    if user_id is None:
        user_id = create_user(ground.database, SIGN_IN, "Replay", password, at, COMMAND)
    else:
        change_password(ground.database, user_id, password, at, COMMAND)
    for role in ROLES:
        grant(ground.database, workspace_id, user_id, role, at, COMMAND)
    click.echo(f"Sign in as {SIGN_IN} with the password {password} (shown this once; another one at the next replay).")
