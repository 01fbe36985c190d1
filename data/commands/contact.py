"""The people outside, and their rights: contact find, pack, erase."""

import json
import os
from pathlib import Path

import click
from sqlalchemy import select

from data.commands.ground import Ground, Plain, opened
from data.erasing import erase_contact
from data.scouring import scour
from data.subject_access import access_pack
from models.audit import COMMAND
from models.conversation import Contact

_WORKSPACE = click.option(
    "--workspace", default=None, help="The workspace's short name; needed where there are several."
)


def _home(ground: Ground, workspace: str | None) -> int:
    return ground.workspace_id(workspace or ground.only_workspace())


@click.group()
def contact() -> None:
    """The people outside: find one by handle, give them what is held, erase them."""


@contact.command(cls=Plain)
@click.argument("handle")
@_WORKSPACE
def find(handle: str, workspace: str | None) -> None:
    """List the numbers of the contacts called HANDLE."""
    with opened() as ground, ground.database.read() as db:
        wanted = Contact.workspace_id == _home(ground, workspace), Contact.handle == handle
        found = list(db.scalars(select(Contact).where(*wanted).order_by(Contact.id)))
    for one in found:
        click.echo(f"{one.id:>6}  {one.channel:<10} {one.handle}  {one.name}  since {one.first_seen:%Y-%m-%d}")
    if not found:
        click.echo("Nobody there is called so now. A handle is written as it is shown.")


@contact.command(cls=Plain)
@click.argument("number", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_WORKSPACE
def pack(number: int, file: Path, workspace: str | None) -> None:
    """Write all that is held of contact NUMBER to FILE as JSON, for a subject-access request. FILE must not exist."""
    with opened() as ground:
        home = _home(ground, workspace)
        if file.exists():
            raise click.ClickException(f"{file} exists already: give another name.")
        held = access_pack(ground.database, home, number, ground.clock(), COMMAND)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(held, out, indent=2, ensure_ascii=False)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written ({error.strerror}).") from None
    click.echo(f"{file} holds {len(held['messages'])} messages. Read it whole before you hand it over.")


@contact.command(cls=Plain)
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why: the number of the request. It stays in the audit: write no name.")
@_WORKSPACE
def erase(number: int, reason: str, workspace: str | None) -> None:
    """Erase contact NUMBER (see `contact find`) for good. You are asked to type their handle."""
    with opened() as ground:
        home = _home(ground, workspace)
        with ground.database.read() as db:
            handle = db.scalar(select(Contact.handle).where(Contact.workspace_id == home, Contact.id == number))
        if handle is None:
            raise click.ClickException("There is no such contact in that workspace.")
        if click.prompt("Nothing brings them back. Type the handle to erase") != handle:
            raise click.ClickException("That is not their handle. Nothing was changed.")
        done = erase_contact(ground.database, home, number, reason, ground.clock(), COMMAND)
        click.echo(
            f"Erased. Identities: {done.contacts}, conversations: {done.conversations}, messages: {done.messages}."
        )
        clean = scour(ground.database)
    if not clean:
        raise click.ClickException("The file beside the database still holds old pages: run `contact scour` again.")


@contact.command("scour", cls=Plain)
def scour_again() -> None:
    """Clean the database's own files of what was erased. May run again; it writes the database anew."""
    with opened() as ground:
        clean = scour(ground.database)
    if not clean:
        raise click.ClickException("Somebody was reading the whole time: run it again in a quiet minute.")
    click.echo("The database's files hold nothing of what was erased.")
