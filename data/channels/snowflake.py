"""The time that an X id carries: ms since 1970 = (id >> 22) + 1288834974657 (ids from November 2010 on)."""

from datetime import UTC, datetime, timedelta

_EPOCH_MS = 1_288_834_974_657
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def time_of(identity: str) -> datetime:
    """Give the time in an id (UTC, to the millisecond). Raises ``ValueError`` where it is no such id."""
    if not (identity.isascii() and identity.isdigit() and len(identity) <= 19):
        raise ValueError("its id carries no time")
    return _EPOCH + ((int(identity) >> 22) + _EPOCH_MS) * _MILLISECOND


def id_at(at: datetime) -> int:
    """Give the least id of an instant; 0 for instants before there were such ids."""
    return max(0, (at - _EPOCH) // _MILLISECOND - _EPOCH_MS) << 22
