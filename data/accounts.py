"""Our handles on the networks, as an administrator keeps them. Every change is one event; no credential is ever shown again.

An account that is added, changed or resumed is asked within ten seconds, without a restart.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.audit import Change, change
from data.channels import CONNECTORS, UnknownConnector, connect
from data.channels.contract import ChannelFailure, WrongSetting
from data.clock import Clock
from data.credentials import CredentialsBox
from data.database import Database
from data.polls import Followed, followed_as
from models.audit import Actor
from models.problems import BadValue, NotFound
from models.workspace import Account, AccountPoll, Workspace

SHORTEST_INTERVAL = 5
LONGEST_INTERVAL = 86_400
"""Seconds between two polls."""
DEFAULT_INTERVAL = 60


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be added. ``channel`` is the connector's own where empty; ``budget`` counts posts a calendar month."""

    connector: str
    handle: str
    channel: str = ""
    interval: int = DEFAULT_INTERVAL
    budget: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    owner: str = ""
    purpose: str = ""


def add_account(
    database: Database, box: CredentialsBox, workspace_id: int, new: NewAccount, clock: Clock, actor: Actor
) -> int:
    """Add the account and return its key. Raises ``BadValue`` for what is missing, unknown or taken, and ``NotFound``."""
    handle = new.handle.strip()
    if not handle:
        raise BadValue("handle", "give the account's name on the network, such as @northshire")
    _check_numbers(new.interval, new.budget)
    _check_connector(new.connector, handle, new.settings, new.credentials, clock)
    channel = new.channel.strip() or CONNECTORS[new.connector].channel
    at = clock()
    with change(database, workspace_id, actor, at) as c:
        if c.db.get(Workspace, workspace_id) is None:
            raise NotFound
        if _taken(c.db, workspace_id, channel, handle):
            raise BadValue("handle", "choose another one: this workspace has that account already")
        row = Account(
            workspace_id=workspace_id,
            audit_id=c.audit_id,
            channel=channel,
            connector=new.connector,
            handle=handle,
            created=at,
            interval_seconds=new.interval,
            read_budget=new.budget,
            settings=dict(new.settings) or None,
            credentials=box.lock(new.credentials),
            owner=new.owner,
            purpose=new.purpose,
        )
        c.db.add(row)
        c.db.flush()
        c.state("account.add", "account", row.id, after=_facts(row, new.credentials))
    return row.id


def test_account(
    database: Database, box: CredentialsBox, workspace_id: int, account_id: int, clock: Clock, actor: Actor
) -> str:
    """Ask the network whose credentials these are, and return the handle it says.

    Raises the ``ChannelFailure``, ``CredentialsLocked``, ``BadValue`` for settings, and ``NotFound``. That it was tried is
    an event either way; where it went well a refused account is asked again within ten seconds.
    """
    with database.read() as db:
        account = followed_as(_row(db, workspace_id, account_id), None)
    try:
        said = _ask(box, account, clock)
    except ChannelFailure as failure:
        _note_test(database, account, type(failure).__name__, clock(), actor)
        raise
    _note_test(database, account, "answered", clock(), actor)
    return said


def rotate_credentials(
    database: Database,
    box: CredentialsBox,
    workspace_id: int,
    account_id: int,
    credentials: Mapping[str, str],
    clock: Clock,
    actor: Actor,
) -> None:
    """Put new credentials in the place of the old ones, which are gone. Raises ``BadValue`` and ``NotFound``."""
    if not any(credentials.values()):
        raise BadValue("credentials", "give the new ones; to stop reading, pause the account")
    with database.read() as db:
        row = _row(db, workspace_id, account_id)
        _check_connector(row.connector, row.handle, row.settings or {}, credentials, clock)
    with change(database, workspace_id, actor, clock()) as c:
        row = _row(c.db, workspace_id, account_id)
        row.credentials = box.lock(credentials)
        _ask_soon(c.db, row)
        c.state("account.rotate", "account", account_id, after={"credentials": _names(credentials)})


def change_settings(
    database: Database, workspace_id: int, account_id: int, settings: Mapping[str, Any], clock: Clock, actor: Actor
) -> None:
    """Other settings for the connector; reading begins again, and what is stored already is known. Raises ``BadValue``."""
    with database.read() as db:
        row = _row(db, workspace_id, account_id)
    offer = CONNECTORS[row.connector]
    if not offer.credentials:
        _check_connector(row.connector, row.handle, settings, {}, clock)
    with change(database, workspace_id, actor, clock()) as c:
        row = _row(c.db, workspace_id, account_id)
        row.settings = dict(settings) or None
        begin_again(c.db, row)
        c.state("account.settings", "account", account_id, after={"settings": sorted(settings)})


def change_pace(
    database: Database,
    workspace_id: int,
    account_id: int,
    interval: int,
    budget: int | None,
    clock: Clock,
    actor: Actor,
) -> None:
    """Another interval (seconds) and another read budget (posts a month, None: none). Raises ``BadValue``, ``NotFound``."""
    _check_numbers(interval, budget)
    with change(database, workspace_id, actor, clock()) as c:
        row = _row(c.db, workspace_id, account_id)
        before = {"interval": row.interval_seconds, "budget": row.read_budget}
        row.interval_seconds, row.read_budget = interval, budget
        _ask_soon(c.db, row)
        after = {"interval": interval, "budget": budget}
        c.state("account.pace", "account", account_id, before=before, after=after)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who answers for an account and what for, how it is read, when it is watched and whom to call about it."""

    owner: str
    purpose: str
    interval: int
    budget: int | None
    watch_hours: str = ""
    call: str = ""


def _keeping(row: Account) -> Keeping:
    return Keeping(row.owner, row.purpose, row.interval_seconds, row.read_budget, row.watch_hours, row.call)


def change_keeping(
    database: Database, workspace_id: int, account_id: int, new: Keeping, clock: Clock, actor: Actor
) -> None:
    """Another owner, purpose, pace, hours of watch or person to call. Raises ``BadValue`` and ``NotFound``."""
    _check_numbers(new.interval, new.budget)
    with change(database, workspace_id, actor, clock()) as c:
        row = _row(c.db, workspace_id, account_id)
        before = asdict(_keeping(row))
        row.owner, row.purpose = new.owner, new.purpose
        row.interval_seconds, row.read_budget = new.interval, new.budget
        row.watch_hours, row.call = new.watch_hours, new.call
        if before != (after := asdict(new)):
            _ask_soon(c.db, row)
            c.state("account.change", "account", account_id, before=before, after=after)


def pause_account(database: Database, workspace_id: int, account_id: int, at: datetime, actor: Actor) -> None:
    """Ask the network no more until the account is resumed. Raises ``NotFound``."""
    with change(database, workspace_id, actor, at) as c:
        _set_paused(c, account_id, True)


def resume_account(database: Database, workspace_id: int, account_id: int, at: datetime, actor: Actor) -> None:
    """Ask the network again, from where reading stopped. Raises ``NotFound``."""
    with change(database, workspace_id, actor, at) as c:
        _set_paused(c, account_id, False)


def _set_paused(c: Change, account_id: int, paused: bool) -> None:
    row = _row(c.db, c.workspace_id, account_id)
    before, row.paused = row.paused, paused
    if not paused:
        _ask_soon(c.db, row)
    c.state(
        "account.pause" if paused else "account.resume",
        "account",
        account_id,
        before={"paused": before},
        after={"paused": paused},
    )


def _row(db: Session, workspace_id: int, account_id: int) -> Account:
    row = db.get(Account, account_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound
    return row


def _ask_soon(db: Session, row: Account) -> AccountPoll | None:
    """Forget a pause that the poller made up its mind to: a person has done something about it."""
    poll = db.get(AccountPoll, (row.workspace_id, row.id))
    if poll is not None:
        poll.next_attempt = None
    return poll


def begin_again(db: Session, row: Account) -> None:
    """Read the account from its beginning, soon: what is stored already is known."""
    poll = _ask_soon(db, row)
    if poll is not None:
        poll.cursor = None


def _taken(db: Session, workspace_id: int, channel: str, handle: str) -> bool:
    wanted = select(Account.id).where(
        Account.workspace_id == workspace_id, Account.channel == channel, Account.handle == handle
    )
    return db.scalar(wanted) is not None


def _check_numbers(interval: int, budget: int | None) -> None:
    if not SHORTEST_INTERVAL <= interval <= LONGEST_INTERVAL:
        raise BadValue("interval", f"give {SHORTEST_INTERVAL} to {LONGEST_INTERVAL} seconds")
    if budget is not None and budget < 1:
        raise BadValue("budget", "give at least one post a month, or none for no budget")


def _check_connector(
    connector: str, handle: str, settings: Mapping[str, Any], credentials: Mapping[str, str], clock: Clock
) -> None:
    """Make the connector once, which asks the network nothing, so that a wrong setting is refused now and not at night."""
    given = {name: value for name, value in credentials.items() if value}
    try:
        connect(connector, handle=handle, settings=settings, credentials=given, clock=clock)
    except UnknownConnector as problem:
        raise BadValue("connector", str(problem)) from None
    except WrongSetting as problem:
        raise BadValue(problem.name, problem.reason) from None


def _ask(box: CredentialsBox, account: Followed, clock: Clock) -> str:
    try:
        connector = connect(
            account.connector,
            handle=account.handle,
            settings=account.settings,
            credentials=box.unlock(account.credentials),
            clock=clock,
        )
    except WrongSetting as problem:
        raise BadValue(problem.name, problem.reason) from None
    return connector.whoami()


def _note_test(database: Database, account: Followed, answer: str, at: datetime, actor: Actor) -> None:
    with change(database, account.workspace_id, actor, at) as c:
        row = _row(c.db, account.workspace_id, account.id)
        if answer == "answered":
            row.audit_id = c.audit_id
            _ask_soon(c.db, row)
        c.state("account.test", "account", account.id, after={"answer": answer})


def _facts(row: Account, credentials: Mapping[str, str]) -> dict[str, Any]:
    return {
        "channel": row.channel,
        "connector": row.connector,
        "handle": row.handle,
        "interval": row.interval_seconds,
        "budget": row.read_budget,
        "settings": sorted(row.settings or {}),
        "credentials": _names(credentials),
    }


def _names(credentials: Mapping[str, str]) -> list[str]:
    return sorted(name for name, value in credentials.items() if value)
