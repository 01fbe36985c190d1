"""The route by which open queues say what they show."""

import pytest

from models.watch import Watch

PAGE = "0123456789abcdef"


def post(visitor, body, slug="north"):
    return visitor.client.post(
        f"/watch?workspace={slug}",
        json=body,
        headers={"X-CSRFToken": visitor.page_token()},
        environ_base=visitor.address,
    )


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"page": "\0" * 8},
        {"page": "x" * 9},
        {"page": PAGE, "search": 7},
        {"page": PAGE, "search": "?" + "a" * 5000},
        {"page": PAGE, "search": "?", "idle": -1},
        {"page": PAGE, "search": "?", "idle": True},
        {"page": PAGE, "search": "?", "idle": 10**30},
    ],
)
def test_what_makes_no_sense_is_refused(ann, body):
    ann.open("/queue?workspace=north")
    assert post(ann, body).status_code == 400


def test_an_open_queue_is_a_watch_until_it_is_left(database, north, ann):
    from tests.rows import add_conversation

    add_conversation(database, north)
    ann.open("/queue?workspace=north")
    assert (
        post(ann, {"page": PAGE, "search": "?workspace=north&view=needs&account=\ud800", "idle": 3}).status_code == 204
    )
    assert post(ann, {"page": PAGE}).status_code == 204
    assert post(ann, {"page": PAGE, "search": "?"}, slug="south").status_code == 404
    with database.read() as db:
        (row,) = db.query(Watch).all()
    assert row.begun == row.until, "left in the same instant"
