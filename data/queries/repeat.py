"""How often a contact was in touch lately."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models.conversation import Conversation, Episode

LATELY = timedelta(days=30)

_EPISODES = (
    select(Conversation.contact_id, func.count())
    .join(Episode, Episode.conversation_id == Conversation.id)
    .where(
        Conversation.workspace_id == bindparam("home"),
        Conversation.contact_id.in_(bindparam("contacts", expanding=True)),
        Episode.opened > bindparam("since"),
    )
    .group_by(Conversation.contact_id)
)


def times_in_touch(db: Session, workspace_id: int, contact_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """Episodes of each contact that began in the last 30 days, over all accounts of the channel; none: no key."""
    values = {"home": workspace_id, "contacts": sorted(set(contact_ids)), "since": now - LATELY}
    if not values["contacts"]:
        return {}
    return {row[0]: row[1] for row in db.connection().execute(_EPISODES, values)}
