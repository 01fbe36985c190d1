"""Security keys and passkeys: added by whoever has a second factor, and shown in place of its code when signing in.

The question (challenge) is ours, kept here and good once. The answer must come from our own address and be confirmed by the
person's finger, face or PIN. A key whose count did not grow was copied, and is refused.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from data.audit import Change, change
from data.database import Database
from data.factors import ISSUER, Half, actor, has_factor
from data.security import trying
from data.signing import Found, SessionFacts, begin_session, factor_mark, found_of
from data.throttle import Throttle
from models.audit import INSTALLATION
from models.people import User
from models.problems import BadValue, NotFound, WrongSignIn
from models.security_keys import KeyChallenge, SecurityKey, WrongKey

ADD, SHOW = "add", "show"
ANSWERED_WITHIN = timedelta(minutes=5)
LONGEST_NAME = 60
MOST_KEYS = 10
LONGEST_ANSWER = 20_000
"""Characters of what a browser answers; a key's attestation takes some thousands at most."""


@dataclass(frozen=True, slots=True)
class Site:
    """Which site keys belong to: ``host`` is what they are bound to, ``origin`` where an answer must come from."""

    host: str
    origin: str


def site_of(address: str) -> Site:
    """The site at an address. Browsers know no keys for bare IP addresses: this machine is then ``localhost``."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    with suppress(ValueError):
        host = "localhost" if ip_address(host).is_loopback else host
    return Site(host, f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}")


def ask_to_add(database: Database, site: Site, session: SessionFacts, at: datetime) -> str:
    """What the browser needs to make a key (JSON). Raises ``NotFound`` without a second factor, and ``BadValue``."""
    with database.write() as db:
        user, held = db.get_one(User, session.user_id), _keys(db, session.user_id)
        if not has_factor(db, session.user_id):
            raise NotFound
        if len(held) >= MOST_KEYS:
            raise BadValue("keys", f"remove one first: {MOST_KEYS} are enough")
        options = generate_registration_options(
            rp_id=site.host,
            rp_name=ISSUER,
            user_name=user.sign_in,
            user_display_name=user.name,
            user_id=str(user.id).encode(),
            exclude_credentials=_descriptors(held),
            authenticator_selection=AuthenticatorSelectionCriteria(
                user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
        _keep(db, session.user_id, ADD, options.challenge, at)
    return options_to_json(options)


def add_key(database: Database, site: Site, session: SessionFacts, name: str, answer: str, at: datetime) -> None:
    """Keep the key that the browser made. Raises ``WrongKey`` and ``BadValue``."""
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise BadValue("name", f"call the key something, in at most {LONGEST_NAME} characters")
    with trying("security key", session.name, session.address, session.user_id):
        challenge = _take(database, session.user_id, ADD, at)
        try:
            made = verify_registration_response(
                credential=_short(answer),
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            raise WrongKey from None
    credential, public = bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key)
    with change(database, INSTALLATION, actor(session), at) as c:
        if not has_factor(c.db, session.user_id) or _key(c.db, credential) is not None:
            raise WrongKey
        facts: dict[str, Any] = {"credential": credential, "public_key": public, "count": made.sign_count}
        c.db.add(SecurityKey(user_id=session.user_id, name=shown, created=at, audit_id=c.audit_id, **facts))
        c.state("add key", "user", session.user_id)


def remove_key(database: Database, session: SessionFacts, number: int, at: datetime) -> None:
    """The key opens nothing any more. Raises ``NotFound`` for somebody else's."""
    with change(database, INSTALLATION, actor(session), at) as c:
        row = c.db.get(SecurityKey, number)
        if row is None or row.user_id != session.user_id:
            raise NotFound
        c.db.delete(row)
        c.state("remove key", "user", session.user_id)


def has_keys(database: Database, half: Half) -> bool:
    """Whether the second step of signing in may be a key."""
    with database.read() as db:
        return bool(_keys(db, half.user_id))


def ask_to_show(database: Database, site: Site, half: Half, at: datetime) -> str:
    """What the browser needs to show a key (JSON). Raises ``NotFound`` where there is none, and ``WrongSignIn``."""
    with database.write() as db:
        _half(db, half)
        held = _keys(db, half.user_id)
        if not held:
            raise NotFound
        options = generate_authentication_options(
            rp_id=site.host,
            allow_credentials=_descriptors(held),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        _keep(db, half.user_id, SHOW, options.challenge, at)
    return options_to_json(options)


def finish_by_key(
    database: Database, site: Site, throttle: Throttle, half: Half, answer: str, address: str, at: datetime
) -> str:
    """The second step by a key: a session's token. Raises ``WrongKey``, ``TooManyTries`` and ``WrongSignIn``."""
    with database.read() as db:
        found = _half(db, half)
    name = f"second factor of {found.user_id}"
    with trying("security key", found.name, address, found.user_id):
        throttle.begin(name, address, False, at)
        challenge = _take(database, half.user_id, SHOW, at)
        token = begin_session(
            database, found, address, at, lambda c: _use(c, site, found.user_id, _short(answer), challenge)
        )
    throttle.right(name, address)
    return token


def _use(c: Change, site: Site, user_id: int, answer: str, challenge: bytes) -> str:
    """Hold an answer against the key it names, in the caller's change, and keep its count."""
    try:
        given = parse_authentication_credential_json(answer)
        row = _key(c.db, bytes_to_base64url(given.raw_id))
        if row is None or row.user_id != user_id:
            raise WrongKey
        seen = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise WrongKey from None
    row.count, row.used = seen.new_sign_count, c.at
    return "security key"


def _short(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise WrongKey
    return answer


def _keep(db: Session, user_id: int, purpose: str, challenge: bytes, at: datetime) -> None:
    facts: dict[str, Any] = {"challenge": bytes_to_base64url(challenge), "expires": at + ANSWERED_WITHIN}
    db.merge(KeyChallenge(user_id=user_id, purpose=purpose, **facts))


def _take(database: Database, user_id: int, purpose: str, at: datetime) -> bytes:
    """The question, which is gone with this: whatever the answer is, it is not asked again."""
    wanted = delete(KeyChallenge).where(KeyChallenge.user_id == user_id, KeyChallenge.purpose == purpose)
    with database.write() as db:
        row = db.execute(wanted.returning(KeyChallenge.challenge, KeyChallenge.expires)).one_or_none()
    if row is None or row.expires < at:
        raise WrongKey
    return base64url_to_bytes(row.challenge)


def _half(db: Session, half: Half) -> Found:
    user = db.get(User, half.user_id)
    found = found_of(db, user) if user is not None else None
    if found is None or not found.allowed or not found.factor or factor_mark(found.password_hash) != half.mark:
        raise WrongSignIn
    return found


def _keys(db: Session, user_id: int) -> list[SecurityKey]:
    return list(db.scalars(select(SecurityKey).where(SecurityKey.user_id == user_id).order_by(SecurityKey.id)))


def _key(db: Session, credential: str) -> SecurityKey | None:
    return db.scalar(select(SecurityKey).where(SecurityKey.credential == credential).with_for_update())


def _descriptors(held: list[SecurityKey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential)) for row in held]
