"""Posts become messages in hand, and rules run over every text of them."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from data.channels.texts import storable
from data.inhand import InHand, Version
from data.practice import Practice
from models.posts import Author, Media, Post, Unreadable, attached
from models.rules import Arrival, Triage

_NOTHING = Triage()
_UNFIT = re.compile("[\0\ud800-\udfff]")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Older than any network that we read."""
AHEAD = timedelta(days=1)
"""How far a network's clock may be ahead of ours. A post from next year would wait, unseen, for as long."""


class Reader:
    """Turns the posts of one account into messages in hand."""

    def __init__(self, practice: Practice, channel: str, account_id: int) -> None:
        self._practice = practice
        self._channel = channel
        self._account_id = account_id

    def begin(self, post: Post, key: int) -> InHand:
        """A message that nobody has stored yet, sorted as by a contact who is known (see ``data/newcomers.py``)."""
        message = InHand(
            id=key,
            network_id=post.network_id,
            direction=post.direction,
            kind=post.kind,
            sent=post.sent,
            shown=_version(post),
            language=post.language,
            media=_media(post),
            parent_id=post.parent_id,
            hours=self._practice.calendar.hours_status(post.sent),
            automatic=post.automatic,
            edited=post.edited,
            new=True,
        )
        if post.edited is not None:
            message.versions[post.version_id] = message.shown
        self._sort(message, message.shown, message.language)
        return message

    def add_version(self, message: InHand, post: Post) -> None:
        """Another version of a message in hand. The latest one is shown; the most urgent grade of any stands."""
        if not message.versions:
            message.versions[message.shown.version_id] = message.shown
        if message.shown.media is None:
            message.shown.media = message.media
        version = message.versions[post.version_id] = _version(post)
        message.retell()
        if version.age > message.shown.age:
            message.shown, message.edited = version, post.edited
            message.language, message.media = post.language, _media(post)
        self._sort(message, version, post.language)
        if post.sent < message.sent:
            message.sent = post.sent
            message.hours = self._practice.calendar.hours_status(post.sent)
            self.sort_again(message, contact_is_new=False)

    def sort_again(self, message: InHand, contact_is_new: bool) -> None:
        """Run the rules again over every version, now that it is known whether the contact was new."""
        for version in message.ordered():
            before = version.rank
            self._sort(message, version, message.language, contact_is_new)
            version.changed = version.changed or version.rank != before
        message.retell()

    def _sort(self, message: InHand, version: Version, language: str | None, contact_is_new: bool = False) -> None:
        triage = self._triage(message, version, language, contact_is_new)
        version.rank = self._practice.rank_of(triage.grade) if triage.grade else None
        version.calls = triage.calls
        if version is message.shown:
            message.spam = triage.spam
            if not message.topic_set:
                message.topic_id = self._practice.topics.get(triage.topic or "")
            message.hits = _stored_hits(triage)

    def _triage(self, message: InHand, version: Version, language: str | None, contact_is_new: bool) -> Triage:
        if not message.inbound:
            return _NOTHING
        return self._practice.rules.triage(
            Arrival(
                text=version.text,
                channel=self._channel,
                kind=message.kind,
                account_id=self._account_id,
                language=language,
                contact_is_new=contact_is_new,
                hours=message.hours,
                media=attached(message.media if version.media is None else version.media),
            )
        )


def _version(post: Post) -> Version:
    return Version(post.version_id, post.text, post.edited or post.sent, media=_media(post))


def _media(post: Post) -> list[list[str]]:
    return [[media.kind, media.description] for media in post.media]


def _stored_hits(triage: Triage) -> dict[str, Any] | None:
    """How a triage is kept with its message: which rules hit, on which words, what they flagged, and which raised an alarm."""
    if not triage.hits and not triage.flags:
        return None
    return {
        "flags": list(triage.flags),
        "team": triage.team,
        "assign": triage.assign,
        "rules": [
            {
                "id": hit.rule_id,
                "name": hit.rule_name,
                "words": list(hit.words),
                "spans": [[span.begin, span.end] for span in hit.spans],
                **({"alarm": True} if hit in triage.calls else {}),
            }
            for hit in triage.hits
        ],
    }


def by_time(posts: Iterable[Post], fetched: datetime) -> tuple[list[Post], list[Unreadable]]:
    """Those whose times can be true, and those that no network can have shown at ``fetched``: for quarantine."""
    likely: list[Post] = []
    odd: list[Unreadable] = []
    for post in posts:
        times = (at for at in (post.sent, post.edited, post.deleted) if at is not None)
        if all(EARLIEST <= at <= fetched + AHEAD for at in times):
            likely.append(post)
        else:
            raw = json.dumps(asdict(post), default=str, ensure_ascii=False)
            odd.append(Unreadable(raw, "its time cannot be true"))
    return likely, odd


def fit(post: Post) -> Post:
    """The post as both databases can hold it: without NUL and lone surrogates, nothing cut.

    Connectors see to that already; a post that slipped through must not stop the page it came in.
    """
    author = post.contact
    told = [post.network_id, post.version_id, post.text, post.parent_id or "", post.language or ""]
    told += [part for media in post.media for part in (media.kind, media.description)]
    if author is not None:
        told += (author.network_id, author.handle, author.name)
    if not _UNFIT.search("".join(told)):
        return post
    return replace(
        post,
        network_id=whole(post.network_id),
        version_id=whole(post.version_id),
        text=whole(post.text),
        parent_id=whole(post.parent_id) if post.parent_id else None,
        language=whole(post.language) if post.language else None,
        media=tuple(Media(whole(media.kind), whole(media.description)) for media in post.media),
        contact=_fit_author(author) if author else None,
    )


def _fit_author(author: Author) -> Author:
    return Author(whole(author.network_id), whole(author.handle), whole(author.name), author.followers)


def whole(text: str) -> str:
    """A text that both databases can hold, of any length."""
    return storable(text, len(text))
