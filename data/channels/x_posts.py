"""X's own JSON made into posts, one at a time: a post that cannot be read stops no other.

tweepy's models are not used: they raise on a time without fractions, and one odd post would end the whole poll.
X edits: the identity is the first id of the edit history, which the contract calls ``edit_history_tweet_ids`` and newer
answers ``edit_history_post_ids``; ``sent`` of every version is the second in the identity's id, as ``created_at`` has it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from data.channels.snowflake import time_of
from data.channels.texts import storable, storable_name, unescaped
from models.posts import Author, Direction, Kind, Media, Post

_MEDIA = {"photo": "photo", "video": "video", "animated_gif": "animation"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NO_LANGUAGE = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})
_ONE_TO_ONE = re.compile(r"(\d+)-(\d+)")


class OddPost(ValueError):
    """A post that cannot be read; ``str()`` is the reason, in words, without its text."""


@dataclass(frozen=True, slots=True)
class Around:
    """What X sends beside the posts (``includes``): people, media and the posts they answer, by their ids."""

    people: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    media: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    posts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def around(includes: object) -> Around:
    """Read ``includes``, whatever it lacks."""
    told = includes if isinstance(includes, dict) else {}
    return Around(_by(told.get("users"), "id"), _by(told.get("media"), "media_key"), _by(told.get("tweets"), "id"))


def _by(rows: object, key: str) -> dict[str, Mapping[str, Any]]:
    found = rows if isinstance(rows, list) else []
    return {str(row[key]): row for row in found if isinstance(row, dict) and key in row}


def history(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the ids of all versions, oldest first; the own id alone where X tells none."""
    for name in ("edit_history_tweet_ids", "edit_history_post_ids"):
        told = raw.get(name)
        versions = [str(one) for one in told if _is_id(str(one))] if isinstance(told, list) else []
        if versions:
            return tuple(sorted(versions, key=int))
    return (_identity(raw),)


def public_post(raw: object, beside: Around, me: str, automatic: frozenset[str]) -> Post:
    """Make a post of one mention or of one of our own posts. Raises ``OddPost``.

    A repost is listening: whoever reposts does not address us.
    """
    told = _object(raw)
    version = _identity(told)
    identity = history(told)[0]
    author = str(told.get("author_id") or "")
    outward = author == me
    sources = _references(told)
    parent = sources.get("replied_to")
    other = _addressee(told, beside, parent, me) if outward else author
    made = _time(told, version)
    return Post(
        network_id=identity,
        sent=made if version == identity else sent_by(identity),
        text=_text(told),
        kind=Kind.LISTENING if "retweeted" in sources else Kind.PUBLIC,
        direction=Direction.OUT if outward else Direction.IN,
        contact=person(other, beside),
        version_id=version,
        parent_id=parent,
        language=_language(told.get("lang")),
        media=_media(told, beside),
        edited=None if version == identity else made,
        automatic=outward and str(told.get("source") or "").casefold() in automatic,
    )


def private_post(raw: object, beside: Around, me: str) -> Post:
    """Make a post of one direct message. Raises ``OddPost``.

    Of a message of ours X names the addressee only in the conversation's id, and only between two people.
    """
    told = _object(raw)
    identity = _identity(told)
    sender = str(told.get("sender_id") or "")
    outward = sender == me
    return Post(
        network_id=identity,
        sent=_time(told, identity),
        text=_text(told),
        kind=Kind.PRIVATE,
        direction=Direction.OUT if outward else Direction.IN,
        contact=person(_partner(str(told.get("dm_conversation_id") or ""), me) if outward else sender, beside),
        media=_media(told, beside),
    )


def tombstone(identity: str, direction: Direction, found: datetime) -> Post:
    """Make the sign that a public post was found deleted at ``found``."""
    try:
        sent = sent_by(identity)
    except OddPost:
        sent = found
    return Post(network_id=identity, sent=sent, text="", kind=Kind.PUBLIC, direction=direction, deleted=found)


def person(identity: str, beside: Around) -> Author | None:
    """Give the person with that id. Handle and name are empty where X does not tell them: unknown, never invented."""
    if not identity:
        return None
    told = beside.people.get(identity, {})
    metrics = told.get("public_metrics")
    followers = metrics.get("followers_count") if isinstance(metrics, dict) else None
    return Author(
        network_id=storable_name(identity),
        handle=storable_name(str(told.get("username") or "")),
        name=storable_name(str(told.get("name") or "")),
        followers=followers if isinstance(followers, int) else None,
    )


def sent_by(identity: str) -> datetime:
    """Give the second in an id. Raises ``OddPost``."""
    try:
        return time_of(identity).replace(microsecond=0)
    except ValueError as why:
        raise OddPost(str(why)) from None


def _object(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise OddPost("it is not an object")
    return raw


def _identity(told: Mapping[str, Any]) -> str:
    identity = str(told.get("id") or "")
    if not _is_id(identity):
        raise OddPost("it has no id")
    return identity


def _is_id(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 19


def _time(told: Mapping[str, Any], identity: str) -> datetime:
    """Read ``created_at``, with or without fractions; without it the id tells."""
    word = told.get("created_at")
    if word is None:
        return sent_by(identity)
    try:
        at = datetime.fromisoformat(str(word))
        return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise OddPost("its time cannot be read") from None


def _text(told: Mapping[str, Any]) -> str:
    """Give the whole text: of a long post X cuts ``text`` short and keeps the rest in ``note_tweet``."""
    note = told.get("note_tweet")
    text = note.get("text") if isinstance(note, dict) and note.get("text") else told.get("text")
    if isinstance(text, str):
        return storable(unescaped(text))
    withheld = told.get("withheld")
    if isinstance(withheld, dict):
        places = withheld.get("country_codes")
        return f"[withheld by X in {', '.join(map(str, places)) if isinstance(places, list) else 'some countries'}]"
    if told.get("attachments"):
        return ""
    raise OddPost("it has no text")


def _references(told: Mapping[str, Any]) -> dict[str, str]:
    rows = told.get("referenced_tweets")
    found = rows if isinstance(rows, list) else []
    return {
        str(row.get("type")): storable_name(str(row["id"])) for row in found if isinstance(row, dict) and "id" in row
    }


def _addressee(told: Mapping[str, Any], beside: Around, parent: str | None, me: str) -> str:
    """Give whom a post of ours answers; nobody where it goes on from one of ours."""
    asked = str(told.get("in_reply_to_user_id") or beside.posts.get(parent or "", {}).get("author_id") or "")
    return "" if asked == me else asked


def _partner(conversation: str, me: str) -> str:
    pair = _ONE_TO_ONE.fullmatch(conversation)
    return next((one for one in pair.groups() if one != me), "") if pair else ""


def _language(word: object) -> str | None:
    known = isinstance(word, str) and word not in _NO_LANGUAGE and _LANGUAGE.fullmatch(word)
    return str(word) if known else None


def _media(told: Mapping[str, Any], beside: Around) -> tuple[Media, ...]:
    attached = told.get("attachments")
    keys = attached.get("media_keys") if isinstance(attached, dict) else None
    return tuple(_medium(beside.media.get(str(key), {})) for key in keys) if isinstance(keys, list) else ()


def _medium(told: Mapping[str, Any]) -> Media:
    return Media(_MEDIA.get(str(told.get("type")), "file"), storable(str(told.get("alt_text") or ""), 4_000))
