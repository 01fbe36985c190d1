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

    def begin(self, name: str, address: str, known: bool, at: datetime) -> None:
        """Count a try as a wrong one until it proves ``right``, so that of many at once only so many get through.

        Raises ``TooManyTries`` with the wait, and counts nothing. ``known``: this name has signed in from this address.
        """
        with self._guard:
            self._check(name, place_of(address), known, at)
            self._count(name, place_of(address), at)

    def right(self, name: str, address: str) -> None:
        """Forget the wrong tries of a name from the address where it has now signed in."""
        with self._guard:
            self._tries.pop((name, place_of(address)), None)
            self._take_back(name, place_of(address))

    def unseen(self, name: str, address: str) -> None:
        """Nobody has looked at the try that began: it counts nowhere."""
        with self._guard:
            self._take_back(name, place_of(address))

    def _check(self, name: str, place: str, known: bool, at: datetime) -> None:
        limits = {(name, place): BY_PAIR, ("", place): BY_ADDRESS} | ({} if known else {(name, ""): BY_NAME})
        if (longest := max(self._wait(counted, limit, at) for counted, limit in limits.items())) > timedelta(0):
            raise TooManyTries(longest)

    def _count(self, name: str, place: str, at: datetime) -> None:
        for counted in ((name, place), ("", place), (name, "")):
            tries = self._tries.pop(counted, None)
            tries = tries if tries is not None else deque(maxlen=max(BY_PAIR, BY_ADDRESS, BY_NAME))
            tries.append(at)
            self._tries[counted] = tries
        while len(self._tries) > MOST_KEYS:
            del self._tries[next(iter(self._tries))]

    def _take_back(self, name: str, place: str) -> None:
        for counted in ((name, place), ("", place), (name, "")):
            if tries := self._tries.get(counted):
                tries.pop()

    def _wait(self, counted: Counted, limit: int, at: datetime) -> timedelta:
        tries = self._tries.get(counted, ())
        recent = [tried for tried in tries if abs(at - tried) < WINDOW]  # a clock set back locks nobody out for longer
        return recent[-limit] + WINDOW - at if len(recent) >= limit else timedelta(0)
