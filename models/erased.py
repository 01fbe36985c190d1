"""What stands in the place of an erased contact, and how a post of theirs is known when a network gives it again."""

from models.audit import text_digest

ERASED = "(erased)"
"""Stands where words or a name were."""
HIDDEN = "erased:"
"""How the id of an erased post or person begins."""
SINCE = "contacts erased"
"""The fact of this database that somebody was erased (``models.workspace.Installation``): until then intake asks nothing."""


def erased_id(key: bytes, place: str, network_id: str) -> str:
    """A network's id as it stands after erasure: the same id of one place gives the same, and nobody reads it back.

    ``place`` is the account or the channel that gave the id.
    """
    return HIDDEN + text_digest(key, f"{place}\n{network_id}")
