"""What stands in the place of an erased contact, and how a post of theirs is known when a network gives it again."""

from datetime import UTC, datetime

from models.audit import text_digest

ERASED = "(erased)"
"""Stands where words or a name were."""
HIDDEN = "erased:"
"""How the id of an erased post or person begins."""
SINCE = "contacts erased"
"""The fact of this database that somebody was erased (``models.workspace.Installation``): until then intake asks nothing."""


def called(key: int, handle: str, name: str) -> str:
    """What a contact is called where one is asked to type it: some networks give no name, and then it is the number."""
    return handle.strip() or name.strip() or str(key)


def erased_id(key: bytes, place: str, network_id: str) -> str:
    """A network's id as it stands after erasure: the same id of one place gives the same, and nobody reads it back.

    ``place`` is the account or the channel that gave the id.
    """
    return HIDDEN + text_digest(key, f"{place}\n{network_id}")


TO_SCOUR = "files to clean"
"""The fact of this database that its files hold old pages of what was erased; the value is when that was asked last."""
SMALL = 256 * 1024 * 1024
"""Bytes up to which a database is written anew at any hour: it takes a second or two, in which writers wait."""
QUIET = range(1, 5)
"""Hours of the day (UTC) in which a larger one is."""


def may_scour(size: int, at: datetime) -> bool:
    """Whether the database's files may be cleaned now; ``size`` is in bytes."""
    return size <= SMALL or at.astimezone(UTC).hour in QUIET
