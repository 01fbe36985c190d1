"""Ten thousand wrong passwords: few reach the hasher, and nobody else notices."""

import time

from data import signing
from data.throttle import Throttle
from models.problems import TooManyTries, WrongSignIn
from tests.rows import NOW, PASSWORD, add_member, add_workspace, open_database


def test_few_of_ten_thousand_wrong_passwords_are_looked_at(database_url, monkeypatch):
    database, throttle = open_database(database_url), Throttle()
    try:
        north = add_workspace(database)
        for name in ("ann", "bob"):
            add_member(database, north, name, "Operator")
        looked, right = [], signing.is_right
        monkeypatch.setattr(signing, "is_right", lambda kept, given: looked.append(given) or right(kept, given))
        refused, began = 0, time.perf_counter()
        for number in range(10_000):
            try:
                signing.sign_in(
                    database, throttle, "ann", f"guess {number}", f"198.51.{number // 250}.{number % 250}", NOW
                )
            except TooManyTries:
                refused += 1
            except WrongSignIn:
                pass
        assert (len(looked), refused) == (30, 9_970)
        assert time.perf_counter() - began < 60
        assert signing.sign_in(database, throttle, "bob", PASSWORD, "192.0.2.1", NOW)
    finally:
        database.close()
