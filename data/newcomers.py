"""Rules may ask whether a contact is new: the oldest message of a contact to an account is, every later one is not.

That holds whatever order messages arrive in. A message that turns out not to be the oldest is sorted again.
"""

from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from data.inhand import InHand
from models.conversation import Message
from models.posts import Direction, Kind

_ADDRESSED = (
    Message.account_id == bindparam("account_id"),
    Message.contact_id.in_(bindparam("contact_ids", expanding=True)),
    Message.direction == Direction.IN,
    Message.kind != Kind.LISTENING,
)
_FIRST_SENT = (
    select(Message.contact_id, func.min(Message.sent).label("sent")).where(*_ADDRESSED).group_by(Message.contact_id)
).subquery()
_OLDEST = (
    select(Message.__table__)
    .join(_FIRST_SENT, (_FIRST_SENT.c.contact_id == Message.contact_id) & (_FIRST_SENT.c.sent == Message.sent))
    .where(*_ADDRESSED)
)


def oldest_stored(db: Session, account_id: int, contact_ids: set[int]) -> list[Any]:
    """Rows of the oldest messages that these contacts wrote to the account, several where they were sent at once."""
    asked = {"account_id": account_id, "contact_ids": sorted(contact_ids)}
    return list(db.connection().execute(_OLDEST, asked)) if contact_ids else []


def misjudged(arriving: list[InHand], stored: list[InHand]) -> tuple[InHand | None, list[InHand]]:
    """Of one contact's messages: the one that is new and was sorted as if it were not, and those the other way round.

    ``arriving`` were sorted just now, as by a contact who is known; ``stored`` is the oldest of those stored before.
    """
    before = min(stored, key=lambda one: one.place, default=None)
    oldest = min((*arriving, *stored), key=lambda one: one.place)
    newcomer = oldest if oldest in arriving else None
    return newcomer, [before] if before is not None and before is not oldest else []
