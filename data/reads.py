"""When our own posts were read to their end: what the outbox goes by where nobody knows whether a reply was sent."""

from sqlalchemy.orm import Session

from models.outbox import OwnRead
from models.posts import Batch


def note_reads(db: Session, workspace_id: int, account_id: int, batch: Batch) -> None:
    """Keep when the two latest whole readings of each kind began, in the transaction that stores their last page."""
    for kind, began in batch.ours_read.items():
        row = db.get(OwnRead, (workspace_id, account_id, str(kind)))
        if row is None:
            db.add(OwnRead(workspace_id=workspace_id, account_id=account_id, kind=str(kind), latest=began))
        elif began > row.latest:
            row.previous, row.latest = row.latest, began
