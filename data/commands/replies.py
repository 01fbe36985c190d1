"""What a workspace decides about its replies: templates, blocked words, approval by a second person."""

import click

from data import reply_rules
from data.commands.ground import Ground, Plain, opened
from models.audit import COMMAND

_WORKSPACE = click.option(
    "--workspace", default=None, help="The workspace's short name; needed where there are several."
)


def _home(ground: Ground, workspace: str | None) -> int:
    return ground.workspace_id(workspace or ground.only_workspace())


@click.group()
def replies() -> None:
    """Templates, blocked words, and grades whose replies two people see."""


@replies.command("list", cls=Plain)
@_WORKSPACE
def list_all(workspace: str | None) -> None:
    """List templates and blocked words."""
    with opened() as ground, ground.database.read() as db:
        home = _home(ground, workspace)
        for row in reply_rules.templates(db, home):
            click.echo(f"{row.id:>4}  {row.language}  {row.name}: {row.text}")
        for row in reply_rules.templates(db, home, retired=True):
            click.echo(f"{row.id:>4}  {row.language}  {row.name} (retired {row.retired:%Y-%m-%d})")
        for word in reply_rules.blocked_words(db, home):
            click.echo(f"Blocked: {word}")


@replies.command("add-template", cls=Plain)
@click.argument("name")
@click.argument("text")
@click.option("--language", default="en", show_default=True, help="The language of its text.")
@_WORKSPACE
def add_template(name: str, text: str, language: str, workspace: str | None) -> None:
    """Offer TEXT under NAME. Variables such as {contact} and {opening hours} are filled in where it is chosen."""
    with opened() as ground:
        home = _home(ground, workspace)
        key = reply_rules.create_template(ground.database, home, name, text, ground.clock(), COMMAND, language)
    click.echo(f"Template {key} is offered from now on.")


@replies.command("retire-template", cls=Plain)
@click.argument("number", type=int)
@_WORKSPACE
def retire_template(number: int, workspace: str | None) -> None:
    """Offer template NUMBER (see `replies list`) to nobody any more."""
    with opened() as ground:
        reply_rules.retire_template(ground.database, _home(ground, workspace), number, ground.clock(), COMMAND)
    click.echo(f"Template {number} is retired.")


@replies.command(cls=Plain)
@click.argument("word")
@_WORKSPACE
def block(word: str, workspace: str | None) -> None:
    """Refuse every reply that holds WORD, a word or a phrase."""
    with opened() as ground:
        reply_rules.block_word(ground.database, _home(ground, workspace), word, ground.clock(), COMMAND)
    click.echo("No reply may hold it from now on.")


@replies.command(cls=Plain)
@click.argument("word")
@_WORKSPACE
def unblock(word: str, workspace: str | None) -> None:
    """Let replies hold WORD again."""
    with opened() as ground:
        reply_rules.unblock_word(ground.database, _home(ground, workspace), word, ground.clock(), COMMAND)
    click.echo("Replies may hold it again.")


@replies.command(cls=Plain)
@click.argument("grade")
@click.argument("state", type=click.Choice(["on", "off"]))
@_WORKSPACE
def approval(grade: str, state: str, workspace: str | None) -> None:
    """Ask a second person before a reply to a conversation of GRADE (its key, such as emergency) leaves: on or off."""
    with opened() as ground:
        home = _home(ground, workspace)
        reply_rules.set_approval(ground.database, home, grade, state == "on", ground.clock(), COMMAND)
    click.echo(f"Replies to {grade} conversations {'wait for' if state == 'on' else 'need no'} second person.")
