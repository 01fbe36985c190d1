"""What comparisons are per: figures of places of different size are laid side by side for each hundred messages."""

HUNDRED = 100


def per_hundred(part: int, messages: int) -> float | None:
    """How many for each hundred messages; None without a message."""
    return HUNDRED * part / messages if messages else None


def share_of(part: int, whole: int) -> float | None:
    """A share from 0 to 1; None of nothing."""
    return part / whole if whole else None
