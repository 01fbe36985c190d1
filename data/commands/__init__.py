"""Commands of ``flask --app app``: everything that is done beside the server. None of them polls a network by itself."""

import click

from data.commands.account import account
from data.commands.administrator import create_admin
from data.commands.alarm import alarm
from data.commands.contact import contact
from data.commands.demo import demo
from data.commands.kiosk import kiosk
from data.commands.replay import replay
from data.commands.replies import replies
from data.commands.upkeep import backup, migrate, rebuild, restore, status
from data.commands.verify import verify

COMMANDS: tuple[click.Command, ...] = (
    account,
    alarm,
    backup,
    contact,
    create_admin,
    demo,
    kiosk,
    migrate,
    rebuild,
    replay,
    replies,
    restore,
    status,
    verify,
)

__all__ = ["COMMANDS", "register"]


def register(group: click.Group) -> None:
    """Add the commands to ``group`` (the application's own)."""
    for command in COMMANDS:
        group.add_command(command)
