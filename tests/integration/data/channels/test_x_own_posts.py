"""X says when it has read our own posts to their end: the outbox rests on it where a reply's fate is unknown."""

from models.posts import Kind
from tests.integration.data.channels.conftest import NOON, own_post


def test_a_reading_of_our_own_posts_is_told_at_its_end_and_named_by_its_beginning(x, reader, clock):
    x.own = [own_post(NOON, number=number) for number in range(7)]
    reads = reader(page_size=5)
    reads.poll()
    told = [dict(batch.ours_read) for batch in reads.batches]
    assert {Kind.PUBLIC: NOON} in told
    assert {Kind.PRIVATE: NOON} in told
    assert sum(map(len, told)) == 2
    assert told.index({Kind.PUBLIC: NOON}) == 2


def test_a_stream_that_is_passed_over_is_no_reading(x, reader, clock):
    x.headers = {"/tweets": {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOON.timestamp()) + 900)}}
    reads = reader()
    reads.poll()
    first = len(reads.batches)
    clock.pass_by(minutes=1)
    reads.poll()
    assert not any(Kind.PUBLIC in batch.ours_read for batch in reads.batches[first:])
