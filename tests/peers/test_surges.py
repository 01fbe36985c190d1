"""Bursts in weeks made of real days: found within five minutes, and quiet weeks are left in peace."""

import csv
import json
import os
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from models.surges import HOUR, LOOK_BACK, MINUTE, burst, expected

FOLDER = Path(os.environ["PEER_DATA"])
DAY = timedelta(days=1)
BEGAN = datetime(2026, 6, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KNOWN, QUIET = 8, 4
"""Weeks that are known before, and weeks that are watched."""
TWITTER = 1_288_834_974_657


def at(key):
    return EPOCH + timedelta(milliseconds=(int(key) >> 22) + TWITTER)


def ids(name):
    text = (FOLDER / f"crisislex_{name}-tweetids_entire_period.csv").read_text(encoding="utf-8")
    return sorted(at(row[1]) for row in list(csv.reader(text.splitlines()))[1:])


def real_days():
    """Times of day of real days of eight messages or more: of companies' help desks, and around a bushfire, not in it."""
    dialogues = json.loads((FOLDER / "ibm_twitter_care_dev.json").read_text(encoding="utf-8"))
    asked = {
        one["tweet_ID"] for found in dialogues for one in found["dialogContent"] if {"client", "client1"} & one.keys()
    }
    times = [at(key) for key in asked] + [one for one in ids("2013_Australia_bushfire") if not 17 <= one.day <= 24]
    days = defaultdict(list)
    for one in times:
        days[one.date()].append(one - datetime(one.year, one.month, one.day, tzinfo=UTC))
    return [found for _, found in sorted(days.items()) if len(found) >= 8]


def weeks(busy, rng):
    days = real_days()
    begins = [BEGAN + number * DAY for number in range(7 * (KNOWN + QUIET))]
    return sorted(day + offset for day in begins for _ in range(busy) for offset in rng.choice(days))


class Hours:
    def __init__(self, times):
        self.counts = Counter((one - BEGAN) // HOUR for one in times)
        self.kept = {}

    def __call__(self, moment):
        hour = (moment - BEGAN) // HOUR
        if hour not in self.kept:
            self.kept[hour] = expected(
                [self.counts[hour - 168 * week + beside] for week in range(1, KNOWN + 1) for beside in (-1, 0, 1)]
            )
        return self.kept[hour]


def surge_at(times, moment, known):
    return burst(times[bisect_left(times, moment - LOOK_BACK) : bisect_right(times, moment)], moment, known)


def train_crash():
    """The first hour of posts on a real train crash, from its first dense minute on."""
    times = ids("2013_NY_train_crash")
    first = next(one for place, one in enumerate(times) if times[place + 4] - one < 5 * MINUTE)
    return [one - first for one in times if first <= one < first + HOUR]


@pytest.mark.parametrize(("busy", "tight"), [(1, 4), (5, 5), (20, 12)])
def test_bursts_in_real_curves_are_found_and_quiet_weeks_are_left_in_peace(busy, tight):
    """``busy`` real days lie over one another (about 20 messages a day each); the crash comes ``tight`` times as fast."""
    rng = Random(busy)
    times = weeks(busy, rng)
    known, begins = Hours(times), BEGAN + 7 * KNOWN * DAY
    alarms, last = 0, begins - HOUR
    for minute in range(7 * QUIET * 24 * 60):
        moment = begins + minute * MINUTE
        if times and surge_at(times, moment, known) is not None:
            alarms += moment - last > MINUTE
            last = moment
    found = []
    crash = [offset / tight for offset in train_crash()]
    for _ in range(100):
        start = begins + rng.random() * (7 * QUIET - 1) * DAY
        mixed = sorted([*times, *(start + offset for offset in crash)])
        before = surge_at(times, start, known) is not None
        found.append(not before and any(surge_at(mixed, start + n * MINUTE, known) for n in range(1, 6)))
    size = sum(offset <= 5 * MINUTE for offset in crash)
    print(
        f"{20 * busy} a day: {alarms / QUIET} false alarms a week, {sum(found)}% of bursts of {size} in five minutes found"
    )
    assert alarms / QUIET < 1
    assert sum(found) >= 95
