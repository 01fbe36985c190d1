"""Slows down guessing of passwords: wrong tries are counted in memory, by name and address.

Three counts, so that one attacker never locks everybody out: a name from one address; all names from one address; a
name from everywhere, which holds only for addresses that name has never signed in from.
"""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from models.problems import TooManyTries

WINDOW = timedelta(minutes=15)
BY_PAIR = 5
BY_ADDRESS = 60
BY_NAME = 30
MOST_KEYS = 20_000
"""Counts kept at once; the ones longest untouched go first, so that a flood of names cannot fill the memory."""

Counted = tuple[str, str]


def place_of(address: str) -> str:
    """What counts as one address: of IPv6 the network, as every household has 2^64 addresses in one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ip_network((found, 64), strict=False))
    return str(found.ipv4_mapped or found) if found.version == 6 else address


@dataclass
class Throttle:
    """Wrong tries of the last ``WINDOW``. Safe to share between threads; forgets everything at a restart."""

    _tries: dict[Counted, deque[datetime]] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def check(self, name: str, address: str, known: bool, at: datetime) -> None:
        """Raise ``TooManyTries`` with the wait. ``known``: this name has signed in from this address before."""
        address = place_of(address)
        limits = {(name, address): BY_PAIR, ("", address): BY_ADDRESS} | ({} if known else {(name, ""): BY_NAME})
        with self._guard:
            waits = [self._wait(counted, limit, at) for counted, limit in limits.items()]
        if (longest := max(waits)) > timedelta(0):
            raise TooManyTries(longest)

    def wrong(self, name: str, address: str, at: datetime) -> None:
        """Count one wrong try."""
        address = place_of(address)
        with self._guard:
            for counted in ((name, address), ("", address), (name, "")):
                tries = self._tries.pop(counted, None)
                tries = tries if tries is not None else deque(maxlen=max(BY_PAIR, BY_ADDRESS, BY_NAME))
                tries.append(at)
                self._tries[counted] = tries
            while len(self._tries) > MOST_KEYS:
                del self._tries[next(iter(self._tries))]

    def right(self, name: str, address: str) -> None:
        """Forget the wrong tries of a name from the address where it has now signed in."""
        with self._guard:
            self._tries.pop((name, place_of(address)), None)

    def _wait(self, counted: Counted, limit: int, at: datetime) -> timedelta:
        tries = self._tries.get(counted, ())
        recent = [tried for tried in tries if abs(at - tried) < WINDOW]  # a clock set back locks nobody out for longer
        return recent[-limit] + WINDOW - at if len(recent) >= limit else timedelta(0)
