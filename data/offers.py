"""What may be connected from a page or a file: nothing that reads the server's own files or sends credentials elsewhere."""

from collections.abc import Mapping
from typing import Any

from data.channels import CONNECTORS, Offer
from models.problems import BadValue

COMMAND_ONLY = frozenset({"path", "base_url"})
"""Settings that only a command on the server may give: a file there, and where credentials are sent to."""


def offers() -> dict[str, Offer]:
    """The connectors that a page offers, by name."""
    return {
        name: offer
        for name, offer in CONNECTORS.items()
        if not any(need.required and need.name in COMMAND_ONLY for need in offer.settings)
    }


def check_by_web(connector: str, settings: Mapping[str, Any], standing: Mapping[str, Any]) -> None:
    """Raise ``BadValue`` for a connector or setting that only a command may give; what stands already may stay."""
    for name in COMMAND_ONLY & set(settings):
        if settings[name] != standing.get(name):
            raise BadValue(name, "only the command “account” on the server may set this")
    if connector not in CONNECTORS:
        raise BadValue("connector", f"give one of {', '.join(sorted(CONNECTORS))}")
