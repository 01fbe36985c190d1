"""X's figures of a post in our words. They are cumulative, may fall, and one that X does not give is absent."""

from collections.abc import Mapping
from typing import Any

from models.posts import Engagement

FIELDS: Mapping[str, list[str]] = {
    "tweet_fields": ["attachments", "id", "public_metrics"],
    "expansions": ["attachments.media_keys"],
    "media_fields": ["media_key", "public_metrics"],
}
PRIVATE_FIELDS: Mapping[str, list[str]] = {
    **FIELDS,
    "tweet_fields": ["attachments", "id", "non_public_metrics", "organic_metrics", "public_metrics"],
}

_NAMES = {
    "impression_count": "impressions",
    "like_count": "likes",
    "reply_count": "replies",
    "retweet_count": "reposts",
    "quote_count": "quotes",
    "bookmark_count": "bookmarks",
    "url_link_clicks": "link_clicks",
    "user_profile_clicks": "profile_clicks",
}
_SOURCES = ("organic_metrics", "non_public_metrics", "public_metrics")  # a later one has the last word


def figures(rows: list[Any], includes: object) -> dict[str, Engagement]:
    """Read the figures of each post by its id; video views are the sum over its videos."""
    media = _media(includes)
    found: dict[str, Engagement] = {}
    for row in rows:
        if not isinstance(row, dict) or not row.get("id"):
            continue
        told = {
            _NAMES[name]: count for source in _SOURCES for name, count in _counts(row.get(source)) if name in _NAMES
        }
        views = [media[key] for key in _keys(row) if key in media]
        if views:
            told["video_views"] = sum(views)
        found[str(row["id"])] = Engagement(str(row["id"]), told)
    return found


def _counts(told: object) -> list[tuple[str, int]]:
    rows = told.items() if isinstance(told, dict) else ()
    return [(name, count) for name, count in rows if isinstance(count, int) and not isinstance(count, bool)]


def _media(includes: object) -> dict[str, int]:
    rows = includes.get("media") if isinstance(includes, dict) else None
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {
        str(row.get("media_key")): count
        for row in found
        for name, count in _counts(row.get("public_metrics"))
        if name == "view_count"
    }


def _keys(row: Mapping[str, Any]) -> list[str]:
    attached = row.get("attachments")
    keys = attached.get("media_keys") if isinstance(attached, dict) else None
    return [str(key) for key in keys] if isinstance(keys, list) else []
