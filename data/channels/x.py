"""X (formerly Twitter) through tweepy's v2 client: the only module that imports tweepy.

A round reads mentions, our own posts (so that a reply written elsewhere counts as answered), direct messages, and once
an hour whether the newest 100 public posts still stand. One fetch asks once, or twice at the very first and when a
look-up finds an edit. A stream whose calls are used up is passed over until its window ends, and the others go on.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
import tweepy

from data.channels import given
from data.channels.contract import ChannelFailure, NetworkFault, NotAllowed, OutcomeUnknown, Refused, WrongSetting
from data.channels.lines import unreadable
from data.channels.x_cursor import LOOKUP, Cursor, Stream, begin, finish, read_cursor, waiting
from data.channels.x_engagement import FIELDS as FIGURES
from data.channels.x_engagement import PRIVATE_FIELDS as PRIVATE_FIGURES
from data.channels.x_engagement import figures
from data.channels.x_posts import OddPost, around, history, private_post, public_post, sent_by, tombstone
from data.channels.x_session import AnswerLost, Forbidden, XSession, remaining, resets
from models.posts import Batch, Direction, Engagement, Kind, Post, Receipt, Reply, Unreadable

BASE = "https://api.x.com"
FOUR_KEYS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
MENTIONS, OWN, MESSAGES = "mentions", "own", "messages"
OURS = {OWN: Kind.PUBLIC, MESSAGES: Kind.PRIVATE}
FIRST = timedelta(days=7)
AT_ONCE = 100

_PEOPLE = ["id", "name", "public_metrics", "username"]
_MEDIA = ["alt_text", "media_key", "type"]
_POSTS = {
    "tweet_fields": [
        "attachments", "author_id", "created_at", "edit_history_tweet_ids", "id", "in_reply_to_user_id", "lang",
        "note_tweet", "referenced_tweets", "source", "text", "withheld",
    ],
    "expansions": ["attachments.media_keys", "author_id", "in_reply_to_user_id", "referenced_tweets.id"],
    "user_fields": _PEOPLE,
    "media_fields": _MEDIA,
}  # fmt: skip
_EVENTS = {
    "event_types": ["MessageCreate"],
    "dm_event_fields": ["attachments", "created_at", "dm_conversation_id", "event_type", "id", "sender_id", "text"],
    "expansions": ["attachments.media_keys", "sender_id"],
    "user_fields": _PEOPLE,
    "media_fields": _MEDIA,
}

for _talkative in ("tweepy", "oauthlib", "requests_oauthlib"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)  # at DEBUG they write keys and whole posts


@dataclass(frozen=True, slots=True)
class Reading:
    """How an account is read. ``automatic`` are the names, in small letters, of apps whose posts no person writes."""

    user_id: str
    messages: bool
    automatic: frozenset[str]
    overlap: timedelta
    page_size: int
    lookups: timedelta


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of X: its rows, what stands beside them, its notes on what it left out, and its rate limit."""

    rows: list[Any]
    body: Mapping[str, Any]
    token: str | None
    remaining: int | None
    resets: datetime | None


def build(
    *, handle: str, settings: Mapping[str, Any], credentials: Mapping[str, str], clock: Callable[[], datetime]
) -> "X":
    """Make a connector from an account's settings and credentials. Raises ``WrongSetting``."""
    handle, user_id = handle.removeprefix("@"), given.text(settings, "user_id")
    if not re.fullmatch(r"\w{1,15}", handle, re.ASCII):
        raise WrongSetting("handle", "is no handle of X: 1 to 15 letters, digits or _")
    if user_id and not _is_number(user_id):
        raise WrongSetting("user_id", "is not a number")
    keys = {name: given.text(credentials, name) or None for name in (*FOUR_KEYS, "bearer_token")}
    as_user = _as_user(keys)
    client = tweepy.Client(**keys, return_type=requests.Response, wait_on_rate_limit=False)
    client.session = XSession(
        _base(settings),
        connecting=given.number(settings, "connect_timeout", 5.0, 0.01, 60.0),
        whole=given.number(settings, "read_timeout", 20.0, 0.01, 300.0),
        largest=given.whole(settings, "largest_answer", 5 * 1024 * 1024, 1_024, 64 * 1024 * 1024),
        clock=clock,
    )
    reading = Reading(
        user_id=user_id,
        messages=as_user and given.truth(settings, "messages", True),
        automatic=frozenset(
            name.strip().casefold() for name in given.text(settings, "automatic_sources").split(",") if name.strip()
        ),
        overlap=timedelta(minutes=given.number(settings, "overlap_minutes", 10.0, 0.0, 1_440.0)),
        page_size=given.whole(settings, "page_size", 100, 5, 100),
        lookups=timedelta(minutes=given.number(settings, "deletion_minutes", 60.0, 1.0, 44_640.0)),
    )
    return X(client, handle, as_user, reading, clock)


def _as_user(keys: Mapping[str, str | None]) -> bool:
    missing = [name for name in FOUR_KEYS if not keys[name]]
    if not missing:
        return True
    if len(missing) < len(FOUR_KEYS):
        raise WrongSetting(missing[0], "is missing: the four keys belong together")
    if not keys["bearer_token"]:
        raise WrongSetting("bearer_token", "is missing: X needs it, or the four keys")
    return False


def _base(settings: Mapping[str, Any]) -> str:
    base = given.text(settings, "base_url", BASE)
    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).netloc:
        raise WrongSetting("base_url", "is not an address that begins with https://")
    return base


class X:
    """One X account. Read with the account's own keys (everything) or an app's token (public posts only)."""

    def __init__(
        self, client: tweepy.Client, handle: str, as_user: bool, reading: Reading, clock: Callable[[], datetime]
    ) -> None:
        """Keep what is needed; nothing is asked yet."""
        self._client = client
        self._handle = handle
        self._as_user = as_user
        self._reading = reading
        self._clock = clock
        self._stages = [MENTIONS, OWN, *([MESSAGES] if reading.messages else []), LOOKUP]

    def fetch(self, cursor: str | None) -> Batch:
        """Read one page of the stream whose turn it is."""
        at, now = read_cursor(cursor), self._clock()
        stage = at.turn(self._stages, now)
        at.moved = now.isoformat()
        if stage == LOOKUP:
            return self._look_up(at, now)
        stream = at.stream(stage)
        if waiting(stream, now):
            return self._passed_over(at)
        return self._read(at, stage, stream, now)

    def send(self, reply: Reply) -> Receipt:
        """Send one reply. ``NotAllowed`` is a definite no; after ``OutcomeUnknown`` look for it before anything else."""
        if not self._as_user:
            raise NotAllowed("sending on X needs the account's four keys; only an app token is set")
        try:
            data = _object(self._post(reply)).get("data")
        except Forbidden:
            raise NotAllowed("X does not let this reply be sent (403)") from None
        except (AnswerLost, NetworkFault):
            raise OutcomeUnknown("X did not say whether the reply was sent") from None
        told = data if isinstance(data, dict) else {}
        identity = str(told.get("id") or told.get("dm_event_id") or "")
        if not identity:
            raise OutcomeUnknown("X did not say under which id the reply stands")
        try:
            return Receipt(identity, sent_by(identity))
        except OddPost:
            return Receipt(identity, self._clock())

    def engagement(self, network_ids: Sequence[str]) -> Mapping[str, Engagement]:
        """Ask for the figures of our own posts, 100 at a time; non-public ones where X still gives them (30 days)."""
        found: dict[str, Engagement] = {}
        for first in range(0, len(network_ids), AT_ONCE):
            asked = list(network_ids[first : first + AT_ONCE])
            if self._as_user:
                found |= self._figures(asked, PRIVATE_FIGURES)
            left = [one for one in asked if one not in found]
            if left:
                found |= self._figures(left, FIGURES)
        return found

    def whoami(self) -> str:
        """Ask who the four keys belong to; an app's token belongs to nobody, so our handle is looked up."""
        return str(self._own_user().get("username") or "")

    def _post(self, reply: Reply) -> Any:
        if reply.kind is Kind.PUBLIC:
            return self._client.create_tweet(text=reply.text, in_reply_to_tweet_id=reply.parent_id)
        if reply.kind is Kind.PRIVATE and reply.contact is not None and _is_number(reply.contact.network_id):
            return self._client.create_direct_message(participant_id=reply.contact.network_id, text=reply.text)
        raise NotAllowed("a reply on X is public, or private to a known person")

    def _figures(self, asked: list[str], fields: Mapping[str, list[str]]) -> dict[str, Engagement]:
        page = _found(self._client.get_tweets(asked, user_auth=self._as_user, **fields))
        return figures(page.rows, page.body.get("includes"))

    def _own_user(self) -> Mapping[str, Any]:
        if self._as_user:
            answer = self._client.get_me(user_fields=["id", "name", "username"])
        else:
            answer = self._client.get_user(username=self._handle, user_fields=["id", "name", "username"])
        told = _object(answer).get("data")
        if not isinstance(told, dict) or not told.get("id"):
            raise NotAllowed("X knows no such account")
        return told

    def _read(self, at: Cursor, stage: str, stream: Stream, now: datetime) -> Batch:
        at.me = self._reading.user_id or at.me or str(self._own_user()["id"])
        asked = stream.token
        if asked is None:
            begin(stream, now, self._reading.overlap, FIRST)
        try:
            page = self._ask(stage, at.me, stream)
        except NotAllowed:
            if asked is None:
                raise
            stream.token = None  # the page token is too old: the next poll begins this pass again from `since`
            return self._passed_over(at)
        if page.token is not None and page.token == asked:
            raise NetworkFault("X gave the same page again as the next one")
        batch = self._converted(at, stage, page)
        stream.high = max([stream.high, *_ids(page.rows)])
        stream.token = None if stage == MESSAGES and _reaches(page, stream.since) else page.token
        stream.wait = page.resets.isoformat() if page.remaining == 0 and page.resets else None
        ours = {}
        if stream.token is None:
            if stage in OURS:
                ours[OURS[stage]] = datetime.fromisoformat(stream.began or now.isoformat())
            finish(stream, now, self._reading.overlap)
            at.done()
        elif stream.wait:
            at.done()
        return replace(_batch(at, page, *batch), ours_read=ours)

    def _ask(self, stage: str, me: str, stream: Stream) -> Page:
        asking: dict[str, Any] = {"max_results": self._reading.page_size, "pagination_token": stream.token}
        if stage == MESSAGES:
            return _page(self._client.get_direct_message_events(**asking, **_EVENTS))
        asking |= {"since_id": stream.since, "user_auth": self._as_user, **_POSTS}
        if stage == MENTIONS:
            return _page(self._client.get_users_mentions(me, **asking))
        return _page(self._client.get_users_tweets(me, exclude=["retweets"], **asking))

    def _converted(self, at: Cursor, stage: str, page: Page) -> tuple[list[Post], list[Unreadable]]:
        beside = around(page.body.get("includes"))
        posts: list[Post] = []
        odd: list[Unreadable] = []
        for row in page.rows:
            try:
                if stage == MESSAGES:
                    posts.append(private_post(row, beside, at.me))
                    continue
                post = public_post(row, beside, at.me, self._reading.automatic)
                at.remember(post.network_id, history(row)[-1], post.direction)
                posts.append(post)
            except OddPost as why:
                odd.append(unreadable(row, str(why)))
        return posts, odd

    def _look_up(self, at: Cursor, now: datetime) -> Batch:
        """Find which of the newest public posts are gone or have a newer version that no stream showed."""
        at.looked = at.looked or now.isoformat()
        due = now - datetime.fromisoformat(at.looked) >= self._reading.lookups
        if not at.recent or not due:
            return self._passed_over(at)
        page = self._by_ids([version for _, version, _ in at.recent])
        gone = _gone(page.body)
        stones = [
            tombstone(identity, Direction(way), now)
            for identity, version, way in at.recent
            if {identity, version} & gone
        ]
        posts, odd, reads = self._newer(at, page)
        at.forget({stone.network_id for stone in stones})
        at.looked = now.isoformat()
        at.done()
        return _batch(at, page, [*stones, *posts], odd, reads)

    def _newer(self, at: Cursor, page: Page) -> tuple[list[Post], list[Unreadable], int]:
        known = {identity: version for identity, version, _ in at.recent}
        newest: list[str] = []
        for row in page.rows:
            try:
                versions = history(row)
            except (OddPost, AttributeError):
                continue
            if versions[0] in known and int(versions[-1]) > int(known[versions[0]]):
                newest.append(versions[-1])
        if not newest:
            return [], [], 0
        found = self._by_ids(newest)
        return *self._converted(at, OWN, found), len(found.rows)

    def _by_ids(self, ids: list[str]) -> Page:
        return _found(self._client.get_tweets(ids, user_auth=self._as_user, **_POSTS))

    def _passed_over(self, at: Cursor) -> Batch:
        at.done()
        return Batch((), at.text(), more=bool(at.left))


def _batch(at: Cursor, page: Page, posts: list[Post], odd: list[Unreadable], reads: int = 0) -> Batch:
    return Batch(
        posts=tuple(posts),
        cursor=at.text(),
        unreadable=tuple(odd),
        more=bool(at.left),
        reads=len(page.rows) + reads,
        remaining=page.remaining,
        resets=page.resets,
    )


def _object(answer: requests.Response) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except (ValueError, RecursionError):
        raise NetworkFault("X's answer is not JSON") from None
    if not isinstance(told, dict):
        raise NetworkFault("X's answer is not an object")
    return told


def _page(answer: requests.Response) -> Page:
    """Read a list. An answer without posts must say that there are none: else a failure would look like silence."""
    told = _object(answer)
    meta = told.get("meta")
    rows = _rows(told)
    if not rows and not isinstance(meta, dict):
        raise _nothing(told)
    if not rows and isinstance(meta, dict) and meta.get("result_count"):
        raise NetworkFault("X's answer lacks the posts that it counts")
    token = meta.get("next_token") if isinstance(meta, dict) and rows else None
    return Page(rows, told, str(token) if token else None, remaining(answer.headers), resets(answer.headers))


def _found(answer: requests.Response) -> Page:
    """Read an answer to a question by ids: what X does not give it must name as a problem."""
    told = _object(answer)
    rows = _rows(told)
    if not rows and not _problems(told):
        raise _nothing(told)
    return Page(rows, told, None, remaining(answer.headers), resets(answer.headers))


def _rows(told: Mapping[str, Any]) -> list[Any]:
    rows = told.get("data")
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise NetworkFault("X's answer holds no list")
    return rows


def _nothing(told: Mapping[str, Any]) -> ChannelFailure:
    kinds = {kind for kind, _ in _problems(told)}
    if "not-authorized-for-resource" in kinds:
        return Refused("X does not let these credentials read that account")
    if "resource-not-found" in kinds:
        return NotAllowed("X knows no such account or post")
    return NetworkFault("X's answer holds neither posts nor their count")


def _problems(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give kind and id of what X could not answer for."""
    rows = told.get("errors")
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [(str(row.get("type")).rsplit("/", 1)[-1], str(row.get("resource_id") or row.get("value"))) for row in found]


def _gone(told: Mapping[str, Any]) -> set[str]:
    """Give the ids that X does not find. A post that we may not see any more (a protected account) still stands."""
    return {identity for kind, identity in _problems(told) if kind == "resource-not-found"}


def _ids(rows: list[Any]) -> list[int]:
    return [int(row["id"]) for row in rows if isinstance(row, dict) and _is_number(str(row.get("id")))]


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 19


def _reaches(page: Page, since: int) -> bool:
    """Tell whether a page of direct messages, which know no since_id, goes back as far as needed."""
    return not page.rows or min(_ids(page.rows), default=0) <= since
