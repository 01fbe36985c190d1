"""The only place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant, aware UTC. Everything that needs the time takes one as an argument."""


def utc_now() -> datetime:
    """The present instant, aware UTC."""
    return datetime.now(UTC)
