"""Passwords: argon2id with the defaults of RFC 9106 for little memory, never more than two at a time.

One takes about 190 ms and 64 MiB (measured), so that a flood of tries would otherwise eat the machine.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from string import digits, punctuation

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.problems import CommonPassword, TooManyTries

AT_ONCE = 2
PATIENCE = timedelta(seconds=5)
LONGEST = 1024
"""Characters: beyond it a password is wrong without being hashed."""

COMMON = Path(__file__).parent / "common_passwords.txt"
EDGES = digits + punctuation + " "

NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$S4B3u0Can3RM8Qa1djaaYQ$Re5cJYRv1XEp5/6v8vcdqRDralGdjqeMjxLMxgGmmS8"
"""The hash of a password that nobody knows: what an unknown name is checked against, so that it takes as long."""

_hasher = PasswordHasher()
_seats = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _seated() -> Iterator[None]:
    """Raises ``TooManyTries`` where no seat came free in time: better than holding every thread of the server."""
    if not _seats.acquire(timeout=PATIENCE.total_seconds()):
        raise TooManyTries(PATIENCE)
    try:
        yield
    finally:
        _seats.release()


def refuse_common(password: str) -> None:
    """Raise ``CommonPassword`` for one on the list, or one of the list repeated or with digits and signs around it."""
    folded = password.casefold().strip()
    bare = folded.strip(EDGES)
    period = (folded + folded).find(folded, 1)
    if {folded, bare, folded[:period]} & _common() or len(set(folded)) < 4:
        raise CommonPassword


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def hash_password(password: str) -> str:
    """The hash to keep. Slow on purpose: never call it inside a transaction."""
    with _seated():
        return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one hashed; without a hash (unknown name) it takes as long and is False."""
    with _seated():
        try:
            matches = _hasher.verify(password_hash or NOBODYS, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return matches and password_hash is not None and len(password) <= LONGEST
