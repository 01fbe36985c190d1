"""Screens on a wall: kiosk create, list, revoke."""

import click
from sqlalchemy import select

from data.commands.ground import Plain, opened
from data.kiosks import BOARDS, create_kiosk, revoke_kiosk
from models.audit import COMMAND
from models.workspace import Kiosk, Workspace


@click.group()
def kiosk() -> None:
    """Screens on a wall, each with a link of its own that can be revoked."""


@kiosk.command(cls=Plain)
@click.argument("name")
@click.option("--workspace", default=None, help="The workspace's short name; needed where there are several.")
@click.option("--board", type=click.Choice(BOARDS), default=BOARDS[0], show_default=True, help="What it shows first.")
def create(name: str, workspace: str | None, board: str) -> None:
    """Make a kiosk called NAME, such as where it hangs, and print its link. The link is shown this once."""
    with opened() as ground:
        workspace_id = ground.workspace_id(workspace or ground.only_workspace())
        token = create_kiosk(ground.database, workspace_id, name, board, ground.clock(), COMMAND)
        click.echo(f"Open this on the screen {name}; it is shown this once:")
        click.echo(f"{ground.settings.address}/kiosk/{token}")


@kiosk.command("list", cls=Plain)
def list_kiosks() -> None:
    """List all kiosks."""
    with opened() as ground, ground.database.read() as db:
        rows = db.execute(
            select(Kiosk, Workspace.slug).join(Workspace, Workspace.id == Kiosk.workspace_id).order_by(Kiosk.id)
        ).all()
    if not rows:
        click.echo("There is no kiosk yet.")
    for row, slug in rows:
        standing = f"revoked {row.revoked:%Y-%m-%d}" if row.revoked else f"since {row.created:%Y-%m-%d}"
        click.echo(f"{row.id:>4}  {slug:<20} {row.board:<10} {standing:<20} {row.name}")


@kiosk.command(cls=Plain)
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Revoke kiosk NUMBER (see `kiosk list`): its screen goes dark within seconds and its link works no more."""
    with opened() as ground:
        with ground.database.read() as db:
            workspace_id = db.scalar(select(Kiosk.workspace_id).where(Kiosk.id == number))
        if workspace_id is None:
            raise click.ClickException(f"There is no kiosk {number}: see flask --app app kiosk list")
        revoke_kiosk(ground.database, workspace_id, number, ground.clock(), COMMAND)
    click.echo(f"Kiosk {number} is revoked.")
