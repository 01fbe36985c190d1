"""Looking after the database: migrate, status, backup, restore, rebuild."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import backup as backups
from data.commands.ground import Ground, Plain, Progress, opened, shown
from data.database import migrate as bring_up
from data.database import schema_is_current
from data.practice import practice
from data.readiness import UNWELL, AccountFacts, Ready, look
from data.rebuilding import Rebuilt
from data.rebuilding import rebuild as make_again
from data.reply_rules import furnish
from data.settings import load_settings
from data.signing import is_demonstration
from models.conversation import Conversation, Message
from models.people import User
from models.snapshots import AccountState
from models.workspace import Workspace

MOST_SHOWN = 20
WORDS = {
    AccountState.AUTH: "access refused",
    AccountState.DEAD: "not asked",
    AccountState.FAILING: "failing",
    AccountState.QUIET: "quiet",
    AccountState.LIVE: "live",
    AccountState.PAUSED: "paused",
    AccountState.NEW: "new",
}


@click.command(cls=Plain)
def migrate() -> None:
    """Bring the database to the newest schema, and its workspaces what a newer Watchroom ships. May run again."""
    settings = load_settings()
    bring_up(settings.database_url)
    with opened() as ground:
        furnish(ground.database, ground.clock())
    click.echo(f"The database {shown(settings.database_url)} is at the newest schema.")


@click.command(cls=Plain)
@click.pass_context
def status(ctx: click.Context) -> None:
    """Say in plain words how everything stands. Exit code 1 where something does not work."""
    with opened(current=False) as ground:
        if not schema_is_current(ground.database):
            click.echo(f"Database    {shown(ground.database.url)}: not at the newest schema")
            click.echo("            Run: flask --app app migrate")
            ctx.exit(1)
        now = ground.clock()
        found = look(ground.database, now)
        faults = _fault_lines(ground)
        for line in (*_database_lines(ground, found), *_account_lines(found.accounts, now), *faults):
            click.echo(line)
    if faults or not found.ready:
        ctx.exit(1)


def _database_lines(ground: Ground, found: Ready) -> list[str]:
    with ground.database.read() as db:
        counts = (
            f"{_count(db, Workspace)} workspaces, {_count(db, User)} users, {_count(db, Conversation)} conversations"
        )
        counts += f", {_count(db, Message)} messages"
    writes = "takes writes" if found.writes else "TAKES NO WRITES"
    seen = age(found.at - found.poller_seen) + " ago" if found.poller_seen else "never"
    lines = [f"Database    {shown(ground.database.url)}: at the newest schema, {writes}"]
    if is_demonstration(ground.database):
        lines.append("            A demonstration: everything in it is invented")
    lines.append(f"Holds       {counts}")
    lines.append(f"Poller      {'alive' if found.poller else 'NOT RUNNING'}, last sign of life {seen}")
    return lines


def _fault_lines(ground: Ground) -> list[str]:
    """What of any workspace cannot be read and is left out."""
    with ground.database.read() as db:
        named = [(slug, practice(db, key).faults) for key, slug in db.execute(select(Workspace.id, Workspace.slug))]
    return [f"Left out    {slug}: {fault}" for slug, faults in named for fault in faults]


def _count(db: Session, entity: type) -> str:
    return f"{db.scalar(select(func.count()).select_from(entity)) or 0:,}"


def _account_lines(accounts: tuple[AccountFacts, ...], now: datetime) -> list[str]:
    if not accounts:
        return ["Accounts    none yet: flask --app app account add --help"]
    states = Counter(one.state for one in accounts)
    said = ", ".join(f"{states[state]} {WORDS[state]}" for state in AccountState if states[state])
    lines = [f"Accounts    {len(accounts)}: {said}"]
    for one in accounts:
        if one.state in UNWELL:
            again = (
                f"; next try in {age(one.next_attempt - now)}" if one.next_attempt and one.next_attempt > now else ""
            )
            lines.append(f"            {one.handle} ({one.channel}, {one.workspace}): {WORDS[one.state]}")
            lines.append(f"              {one.reason or 'no reason known'}{again}")
    return lines


def age(length: timedelta) -> str:
    """A duration in words: 40 s, 12 min, 3 h, 2 days."""
    seconds = int(length.total_seconds())
    for limit, unit, word in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds // unit} {word}"
    return f"{seconds // 86_400} days"


@click.command(cls=Plain)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a backup of the database to FILE, while it is in use.

    On SQLite FILE is a database, on Postgres a zip of tables. The folder of keys is not in it: back it up apart from
    this file, or nobody can verify the audit or read the networks' credentials again.
    """
    with opened() as ground:
        progress = Progress()
        made = backups.back_up(ground.database, file, progress)
        progress.done()
    click.echo(f"{made.path}: {made.size:,} bytes, {made.messages:,} messages. The keys are not in it.")


@click.command(cls=Plain)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Replace everything in a database that is not empty.")
def restore(file: Path, yes: bool) -> None:
    """Put the backup FILE in the place of everything in the database.

    The backup is looked at first: it must be whole, and its audit must hold under the present WATCHROOM_AUDIT_KEY. Stop
    the server before.
    """
    with opened(current=False) as ground:
        progress = Progress()
        chains = backups.restore(ground.database, file, yes, progress)
        ground.anchors.drop(ground.clock(), restored=True)
        progress.done()
    events = sum(chain.events for chain in chains)
    click.echo(f"Restored from {file}. Its audit holds: {events:,} events in {len(chains)} chains.")


@click.command(cls=Plain)
@click.option("--check", is_flag=True, help="Only compare; change nothing. Exit code 1 where a sum is wrong.")
@click.pass_context
def rebuild(ctx: click.Context, check: bool) -> None:
    """Compare the sums behind the charts with the messages, say which are wrong, and make those again."""
    with opened() as ground:
        found = make_again(ground.database, check_only=check)
    for one in found:
        for line in _rebuilt_lines(one):
            click.echo(line)
    if check and any(one.differences for one in found):
        ctx.exit(1)


def _rebuilt_lines(one: Rebuilt) -> list[str]:
    lines = [f"{one.slug}: {one.sums:,} sums, {len(one.differences):,} wrong"]
    shown_ones = one.differences[:MOST_SHOWN]
    lines += [f"  {wrong.table} {wrong.place}: {wrong.before:,}, right is {wrong.after:,}" for wrong in shown_ones]
    if len(one.differences) > MOST_SHOWN:
        lines.append(f"  and {len(one.differences) - MOST_SHOWN:,} more")
    return lines
