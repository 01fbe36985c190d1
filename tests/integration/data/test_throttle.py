"""Ten thousand wrong passwords: few reach the hasher, and nobody else notices."""

import time

from data import signing
from data.throttle import Throttle
from models.problems import TooManyTries, WrongSignIn
from tests.rows import NOW, PASSWORD, add_member, add_workspace, open_database


def test_few_of_ten_thousand_wrong_passwords_are_looked_at(database_url, monkeypatch, rounds):
    """A tenth of them without ``--proof``."""
    guesses = rounds(10_000)
    database, throttle = open_database(database_url), Throttle()
    try:
        north = add_workspace(database)
        for name in ("ann", "bob"):
            add_member(database, north, name, "Operator")
        looked, right = [], signing.is_right
        monkeypatch.setattr(signing, "is_right", lambda kept, given: looked.append(given) or right(kept, given))
        refused, began = 0, time.process_time()
        for number in range(guesses):
            try:
                signing.sign_in(
                    database, throttle, "ann", f"guess {number}", f"198.51.{number // 250}.{number % 250}", NOW
                )
            except TooManyTries:
                refused += 1
            except WrongSignIn:
                pass
        assert (len(looked), refused) == (30, guesses - 30)
        assert time.process_time() - began < guesses / 200  # five thousandths of a second each, whoever else works here
        assert signing.sign_in(database, throttle, "bob", PASSWORD, "192.0.2.1", NOW)
    finally:
        database.close()
