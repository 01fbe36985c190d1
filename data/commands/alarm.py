"""Alarms: how a workspace raises them, and where they are told outside: alarm show, set, tell, told, test, untell."""

from dataclasses import asdict
from typing import Any

import click
from sqlalchemy import select

from data import alerts
from data.alarms import alarm_ways, set_ways
from data.commands.ground import Ground, Plain, opened
from data.telling import service_of, tell
from models.alarms import LADDER
from models.alerts import Destination
from models.audit import COMMAND
from models.people import User
from models.workspace import Team, Workspace

WORKSPACE = click.option(
    "--workspace", default=None, help="The workspace's short name; needed where there are several."
)


@click.group()
def alarm() -> None:
    """How alarms are raised, and where they are told by e-mail, webhook and chat."""


@alarm.command(cls=Plain)
@WORKSPACE
def show(workspace: str | None) -> None:
    """Show how the workspace raises alarms: times are seconds, quiet hours minutes of the day."""
    with opened() as ground, ground.database.read() as db:
        row = alarm_ways(db, ground.workspace_id(workspace or ground.only_workspace()))
        for name, value in asdict(row).items():
            if name not in ("id", "audit_id", "workspace_id"):
                click.echo(f"{name:<20} {'-' if value is None else value}")


@alarm.command("set", cls=Plain)
@click.argument("facts", nargs=-1, required=True, metavar="NAME=VALUE...")
@WORKSPACE
def set_facts(facts: tuple[str, ...], workspace: str | None) -> None:
    """Set how the workspace raises alarms (see `alarm show`); - as a value takes it away."""
    with opened() as ground:
        home = ground.workspace_id(workspace or ground.only_workspace())
        with ground.database.read() as db:
            known = asdict(alarm_ways(db, home))
        given = dict(_fact(one, known) for one in facts)
        set_ways(ground.database, home, given, ground.clock(), COMMAND)
    click.echo("From now on alarms are raised so.")


def _fact(text: str, known: dict[str, object]) -> tuple[str, float | int | None]:
    name, _, value = text.partition("=")
    if name not in known or name in ("id", "audit_id", "workspace_id"):
        raise click.BadParameter(f"there is no {name!r}: see flask --app app alarm show")
    try:
        return name, None if value == "-" else float(value) if name == "soon_share" else int(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no number") from None


@alarm.command("tell", cls=Plain)
@click.argument("name")
@click.option("--user", default=None, help="The sign-in name of the person it is for.")
@click.option("--team", default=None, help="The name of the team it is for.")
@click.option(
    "--from", "step", type=click.Choice(LADDER), default=LADDER[0], show_default=True, help="From which step on."
)
@WORKSPACE
def tell_at(name: str, user: str | None, team: str | None, step: str, workspace: str | None) -> None:
    """Tell alarms at the destination NAME. You are asked for its address, which is not shown, such as mailtos://..."""
    address = click.prompt("Address", hide_input=True).strip()
    with opened() as ground:
        home = ground.workspace_id(workspace or ground.only_workspace())
        with ground.database.read() as db:
            user_id = db.scalar(select(User.id).where(User.sign_in == user)) if user else None
            team_id = db.scalar(select(Team.id).where(Team.workspace_id == home, Team.name == team)) if team else None
        if (user and user_id is None) or (team and team_id is None):
            raise click.ClickException("There is no such person or team.")
        who: dict[str, Any] = {
            "user_id": user_id,
            "team_id": team_id,
            "from_step": [str(one) for one in LADDER].index(step),
        }
        service, at = service_of(address), ground.clock()
        key = alerts.add_destination(ground.database, ground.box, home, name, service, address, at, COMMAND, **who)
    click.echo(f"{name} is destination {key}. Try it: flask --app app alarm test {key}")


@alarm.command(cls=Plain)
def told() -> None:
    """List the destinations; no address is ever shown again."""
    with opened() as ground, ground.database.read() as db:
        rows = db.execute(
            select(Destination, Workspace.slug)
            .join(Workspace, Workspace.id == Destination.workspace_id)
            .where(Destination.removed.is_(None))
            .order_by(Destination.id)
        ).all()
    if not rows:
        click.echo("Alarms are told on the screen only.")
    for row, slug in rows:
        click.echo(f"{row.id:>4}  {slug:<20} {row.service:<10} from {LADDER[row.from_step]:<14} {row.name}")


@alarm.command(cls=Plain)
@click.argument("number", type=int)
def test(number: int) -> None:
    """Tell destination NUMBER that this is a test."""
    with opened() as ground:
        row = _row(ground, number)
        try:
            tell(ground.box.unlock(row.address)[alerts.ADDRESS], "Watchroom: a test", "Alarms will be told here.")
        except OSError as error:
            raise click.ClickException(f"That failed: {error}.") from None
    click.echo("It was accepted.")


@alarm.command(cls=Plain)
@click.argument("number", type=int)
def untell(number: int) -> None:
    """Tell nothing at destination NUMBER any more; its address is forgotten."""
    with opened() as ground:
        row = _row(ground, number)
        alerts.remove_destination(ground.database, row.workspace_id, number, ground.clock(), COMMAND)
    click.echo(f"Destination {number} is removed.")


def _row(ground: Ground, number: int) -> Destination:
    with ground.database.read() as db:
        row = db.get(Destination, number)
    if row is None or row.removed is not None:
        raise click.ClickException(f"There is no destination {number}: see flask --app app alarm told")
    return row
