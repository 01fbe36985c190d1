"""How times are stored on either database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from models.base import UtcDateTime

NOON = datetime(2026, 7, 1, 12, 0, 0, 7, tzinfo=UTC)
SUMMER = NOON.astimezone(timezone(timedelta(hours=1)))
DIALECTS = {"sqlite": sqlite.dialect(), "postgres": postgresql.dialect()}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_instant_comes_back_as_it_was_to_the_microsecond_and_in_utc(dialect):
    kind = UtcDateTime()
    stored = kind.process_bind_param(SUMMER, DIALECTS[dialect])
    found = kind.process_result_value(stored, DIALECTS[dialect])
    assert (found, found.tzinfo) == (NOON, UTC)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_time_is_no_time(dialect):
    kind = UtcDateTime()
    assert kind.process_bind_param(None, DIALECTS[dialect]) is None
    assert kind.process_result_value(None, DIALECTS[dialect]) is None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_time_without_a_zone_is_refused(dialect):
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().process_bind_param(NOON.replace(tzinfo=None), DIALECTS[dialect])
