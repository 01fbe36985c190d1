"""X's connector against a small X on loopback: what it reads, in which order, and what a broken poll costs."""

import json
from datetime import timedelta

import pytest

from data.channels.contract import NetworkFault, NotAllowed, Unreachable
from models.posts import Author, Direction, Kind, Media
from tests.integration.data.channels.conftest import FOUR_KEYS, NOON, direct, mention, own_post
from tests.x_server import ME, Fault, reset, x_id, x_time

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ANN = Author("2000", "ann_outside", "Ann", 7)


def texts(posts):
    return [post.text for post in posts]


def test_a_mention_becomes_an_inbound_public_post_with_its_author(x, reader):
    x.mentions = [mention(NOON - MINUTE, "@northshire a tree &amp; a wire are down", lang="en")]
    [post] = reader().poll()
    assert (post.kind, post.direction, post.contact) == (Kind.PUBLIC, Direction.IN, ANN)
    assert (post.text, post.sent, post.language) == ("@northshire a tree & a wire are down", NOON - MINUTE, "en")
    assert post.version_id == post.network_id == x.mentions[0]["id"]
    assert post.edited is None


def test_our_own_reply_written_elsewhere_is_outbound_and_names_whom_it_answers(x, reader):
    question = mention(NOON - 2 * MINUTE)
    x.mentions = [question]
    x.own = [
        own_post(
            NOON - MINUTE,
            in_reply_to_user_id="2000",
            referenced_tweets=[{"type": "replied_to", "id": question["id"]}],
        )
    ]
    answer = next(post for post in reader().poll() if post.direction is Direction.OUT)
    assert (answer.contact, answer.parent_id, answer.automatic) == (ANN, question["id"], False)


def test_a_post_that_goes_on_from_our_own_answers_nobody(x, reader):
    x.own = [own_post(NOON - MINUTE, in_reply_to_user_id=ME)]
    assert [post.contact for post in reader().poll()] == [None]


def test_a_post_of_an_app_listed_as_automatic_is_automatic(x, reader):
    x.own = [own_post(NOON - MINUTE, source="Night Robot"), own_post(NOON - 2 * MINUTE, source="A web page")]
    assert [post.automatic for post in reader(automatic_sources="night robot").poll()] == [True, False]


def test_a_direct_message_is_private_in_both_directions(x, reader):
    x.events = [direct(NOON - 2 * MINUTE), direct(NOON - MINUTE, "of course", sender_id=ME)]
    ours, theirs = reader().poll()
    assert (theirs.kind, theirs.direction, theirs.contact) == (Kind.PRIVATE, Direction.IN, ANN)
    assert (ours.kind, ours.direction, ours.contact) == (Kind.PRIVATE, Direction.OUT, ANN)


def test_a_message_of_ours_to_a_group_answers_nobody_in_particular(x, reader):
    x.events = [direct(NOON - MINUTE, sender_id=ME, dm_conversation_id="777000")]
    assert [post.contact for post in reader().poll()] == [None]


def test_an_app_token_reads_public_posts_and_asks_for_no_messages(x, reader):
    x.mentions, x.events = [mention(NOON - MINUTE)], [direct(NOON - MINUTE)]
    assert [post.kind for post in reader({"bearer_token": "t-public"}).poll()] == [Kind.PUBLIC]
    assert x.asked("dm_events") == []
    assert set(x.signed) == {"Bearer t-public"}


def test_the_four_keys_sign_each_call_for_the_address_it_goes_to(x, reader):
    reader().poll()
    assert all(header.startswith("OAuth ") and "oauth_signature=" in header for header in x.signed)


def test_an_author_that_x_does_not_tell_is_kept_by_id_alone(x, reader):
    x.mentions = [mention(NOON - MINUTE, author_id="4040")]
    assert [post.contact for post in reader().poll()] == [Author("4040", "", "", None)]


def test_a_post_without_any_author_has_no_contact(x, reader):
    x.mentions = [mention(NOON - MINUTE)]
    del x.mentions[0]["author_id"]
    assert [post.contact for post in reader().poll()] == [None]


def test_media_keep_their_kind_and_alternative_text(x, reader):
    x.media = [
        {"media_key": "3_1", "type": "photo", "alt_text": "a flooded road"},
        {"media_key": "7_1", "type": "video"},
    ]
    x.mentions = [mention(NOON - MINUTE, attachments={"media_keys": ["3_1", "7_1", "9_9"]})]
    [post] = reader().poll()
    assert post.media == (Media("photo", "a flooded road"), Media("video"), Media("file"))


def test_a_long_post_is_read_whole(x, reader):
    x.mentions = [mention(NOON - MINUTE, "cut sho…", note_tweet={"text": "cut short by X, whole here"})]
    assert texts(reader().poll()) == ["cut short by X, whole here"]


def test_a_withheld_post_says_so(x, reader):
    x.mentions = [mention(NOON - MINUTE, withheld={"copyright": False, "country_codes": ["GB"]})]
    del x.mentions[0]["text"]
    assert texts(reader().poll()) == ["[withheld by X in GB]"]


def test_a_repost_is_listening(x, reader):
    x.mentions = [mention(NOON - MINUTE, referenced_tweets=[{"type": "retweeted", "id": "5"}])]
    assert [post.kind for post in reader().poll()] == [Kind.LISTENING]


def test_a_time_in_whole_seconds_is_read(x, reader):
    x.mentions = [mention(NOON - MINUTE, created_at="2026-11-23T11:59:00Z")]
    assert [post.sent for post in reader().poll()] == [NOON - MINUTE]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"created_at": "yesterday"}, "its time cannot be read"),
        ({"text": None}, "it has no text"),
        ({"id": "abc", "edit_history_tweet_ids": []}, "it has no id"),
    ],
)
def test_one_odd_post_goes_to_quarantine_and_the_others_arrive(x, connected, change, reason):
    good = mention(NOON - MINUTE, "good")
    page = {"data": [{**mention(NOON - 2 * MINUTE, "odd"), **change}, good], "meta": {"result_count": 2}}
    x.answers[f"/2/users/{ME}/mentions"] = page
    batch = connected().fetch(None)
    assert texts(batch.posts) == ["good"]
    assert [odd.reason for odd in batch.unreadable] == [reason]
    assert batch.fetched == batch.reads == 2
    assert json.loads(batch.unreadable[0].raw)["author_id"] == "2000"


def test_pages_are_read_one_at_a_time_until_none_is_left(x, reader):
    x.mentions = [mention(NOON - MINUTE * at, f"number {at}") for at in range(1, 13)]
    polling = reader(page_size=5)
    assert texts(polling.poll()) == [f"number {at}" for at in range(1, 13)]
    assert [batch.reads for batch in polling.batches[:3]] == [5, 5, 2]
    assert polling.batches[-1].more is False


def test_a_poll_that_breaks_half_way_goes_on_at_the_next_page(x, reader):
    x.mentions = [mention(NOON - MINUTE * at, f"number {at}") for at in range(1, 13)]
    polling = reader(page_size=5)
    x.faults = [Fault("/mentions", act=reset, times=0)]
    first = polling.connector.fetch(None)
    polling.cursor = first.cursor
    x.faults[0].times = 1
    with pytest.raises(Unreachable):
        polling.poll()
    assert texts(first.posts) + texts(polling.poll()) == [f"number {at}" for at in range(1, 13)]


def test_a_post_that_x_lists_late_is_found_by_the_overlap(x, reader, clock):
    x.mentions = [mention(NOON - MINUTE, "on time")]
    polling = reader()
    polling.poll()
    clock.pass_by(minutes=1)
    x.mentions.append(mention(NOON - 5 * MINUTE, "late"))
    assert "late" in texts(polling.poll())


def test_a_quiet_account_costs_no_reads_once_its_overlap_was_read_again(x, reader, clock):
    x.mentions = [mention(NOON - MINUTE)]
    polling = reader()
    reads = []
    for _ in range(14):
        before = len(polling.batches)
        polling.poll()
        reads.append(sum(batch.reads for batch in polling.batches[before:]))
        clock.pass_by(minutes=1)
    assert reads == [1] * 11 + [0] * 3
    x.mentions.append(mention(NOON + 20 * MINUTE, "news"))
    assert texts(polling.poll()) == ["news"]


def test_a_first_poll_goes_back_seven_days(x, reader):
    x.mentions = [mention(NOON - timedelta(days=8), "old"), mention(NOON - timedelta(days=6), "newer")]
    x.events = [direct(NOON - timedelta(days=8)), direct(NOON - timedelta(days=6))]
    polling = reader()
    polling.poll()
    assert x.asked("/mentions")[0]["since_id"] == x_id(NOON - timedelta(days=7))


def test_messages_are_read_back_to_where_the_last_poll_ended(x, reader, clock):
    x.events = [direct(NOON - MINUTE * at, f"number {at}") for at in range(1, 31)]
    polling = reader(page_size=5)
    assert len(polling.poll()) == 30
    clock.pass_by(minutes=1)
    x.events.append(direct(NOON + SECOND, "news"))
    x.calls.clear()
    assert "news" in texts(polling.poll())
    assert len(x.asked("dm_events")) == 3


@pytest.mark.parametrize("name", ["edit_history_tweet_ids", "edit_history_post_ids"])
def test_an_edit_keeps_the_first_identity_and_the_first_time(x, reader, name):
    first, second = x_id(NOON - 3 * MINUTE), x_id(NOON - MINUTE)
    edited = mention(NOON - MINUTE, "@northshire corrected")
    del edited["edit_history_tweet_ids"]
    x.mentions = [{**edited, name: [first, second]}]
    [post] = reader().poll()
    assert (post.network_id, post.version_id) == (first, second)
    assert (post.sent, post.edited) == (NOON - 3 * MINUTE, NOON - MINUTE)


def test_a_deleted_post_is_found_within_the_hour_and_reported_once(x, reader, clock):
    x.mentions = [mention(NOON - MINUTE, "kept"), mention(NOON - 2 * MINUTE, "removed")]
    x.own = [own_post(NOON - 3 * MINUTE, "removed too")]
    polling = reader()
    polling.poll()
    gone = {x.mentions[1]["id"], x.own[0]["id"]}
    x.deleted = gone
    x.mentions, x.own = x.mentions[:1], []
    found = []
    for _ in range(26):
        clock.pass_by(minutes=5)
        found += [post for post in polling.poll() if post.deleted]
    assert {post.network_id for post in found} == gone
    assert len(found) == 2
    assert {post.direction for post in found} == {Direction.IN, Direction.OUT}
    assert all(post.text == "" and post.deleted <= NOON + 60 * MINUTE for post in found)
    assert len(x.asked("/2/tweets")) == 2


def test_the_deletion_of_every_known_post_is_no_fault(x, reader, clock):
    x.mentions = [mention(NOON - MINUTE)]
    polling = reader()
    polling.poll()
    x.deleted, x.mentions = {x.mentions[0]["id"]}, []
    clock.pass_by(minutes=61)
    assert [post.deleted for post in polling.poll()] == [clock.now]


def test_a_post_that_became_protected_is_not_taken_for_deleted(x, reader, clock):
    x.mentions = [mention(NOON - MINUTE)]
    polling = reader()
    polling.poll()
    x.hidden, x.mentions = {x.mentions[0]["id"]}, []
    clock.pass_by(minutes=61)
    assert polling.poll() == []


def test_a_look_up_finds_an_edit_that_no_stream_shows(x, reader, clock):
    x.mentions = [mention(NOON - MINUTE, "@northshire first words")]
    polling = reader()
    polling.poll()
    first, second = x.mentions[0]["id"], x_id(NOON)
    x.own = [
        {**x.mentions[0], "edit_history_tweet_ids": [first, second]},
        {**mention(NOON, "no longer to you"), "edit_history_tweet_ids": [first, second]},
    ]
    x.mentions = []
    x.answers[f"/2/users/{ME}/tweets"] = {"meta": {"result_count": 0}}
    clock.pass_by(minutes=61)
    [edit] = polling.poll()
    assert (edit.network_id, edit.version_id, edit.text, edit.edited) == (first, second, "no longer to you", NOON)
    clock.pass_by(minutes=61)
    assert polling.poll() == []


def test_rate_limit_headers_come_with_the_page(x, connected):
    x.headers["/mentions"] = {"x-rate-limit-remaining": "12", "x-rate-limit-reset": "1795435200"}
    batch = connected().fetch(None)
    assert (batch.remaining, int(batch.resets.timestamp())) == (12, 1795435200)


def test_a_stream_without_calls_left_waits_while_the_others_go_on(x, reader, clock):
    reset_at = NOON + 15 * MINUTE
    x.headers["dm_events"] = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(reset_at.timestamp()))}
    polling = reader()
    for _ in range(15):
        polling.poll()
        clock.pass_by(minutes=1)
    assert (len(x.asked("/mentions")), len(x.asked("dm_events"))) == (15, 1)
    polling.poll()
    assert len(x.asked("dm_events")) == 2


def test_a_stream_that_fails_holds_up_no_other_at_the_next_poll(x, reader, clock):
    x.faults = [Fault("dm_events", 503, times=3)]
    x.events = [direct(NOON - MINUTE, "waits")]
    polling = reader()
    with pytest.raises(NetworkFault):
        polling.poll()
    for at in range(2):
        clock.pass_by(minutes=1)
        x.mentions.append(mention(clock.now, f"urgent {at}"))
        seen = len(polling.batches)
        with pytest.raises(NetworkFault):
            polling.poll()
        assert f"urgent {at}" in [post.text for batch in polling.batches[seen:] for post in batch.posts]
    clock.pass_by(minutes=1)
    assert "waits" in texts(polling.poll())


def test_a_page_token_that_x_no_longer_knows_begins_the_pass_again(x, reader, clock):
    x.mentions = [mention(NOON - MINUTE * at, f"number {at}") for at in range(1, 13)]
    polling = reader(page_size=5)
    polling.cursor = polling.connector.fetch(None).cursor
    x.faults = [Fault("/mentions", 400)]
    assert texts(polling.poll()) == []
    assert texts(polling.poll()) == [f"number {at}" for at in range(1, 13)]


def test_the_same_page_over_and_over_is_a_fault_and_no_endless_poll(x, reader):
    x.answers[f"/2/users/{ME}/mentions"] = {
        "data": [mention(NOON - MINUTE)],
        "meta": {"result_count": 1, "next_token": "round"},
    }
    with pytest.raises(NetworkFault, match="same page"):
        reader().poll()


def test_our_own_number_is_looked_up_once_and_kept(x, reader, clock):
    x.mentions = [mention(NOON - MINUTE)]
    polling = reader(user_id="")
    polling.poll()
    clock.pass_by(minutes=1)
    polling.poll()
    assert len(x.asked("/users/me")) == 1


def test_whoami_asks_who_the_keys_belong_to(x, connected):
    assert connected().whoami() == "northshire"
    assert connected({"bearer_token": "t"}).whoami() == "northshire"
    assert [path for _, path, _ in x.calls] == ["/2/users/me", "/2/users/by/username/northshire"]


def test_an_unknown_account_is_said_to_be_unknown(x, connected):
    x.answers["/2/users/me"] = {"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found"}]}
    with pytest.raises(NotAllowed, match="no such account"):
        connected().whoami()


def test_keys_that_belong_together_are_asked_for_together(connected):
    with pytest.raises(ValueError, match="access_token_secret: is missing"):
        connected({name: key for name, key in FOUR_KEYS.items() if name != "access_token_secret"})


def test_the_cursor_holds_no_key(x, reader):
    polling = reader()
    polling.poll()
    assert not any(key in polling.cursor for key in FOUR_KEYS.values())


def test_times_of_all_versions_agree_to_the_second(x, reader):
    at = NOON - MINUTE + timedelta(milliseconds=640)
    x.mentions = [mention(at, created_at=x_time(at))]
    x.own = [{**own_post(NOON), "edit_history_tweet_ids": [x.mentions[0]["id"], x_id(NOON)]}]
    assert {post.sent for post in reader().poll()} == {NOON - MINUTE}
