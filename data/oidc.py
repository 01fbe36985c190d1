"""Single sign-on by OpenID Connect: the way to the provider and back, and what its answer must show to be believed.

Authorization code with PKCE (S256), state and nonce. Nothing is taken from the answer but a code; who somebody is stands in the
ID token, whose signature, issuer, audience, times and nonce are checked (OpenID Connect Core 1.0, 3.1.3.7).
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from data.settings import Settings
from models.problems import SignOnFailed

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures with a public key only: one that our own secret could make is no proof."""
LEEWAY_SECONDS = 60
PATIENCE = (5, 10)
"""Seconds to wait for a connection, and for an answer."""
LARGEST = 1_000_000
FOUND = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in, and who we are there. ``back`` is our own address that it sends them back to."""

    issuer: str
    client_id: str
    client_secret: str
    back: str
    groups_claim: str


@dataclass(frozen=True, slots=True)
class Trip:
    """What the browser keeps until it comes back from the provider: each is used once."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who came back: ``subject`` for good, the others as they are called now."""

    issuer: str
    subject: str
    sign_in: str
    name: str
    groups: frozenset[str]


def provider_of(settings: Settings) -> Provider | None:
    """The provider of the settings, None where there is none."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        f"{settings.address}/oidc/callback",
        settings.oidc_groups_claim,
    )


def set_out(provider: Provider) -> tuple[str, Trip]:
    """The provider's address to send the browser to, and what it keeps meanwhile. Raises ``SignOnFailed``."""
    trip = Trip(*(secrets.token_urlsafe(48) for _ in range(3)))
    known = _metadata(provider)
    address, _ = _session(provider).create_authorization_url(
        known["authorization_endpoint"], state=trip.state, nonce=trip.nonce, code_verifier=trip.verifier
    )
    return str(address), trip


def come_back(provider: Provider, trip: Trip, answer: Mapping[str, str], at: datetime) -> Person:
    """Who the provider's answer is about. Raises ``SignOnFailed`` for whatever does not hold."""
    if not hmac.compare_digest(answer.get("state", "").encode(), trip.state.encode()):
        raise SignOnFailed("the answer belongs to another attempt")
    if answer.get("iss", provider.issuer) != provider.issuer or not answer.get("code"):
        raise SignOnFailed("the provider did not let you in")
    known = _metadata(provider)
    tokens = _tokens(provider, known, trip, answer["code"])
    claims = id_claims(provider, _json(known["jwks_uri"]), str(tokens.get("id_token", "")), trip.nonce, at)
    if provider.groups_claim not in claims and "userinfo_endpoint" in known:
        told = _json(known["userinfo_endpoint"], {"Authorization": f"Bearer {tokens.get('access_token', '')}"})
        claims = {**told, **claims} if told.get("sub") == claims["sub"] else claims
    return person(provider, claims)


def id_claims(provider: Provider, keys: Mapping[str, Any], token: str, nonce: str, at: datetime) -> dict[str, Any]:
    """The claims of an ID token that holds. Raises ``SignOnFailed``."""
    required: dict[str, Any] = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "nonce": {"essential": True, "value": nonce},
        **{name: {"essential": True} for name in ("sub", "exp", "iat")},
    }
    try:
        found = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        rules = jwt.JWTClaimsRegistry(now=int(at.timestamp()), leeway=LEEWAY_SECONDS, **required)
        rules.validate(found.claims)
    except (JoseError, ValueError, TypeError, KeyError) as problem:
        raise SignOnFailed("the provider's answer cannot be believed") from problem
    claims: dict[str, Any] = dict(found.claims)
    audience = claims["aud"]
    alone = audience in (provider.client_id, [provider.client_id])
    if not isinstance(claims["sub"], str) or not (alone or claims.get("azp") == provider.client_id):
        raise SignOnFailed("the provider's answer is meant for somebody else")
    return claims


def person(provider: Provider, claims: Mapping[str, Any]) -> Person:
    """The person of these claims."""
    subject = str(claims["sub"])
    called = next((str(claims[name]) for name in ("preferred_username", "email") if claims.get(name)), subject)
    groups = claims.get(provider.groups_claim)
    listed = groups if isinstance(groups, list) else []
    return Person(provider.issuer, subject, called, str(claims.get("name") or called), frozenset(map(str, listed)))


def _session(provider: Provider) -> Any:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope="openid profile email",
        redirect_uri=provider.back,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
    )


def _metadata(provider: Provider) -> dict[str, Any]:
    found = _json(provider.issuer.rstrip("/") + FOUND)
    if found.get("issuer") != provider.issuer:
        raise SignOnFailed("the provider says that it is another one")
    return found


def _tokens(provider: Provider, known: Mapping[str, Any], trip: Trip, code: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = _session(provider).fetch_token(
            known["token_endpoint"], code=code, code_verifier=trip.verifier, timeout=PATIENCE
        )
    except (AuthlibBaseError, requests.RequestException, ValueError) as problem:
        raise SignOnFailed("the provider took back what it had said") from problem
    return found


def _json(address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = requests.get(address, headers=dict(headers or {}), timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json() if len(answer.content) <= LARGEST else None
    except (requests.RequestException, ValueError) as problem:
        raise SignOnFailed("the provider does not answer") from problem
    if not isinstance(found, dict):
        raise SignOnFailed("the provider does not answer as it should")
    return found
