"""Our handles on the networks: account add, test, rotate, pause, resume, list."""

import json
from collections.abc import Iterable
from typing import Any, TextIO

import click
from sqlalchemy import select

from data import accounts
from data.channels import CONNECTORS, Offer
from data.commands.ground import Ground, Plain, opened
from data.readiness import account_facts
from models.audit import COMMAND
from models.workspace import Account, Workspace

FROM_FILE = click.option(
    "--credentials",
    "file",
    type=click.File(),
    help='A file of credentials as JSON, such as {"bearer_token": "..."}; - reads it from standard input. Without it you '
    "are asked for each, and what you type is not shown.",
)


@click.group()
def account() -> None:
    """Our handles on the networks: what is read, how often, with which credentials."""


@account.command(cls=Plain)
@click.argument("connector", type=click.Choice(sorted(CONNECTORS)))
@click.argument("handle")
@click.option("--workspace", default=None, help="The workspace's short name; needed where there are several.")
@click.option(
    "--channel", default="", help="The network people see, such as facebook; the connector's own where empty."
)
@click.option("--interval", default=accounts.DEFAULT_INTERVAL, show_default=True, help="Seconds between two polls.")
@click.option(
    "--budget", type=int, default=None, help="Posts that may be read in a calendar month; no limit where unset."
)
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of the connector; may be repeated."
)
@FROM_FILE
def add(
    connector: str,
    handle: str,
    workspace: str | None,
    channel: str,
    interval: int,
    budget: int | None,
    settings: tuple[str, ...],
    file: TextIO | None,
) -> None:
    """Add the account HANDLE, read by CONNECTOR. A running server asks it within ten seconds."""
    with opened() as ground:
        workspace_id = ground.workspace_id(workspace or ground.only_workspace())
        new = accounts.NewAccount(
            connector,
            handle,
            channel=channel,
            interval=interval,
            budget=budget,
            settings=dict(map(_setting, settings)),
            credentials=_credentials(CONNECTORS[connector], file),
        )
        number = accounts.add_account(ground.database, ground.box, workspace_id, new, ground.clock, COMMAND)
    click.echo(f"{handle} is account {number}. Try it: flask --app app account test {number}")


@account.command(cls=Plain)
@click.argument("number", type=int)
def test(number: int) -> None:
    """Ask the network whose credentials account NUMBER has."""
    with opened() as ground:
        row = _row(ground, number)
        said = accounts.test_account(
            ground.database, ground.box, row.workspace_id, number, ground.clock, COMMAND
        ).removeprefix("@")
    click.echo(f"The network answers: these are the credentials of @{said}.")
    if said.casefold() != row.handle.removeprefix("@").casefold():
        click.echo(f"The account is called {row.handle}: are they the right ones?")


@account.command(cls=Plain)
@click.argument("number", type=int)
@FROM_FILE
def rotate(number: int, file: TextIO | None) -> None:
    """Give account NUMBER new credentials. The old ones are gone; neither are ever shown."""
    with opened() as ground:
        row = _row(ground, number)
        offer = CONNECTORS[row.connector]
        if not offer.credentials:
            raise click.ClickException(f"{offer.label} needs no credentials.")
        accounts.rotate_credentials(
            ground.database,
            ground.box,
            row.workspace_id,
            number,
            _credentials(offer, file),
            ground.clock,
            COMMAND,
        )
    click.echo(f"{row.handle} has new credentials. Try them: flask --app app account test {number}")


@account.command(cls=Plain)
@click.argument("number", type=int)
def pause(number: int) -> None:
    """Stop reading account NUMBER until it is resumed."""
    with opened() as ground:
        row = _row(ground, number)
        accounts.pause_account(ground.database, row.workspace_id, number, ground.clock(), COMMAND)
    click.echo(f"{row.handle} is paused.")


@account.command(cls=Plain)
@click.argument("number", type=int)
def resume(number: int) -> None:
    """Read account NUMBER again, from where it stopped."""
    with opened() as ground:
        row = _row(ground, number)
        accounts.resume_account(ground.database, row.workspace_id, number, ground.clock(), COMMAND)
    click.echo(f"{row.handle} is read again.")


@account.command("list", cls=Plain)
def list_accounts() -> None:
    """List all accounts and how each stands."""
    with opened() as ground, ground.database.read() as db:
        found = account_facts(db, ground.clock())
    if not found:
        click.echo("There is no account yet: flask --app app account add --help")
    for one in found:
        budget = (
            f"{one.reads:,} of {one.budget:,} this month" if one.budget is not None else f"{one.reads:,} this month"
        )
        last = f"{one.last_success:%Y-%m-%d %H:%M} UTC" if one.last_success else "never read"
        click.echo(
            f"{one.id:>4}  {one.workspace:<16} {one.channel:<10} {one.handle:<28} {one.state:<8} every {one.interval} s"
            f"  {last}  {budget}{f'  {one.reason}' if one.reason else ''}"
        )


def _row(ground: Ground, number: int) -> Account:
    with ground.database.read() as db:
        row = db.scalar(
            select(Account).join(Workspace, Workspace.id == Account.workspace_id).where(Account.id == number)
        )
    if row is None:
        raise click.ClickException(f"There is no account {number}: see flask --app app account list")
    return row


def _setting(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{given!r} is not NAME=VALUE", param_hint="--set")
    return name.strip(), value


def _credentials(offer: Offer, file: TextIO | None) -> dict[str, str]:
    """From a file, or asked for one by one without showing what is typed; never from the command line."""
    if file is not None:
        return _read(file, (need.name for need in offer.credentials))
    return {
        need.name: click.prompt(f"{need.name} ({need.help})", hide_input=True, default="", show_default=False)
        for need in offer.credentials
    }


def _read(file: TextIO, names: Iterable[str]) -> dict[str, str]:
    try:
        given: Any = json.load(file)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise click.BadParameter(
            f"give one JSON object of texts, with any of: {', '.join(names)}", param_hint="--credentials"
        )
    return given
