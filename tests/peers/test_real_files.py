"""The published sets, read as the product reads them and counted apart from it. Run by `make peers`."""

import csv
import json
import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.channels import connect
from data.channels.adapters import companies
from models.posts import Direction, Kind

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
IDS = {"2013_Australia_bushfire": (1_997, 1_995), "2013_NY_train_crash": (1_084, 1_045)}
LABELLED = {"2013_Australia_bushfire": 1_199, "2013_NY_train_crash": 1_000}


@pytest.fixture(scope="module")
def folder() -> Path:
    where = os.environ.get("PEER_DATA")
    if not where:
        pytest.fail("PEER_DATA does not say where the published sets are")
    return Path(where)


def read_all(path, handle="anyone", page_size=500):
    given = {"path": str(path), "as_recorded": "yes", "page_size": page_size}
    connector = connect("replay", handle=handle, settings=given, credentials={}, clock=lambda: NOW)
    posts, odd, cursor = [], [], None
    while True:
        batch = connector.fetch(cursor)
        posts, odd, cursor = posts + list(batch.posts), odd + list(batch.unreadable), batch.cursor
        if not batch.more:
            return posts, odd


def hour_of(identity):
    return EPOCH + timedelta(hours=((int(identity) >> 22) + 1288834974657) // 3_600_000)


@pytest.mark.parametrize("event", IDS)
def test_ids_of_a_period_are_the_arrival_curve_of_their_own_times(folder, event):
    path = folder / f"crisislex_{event}-tweetids_entire_period.csv"
    with path.open(newline="") as file:
        ids = [row[1].strip() for row in list(csv.reader(file, skipinitialspace=True))[1:]]
    posts, odd = read_all(path)
    assert (len(posts), len({post.network_id for post in posts}), odd) == (*IDS[event], [])
    assert Counter(post.network_id for post in posts) == Counter(ids)
    ours = Counter(
        sent.replace(minute=0, second=0, microsecond=0) for sent in {p.network_id: p.sent for p in posts}.values()
    )
    assert ours == Counter(hour_of(identity) for identity in set(ids))
    assert {(post.kind, post.contact, post.text) for post in posts} == {(Kind.LISTENING, None, "")}
    assert [post.sent for post in posts] == sorted(post.sent for post in posts)


@pytest.mark.parametrize("event", LABELLED)
def test_labelled_posts_all_arrive_with_their_text(folder, event):
    posts, odd = read_all(folder / f"crisislex_{event}-tweets_labeled.csv")
    assert (len({post.network_id for post in posts}), odd) == (LABELLED[event], [])
    assert all(post.text and "&amp;" not in post.text for post in posts)


def test_messages_to_responders_all_arrive(folder):
    posts, odd = read_all(folder / "disaster_response_validation.csv")
    assert (len(posts), len({post.network_id for post in posts}), odd) == (2_337, 2_333, [])
    assert Counter(post.kind for post in posts) == {Kind.PRIVATE: 1_047, Kind.LISTENING: 1_290}
    assert sum(post.text == "" for post in posts) <= 1


def test_each_company_has_the_messages_of_its_own_dialogues(folder):
    path = folder / "ibm_twitter_care_dev.json"
    dialogues = json.loads(path.read_text())
    names = companies(path)
    assert len(names) == 24
    total, outbound, distinct = 0, 0, 0
    for name in names:
        mine = [one for one in dialogues if one["dialogHeader"]["company"] == name]
        posts, odd = read_all(path, handle=name)
        expected = Counter(part["tweet_ID"] for one in mine for part in [*one["dialogContent"], one["agentURL"]])
        assert (Counter(post.network_id for post in posts), odd) == (expected, [])
        assert all(post.contact is not None for post in posts)
        total += len(posts)
        distinct += len(expected)
        outbound += sum(post.direction is Direction.OUT for post in posts)
    assert (total, distinct, outbound) == (1_211, 1_205, 586)


def test_five_messages_and_one_answer_of_the_dialogues_stand_twice(folder):
    path = folder / "ibm_twitter_care_dev.json"
    seen = Counter()
    for name in ("TeamYouTube", "RockstarSupport"):
        seen.update(post.network_id for post in read_all(path, handle=name)[0])
    assert sorted(seen.values(), reverse=True)[:7] == [2] * 6 + [1]


def test_every_time_of_a_dialogue_is_within_a_second_of_what_the_file_says(folder):
    path = folder / "ibm_twitter_care_dev.json"
    told = {
        part["tweet_ID"]: datetime.fromisoformat(part["datetime"])
        for one in json.loads(path.read_text())
        for part in one["dialogContent"]
    }
    for name in companies(path):
        for post in read_all(path, handle=name)[0]:
            if post.network_id in told:
                assert timedelta(0) <= post.sent - told[post.network_id] < timedelta(seconds=1)


def test_a_first_answer_never_comes_before_the_question(folder):
    path = folder / "ibm_twitter_care_dev.json"
    people, pairs = 0, 0
    for name in companies(path):
        asked, answered = {}, {}
        for post in read_all(path, handle=name)[0]:
            first = asked if post.direction is Direction.IN else answered
            first.setdefault(post.contact.network_id, post.sent)
        assert set(answered) <= set(asked)
        assert all(answered[person] > asked[person] for person in answered)
        people += len(asked)
        pairs += len(answered)
    # 521 who began a dialogue and 19 who joined one; of some dialogues only the one or the other was answered
    assert (people, pairs) == (540, 524)


def test_a_poll_of_a_large_file_does_not_read_it_again(tmp_path):
    path = tmp_path / "large.csv"
    line = ",x" + "y" * 180 + "\n"
    with path.open("w") as file:
        file.write("sent,text\n")
        for at in range(500_000):
            file.write((NOW + timedelta(seconds=at)).isoformat() + line)
    given = {"path": str(path), "as_recorded": "yes"}
    connector = connect("replay", handle="anyone", settings=given, credentials={}, clock=lambda: NOW)
    begun = time.perf_counter()
    batch = connector.fetch(None)
    indexed = time.perf_counter() - begun
    begun = time.perf_counter()
    for _ in range(20):
        batch = connector.fetch(batch.cursor)
    page = (time.perf_counter() - begun) / 20
    print(f"\n{path.stat().st_size / 1e6:.0f} MB: indexed in {indexed:.1f} s, then {page * 1e3:.1f} ms a page of 100")
    assert page < indexed / 100


def test_hostile_strings_arrive_as_they_are_written(folder, tmp_path):
    strings = json.loads((folder / "blns.json").read_text())
    lines = [{"network_id": f"n{at}", "sent": NOW.isoformat(), "text": text} for at, text in enumerate(strings)]
    (tmp_path / "posts.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    with (tmp_path / "posts.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, ["network_id", "sent", "text"])
        table.writeheader()
        table.writerows(lines)
    for name in ("posts.jsonl", "posts.csv"):
        posts, odd = read_all(tmp_path / name)
        assert ([post.text for post in posts], odd) == (strings, [])
