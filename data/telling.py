"""Telling an alert at an address of ``apprise``: the only place that knows it, and where an address may lead."""

import importlib
import ipaddress
import socket
import warnings
from functools import cache
from typing import Any

from models.alerts import LONGEST_ADDRESS
from models.problems import BadValue

SERVICES = frozenset(
    {
        "mailto",
        "mailtos",
        "json",
        "jsons",
        "slack",
        "mmost",
        "mmosts",
        "ntfy",
        "ntfys",
        "matrix",
        "matrixs",
        "workflows",
    }
)
"""E-mail, webhooks and chat services. What runs programs, writes files or speaks to this machine itself is none."""


def service_of(address: str) -> str:
    """The form of an address, such as ``mailtos``. Raises ``BadValue`` for one that is not offered or cannot be read."""
    service = address.partition("://")[0].lower()
    known = ", ".join(sorted(SERVICES))
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or service not in SERVICES:
        raise BadValue("address", f"give one of the forms {known}, followed by ://")
    if _made(address) is None:
        raise BadValue("address", f"it is not what {service}:// needs: see the manual of alarms")
    return service


def tell(address: str, title: str, body: str) -> None:
    """Tell it now. Raises ``OSError`` where that failed: the server is away, or the address leads where it may not."""
    target = _made(address)
    if target is None:
        raise OSError("the address cannot be read")
    host = getattr(target, "smtp_host", None) or getattr(target, "host", None)
    if host and leads_inside(host):
        raise OSError("the address leads to this machine or its link: nothing is told there")
    if not target.notify(body=body, title=title):
        raise OSError("it was not accepted")


def leads_inside(host: str) -> bool:
    """Whether a name or an address is this machine, or one that only the local link knows (a cloud's own services)."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host.strip("[]"), None)}
    except (OSError, UnicodeError):
        return False
    return any(_is_inside(str(one)) for one in found)


def _is_inside(text: str) -> bool:
    one = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(one, "ipv4_mapped", None) or one
    return bool(mapped.is_loopback or mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified)


def _made(address: str) -> Any:
    return _apprise().Apprise.instantiate(address, asset=_asset(), suppress_exceptions=True)


@cache
def _asset() -> Any:
    """No redirect is followed: it could lead where the address itself may not."""
    return _apprise().AppriseAsset(app_id="Watchroom", app_desc="", app_url="", http_redirects=False, async_mode=False)


@cache
def _apprise() -> Any:
    """Imported when it is first needed: it brings much, and warns of what its own parts rest on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = importlib.import_module("apprise")
        found.Apprise.instantiate("json://localhost")  # it imports its services only then
        return found
