"""The demonstration's data."""

import click

from data.commands.ground import Plain, Progress, opened
from data.database import migrate
from data.reply_rules import furnish


@click.command(cls=Plain)
def demo() -> None:
    """Load the demonstration: eight weeks of invented posts, or only the days that are missing since the last start.

    The database is marked as a demonstration; one that holds real workspaces is refused.
    """
    from data.demonstration import PASSWORD, is_demonstration, load
    from data.demonstration.county import county
    from data.demonstration.shifts import hand_shift_over, keep_skills
    from data.demonstration.working import put_on_desks

    with opened(current=False) as ground:
        migrate(ground.database.url)
        furnish(ground.database, ground.clock())
        progress = Progress()
        ground.anchors.begin_anew_where_empty()
        begins = not is_demonstration(ground.database)
        load(ground.database, ground.clock, progress)
        if begins:
            put_on_desks(ground.database, ground.clock())
            hand_shift_over(ground.database, ground.clock())
            keep_skills(ground.database, ground.clock())
        progress.done()
    click.echo("Everything in this database is invented. Sign in with one of these names:")
    for person in county().places["colleagues"]:
        held = "; ".join(f"{', '.join(roles)} in {slug}" for slug, roles in person["roles"].items())
        held = held or "Installation administrator: workspaces, people and settings, no messages"
        click.echo(f"  {person['sign_in']:<10} {PASSWORD:<18} {person['name']:<18} {held}")
