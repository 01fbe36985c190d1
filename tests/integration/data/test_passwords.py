"""Passwords as they are kept: argon2id, never too many at once, as slow for a name that nobody has."""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from data import passwords
from data.passwords import AT_ONCE, LONGEST, NOBODYS, hash_password, is_right
from models.problems import TooManyTries


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own():
    first, second = hash_password("correct horse battery"), hash_password("correct horse battery")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert is_right(first, "correct horse battery")
    assert not is_right(first, "correct horse batterie")


def test_an_unknown_name_is_checked_at_the_same_cost():
    assert not PasswordHasher().check_needs_rehash(NOBODYS)
    assert not is_right(None, "anything at all")


def test_a_hash_that_is_none_lets_nobody_in():
    assert not is_right("", "")
    assert not is_right("no hash", "no hash")


def test_an_endless_password_is_wrong_however_it_begins():
    password = "x" * LONGEST
    kept = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
    assert is_right(kept, password)
    assert not is_right(kept, password + "x")


def test_no_more_are_hashed_at_once_than_the_machine_bears(monkeypatch):
    inside, most, guard = [], [], threading.Lock()
    gate = threading.Event()

    class Slow:
        def hash(self, password):
            with guard:
                inside.append(password)
                most.append(len(inside))
                if len(inside) == AT_ONCE:
                    gate.set()
            assert gate.wait(10)
            with guard:
                inside.remove(password)
            return "hash"

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=hash_password, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == AT_ONCE


def test_who_finds_no_seat_is_told_to_wait(monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE", timedelta(0))
    monkeypatch.setattr(passwords, "_seats", threading.BoundedSemaphore(1))
    with passwords._seated(), pytest.raises(TooManyTries):
        hash_password("correct horse battery")
    assert hash_password("correct horse battery")
