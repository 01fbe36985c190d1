import pytest

from data.credentials import CredentialsBox
from models.problems import CredentialsLocked

GIVEN = {"bearer_token": "a secret", "consumer_key": "ünïcödé"}


def test_what_was_locked_is_unlocked_with_the_same_key():
    assert CredentialsBox("k" * 32).unlock(CredentialsBox("k" * 32).lock(GIVEN)) == GIVEN


def test_nothing_of_it_can_be_read_in_between():
    locked = CredentialsBox("k" * 32).lock(GIVEN)
    assert "secret" not in locked
    assert "bearer_token" not in locked


def test_the_same_credentials_never_look_the_same():
    box = CredentialsBox("k" * 32)
    assert box.lock(GIVEN) != box.lock(GIVEN)


def test_another_key_does_not_open_it():
    with pytest.raises(CredentialsLocked):
        CredentialsBox("x" * 32).unlock(CredentialsBox("k" * 32).lock(GIVEN))


@pytest.mark.parametrize("stored", ["", "plain words", "gAAAAA"])
def test_what_was_never_locked_does_not_open(stored):
    with pytest.raises(CredentialsLocked):
        CredentialsBox("k" * 32).unlock(stored)


def test_empty_values_are_not_kept():
    box = CredentialsBox("k" * 32)
    assert box.lock({"bearer_token": ""}) is None
    assert box.unlock(None) == {}
