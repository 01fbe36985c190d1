"""The second factor: codes that change every 30 seconds (RFC 6238), and recovery codes that stand in for them once each."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.audit import Change, change
from data.credentials import CredentialsBox
from data.database import Database
from data.freshness import prove
from data.security import trying
from data.signing import SessionFacts, begin_session, factor_mark, found_of, token_hash
from data.throttle import Throttle
from models.audit import INSTALLATION, Actor
from models.invitations import RecoveryCode, SecondFactor
from models.people import Membership, Role, User
from models.permissions import Permission, rights_of
from models.problems import NotFound, WrongCode, WrongSignIn
from models.security_keys import SecurityKey

ISSUER = "Watchroom"
SECONDS = 30
CODES = 10
OFF, ADMINISTRATORS, EVERYBODY = "off", "administrators", "everybody"


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody whose password was right a moment ago; ``mark`` says which password."""

    user_id: int
    mark: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs: the address in the QR code, and its secret for typing."""

    address: str
    secret: str


_FACTOR = select(SecondFactor)


def begin_factor(database: Database, box: CredentialsBox, session: SessionFacts, at: datetime) -> None:
    """A new secret, in place of one that was never confirmed. Raises ``WrongCode`` where there is a factor already."""
    with change(database, INSTALLATION, actor(session), at) as c:
        if (held := _factor(c.db, session.user_id)) is not None and held.confirmed is not None:
            raise WrongCode
        c.db.execute(delete(SecondFactor).where(SecondFactor.user_id == session.user_id))
        secret = box.lock({"secret": pyotp.random_base32()}) or ""
        c.db.add(SecondFactor(user_id=session.user_id, secret=secret, created=at, audit_id=c.audit_id))
        c.state("begin factor", "user", session.user_id)


def enrolment(database: Database, box: CredentialsBox, session: SessionFacts) -> Enrolment | None:
    """What to show until the factor is confirmed; None where none was begun, or it counts already."""
    with database.read() as db:
        held = db.scalar(_FACTOR.where(SecondFactor.user_id == session.user_id))
        if held is None or held.confirmed is not None:
            return None
        secret = box.unlock(held.secret)["secret"]
        name = db.get_one(User, session.user_id).sign_in
    return Enrolment(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER), secret)


def confirm_factor(
    database: Database, box: CredentialsBox, session: SessionFacts, code: str, at: datetime
) -> list[str]:
    """The factor counts from now on; returns the recovery codes, never seen again. Raises ``WrongCode``."""
    with change(database, INSTALLATION, actor(session), at) as c:
        held = _factor(c.db, session.user_id)
        if held is None or held.confirmed is not None:
            raise WrongCode
        held.step, held.confirmed = _step(box, held, code, at), at
        codes = _new_codes(c, session.user_id)
        c.state("confirm factor", "user", session.user_id, before={"factor": False}, after={"factor": True})
    return codes


def remove_factor(database: Database, session: SessionFacts, at: datetime) -> None:
    """The password alone is enough again; security keys go with it. Raises ``NotFound`` where there was none."""
    with change(database, INSTALLATION, actor(session), at) as c:
        if _factor(c.db, session.user_id) is None:
            raise NotFound
        for entity in (SecondFactor, RecoveryCode, SecurityKey):
            c.db.execute(delete(entity).where(entity.user_id == session.user_id))
        c.state("remove factor", "user", session.user_id, before={"factor": True}, after={"factor": False})


def renew_codes(database: Database, session: SessionFacts, at: datetime) -> list[str]:
    """New recovery codes; the old ones no longer work. Raises ``NotFound`` without a factor."""
    with change(database, INSTALLATION, actor(session), at) as c:
        held = _factor(c.db, session.user_id)
        if held is None or held.confirmed is None:
            raise NotFound
        codes = _new_codes(c, session.user_id)
        c.state("renew codes", "user", session.user_id)
    return codes


def use_code(c: Change, box: CredentialsBox, user_id: int, code: str) -> str:
    """Take a code in the caller's change; returns which kind it was. One that was used does not work again.

    Raises ``WrongCode``.
    """
    held = _factor(c.db, user_id)
    if held is None or held.confirmed is None:
        raise WrongCode
    plain = "".join(code.split()).replace("-", "").upper()
    if plain.isdigit():
        held.step = _step(box, held, plain, c.at)
        return "code"
    row = c.db.scalar(
        select(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id, RecoveryCode.code_hash == token_hash(plain), RecoveryCode.used.is_(None)
        )
        .with_for_update()
    )
    if row is None:
        raise WrongCode
    row.used = c.at
    return "recovery code"


def finish_sign_in(
    database: Database, box: CredentialsBox, throttle: Throttle, half: Half, code: str, address: str, at: datetime
) -> str:
    """The second step: a session's token for whoever shows their factor after the password.

    Raises ``WrongCode``, ``TooManyTries``, and ``WrongSignIn`` where the user or password is another since.
    """
    with database.read() as db:
        user = db.get(User, half.user_id)
        found = found_of(db, user) if user is not None else None
    if found is None or not found.allowed or not found.factor or factor_mark(found.password_hash) != half.mark:
        raise WrongSignIn
    name = f"second factor of {found.user_id}"
    with trying("second factor", found.name, address, found.user_id):
        throttle.begin(name, address, False, at)
        token = begin_session(database, found, address, at, lambda c: use_code(c, box, found.user_id, code))
    throttle.right(name, address)
    return token


def prove_wholly(
    database: Database,
    box: CredentialsBox,
    throttle: Throttle,
    session: SessionFacts,
    password: str,
    code: str,
    at: datetime,
) -> None:
    """A fresh sign-in: the password again, and the second factor of whoever has one.

    Raises ``TooManyTries``, ``WrongSignIn`` and ``WrongCode``; then the session is as stale as before.
    """
    if not asks_for_code(database, session):
        prove(database, throttle, session, password, at)
        return
    name = f"second factor of {session.user_id}"
    with trying("second factor", session.name, session.address, session.user_id):
        throttle.begin(name, session.address, True, at)
    prove(database, throttle, session, password, at, partial(_show_code, box, session, code))
    throttle.right(name, session.address)


def _show_code(box: CredentialsBox, session: SessionFacts, code: str, c: Change) -> str:
    with trying("second factor", session.name, session.address, session.user_id):
        return use_code(c, box, session.user_id, code)


def asks_for_code(database: Database, session: SessionFacts) -> bool:
    """Whether a fresh sign-in of this person takes a code beside the password."""
    with database.read() as db:
        return has_factor(db, session.user_id)


def has_factor(db: Session, user_id: int) -> bool:
    """Whether signing in asks for more than the password."""
    held = db.scalar(_FACTOR.where(SecondFactor.user_id == user_id))
    return held is not None and held.confirmed is not None


def codes_left(db: Session, user_id: int) -> int:
    """How many recovery codes still work."""
    return len(
        db.scalars(select(RecoveryCode.id).where(RecoveryCode.user_id == user_id, RecoveryCode.used.is_(None))).all()
    )


def factor_due(database: Database, session: SessionFacts, rule: str, grace: timedelta) -> datetime | None:
    """From when on the installation's rule closes everything to this person for want of a factor; None where it does not.

    ``grace`` counts from when their sign-in was made. Nobody's telephone goes with a demonstration: its people owe none.
    """
    if rule == OFF:
        return None
    with database.read() as db:
        user = db.get_one(User, session.user_id)
        if user.demonstration or has_factor(db, user.id):
            return None
        owes = rule == EVERYBODY or user.installation_administrator or _administers(db, user.id)
        return user.created + grace if owes else None


def actor(session: SessionFacts) -> Actor:
    """The person of a session."""
    return Actor(session.name, session.user_id, session.session_id, session.address)


def _administers(db: Session, user_id: int) -> bool:
    rows = db.execute(
        select(Role.name, Role.permissions, Role.built_in)
        .join(Membership, (Membership.role_id == Role.id) & (Membership.workspace_id == Role.workspace_id))
        .where(Membership.user_id == user_id)
    )
    return any(Permission.ADMINISTER in rights_of(*role) for role in rows)


def _factor(db: Session, user_id: int) -> SecondFactor | None:
    """As it is until the change is done."""
    return db.scalar(_FACTOR.where(SecondFactor.user_id == user_id).with_for_update())


def _step(box: CredentialsBox, held: SecondFactor, code: str, at: datetime) -> int:
    """The number of the code's half minute: now, the one before or the next, and later than any used before."""
    totp = pyotp.TOTP(box.unlock(held.secret)["secret"])
    now = int(at.timestamp()) // SECONDS
    plain = "".join(code.split())
    right = [
        step for step in (now - 1, now, now + 1) if step > held.step and totp.verify(plain, for_time=step * SECONDS)
    ]
    if not right:
        raise WrongCode
    return right[0]


def _new_codes(c: Change, user_id: int) -> list[str]:
    c.db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    plain = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(CODES)]
    c.db.add_all(RecoveryCode(user_id=user_id, code_hash=token_hash(one), audit_id=c.audit_id) for one in plain)
    return ["-".join(one[at : at + 4] for at in range(0, 16, 4)) for one in plain]
