"""Making the first people from the command line."""

import click
from sqlalchemy import select

from data.administration import create_workspace, slug_of
from data.commands.ground import Ground, Plain, opened
from data.people import create_user, grant
from models.audit import COMMAND
from models.problems import BadValue
from models.workspace import Workspace


@click.command("create-admin", cls=Plain)
@click.argument("sign_in")
@click.option("--name", default="", help="The name colleagues see; the sign-in name where empty.")
@click.option("--workspace", default="", help="Also give them the role Administrator there; made where it is missing.")
@click.password_option(help="Asked for where it is not given. Give none here: others may read the command line.")
def create_admin(sign_in: str, name: str, workspace: str, password: str) -> None:
    """Make an installation administrator who signs in as SIGN_IN: they manage workspaces, users and settings."""
    with opened() as ground:
        at = ground.clock()
        user_id = create_user(
            ground.database, sign_in, name or sign_in, password, at, COMMAND, installation_administrator=True
        )
        click.echo(f"{sign_in} can sign in and manages this installation.")
        if workspace:
            workspace_id = workspace_named(ground, workspace)
            grant(ground.database, workspace_id, user_id, "Administrator", at, COMMAND)
            click.echo(f"{sign_in} is Administrator of the workspace {slug_of(workspace)}.")


def workspace_named(ground: Ground, name: str) -> int:
    """The workspace of that name or slug, made where it is missing. Raises ``BadValue``."""
    slug = slug_of(name)
    if not name.strip():
        raise BadValue("workspace", "give its name")
    with ground.database.read() as db:
        found = db.scalar(select(Workspace.id).where(Workspace.slug == slug))
    return found if found is not None else create_workspace(ground.database, slug, name, ground.clock(), COMMAND)
