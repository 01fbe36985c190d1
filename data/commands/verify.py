"""Whether the audit holds: of the database, also while it is served, and of a backup."""

from pathlib import Path

import click
from sqlalchemy import select

from data.anchors import Anchored, anchor_path, read_anchors
from data.commands.ground import Ground, Plain, Progress, opened
from data.sealed import verify_backup
from data.settings import load_settings
from data.verification import Report, Verified
from data.verification import verify as walk
from models.audit import INSTALLATION
from models.workspace import Workspace


@click.command(cls=Plain)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.pass_context
def verify(ctx: click.Context, file: Path | None) -> None:
    """Walk every audit chain of the database, or of the backup FILE, and name the first event that does not hold.

    The database may be in use. Its chains are compared with what was anchored beside it too, so that a cut end is
    found. Exit code 1 where something does not hold.
    """
    progress = Progress()

    def report(done: int, total: int) -> None:
        progress("Walking the chains", done / total)

    if file is not None:
        lines, whole = _of_backup(file, report)
    else:
        with opened() as ground:
            lines, whole = _of_database(ground, report)
    progress.done()
    for line in lines:
        click.echo(line)
    if not whole:
        ctx.exit(1)


def _of_backup(file: Path, report: Report) -> tuple[list[str], bool]:
    chains = verify_backup(file, load_settings().audit_key.get_secret_value().encode(), report)
    names = {INSTALLATION: "installation"}
    return [_line(one, names) for one in chains], not any(one.bad for one in chains)


def _of_database(ground: Ground, report: Report) -> tuple[list[str], bool]:
    settings = ground.settings
    anchored = read_anchors(anchor_path(settings.database_url, settings.var), ground.database.audit_key)
    chains = walk(ground.database, anchored, report)
    with ground.database.read() as db:
        slugs = {row.id: row.slug for row in db.execute(select(Workspace.id, Workspace.slug))}
    lines = [_line(one, {INSTALLATION: "installation"} | slugs) for one in chains]
    return [*lines, *_said(anchored)], not (anchored.problem or any(one.bad for one in chains))


def _line(chain: Verified, names: dict[int, str]) -> str:
    name = names.get(chain.workspace_id, f"workspace {chain.workspace_id}")
    return f"{name}: {_verdict(chain)}"


def _verdict(chain: Verified) -> str:
    if chain.bad is None:
        noted = f", anchored {chain.anchored:%d %B %Y %H:%M} UTC" if chain.anchored else ""
        return f"{chain.events:,} events hold{noted}"
    which = f" (id {chain.bad.event_id})" if chain.bad.event_id is not None else ""
    return f"DOES NOT HOLD at event {chain.bad.sequence}{which}: {chain.bad.why}"


def _said(anchored: Anchored) -> list[str]:
    if anchored.problem:
        return [f"The anchors DO NOT HOLD: {anchored.problem}"]
    if anchored.newest is None:
        return ["Nothing is anchored yet: a running server anchors the chains every minute."]
    return []
