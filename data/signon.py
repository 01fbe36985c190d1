"""Whoever a provider vouches for becomes a user here, with the roles that its groups mean. Never an administrator by that."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.audit import change
from data.database import Database
from data.holds import look_soon
from data.oidc import Person
from data.passwords import NOBODYS
from data.people import LONGEST_NAME, add_user
from data.signing import begin_session, found_of
from models.audit import INSTALLATION, Actor
from models.claims import Hold
from models.identities import Identity
from models.people import Membership, Role, User, fold_sign_in
from models.permissions import Permission, rights_of
from models.problems import BadSetting, SignOnFailed, WrongSignIn
from models.workspace import Workspace

SIGN_ON = "single sign-on"
Groups = Mapping[str, frozenset[tuple[str, str]]]
"""What a group of the provider's means: workspaces by slug, each with a role."""


def groups_of(text: str) -> Groups:
    """Read "desk = northshire: Operator; leads = northshire: Supervisor". Raises ``BadSetting``."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for part in filter(None, (one.strip() for one in text.split(";"))):
        group, equals, meaning = part.partition("=")
        slug, colon, role = meaning.partition(":")
        if not (equals and colon and group.strip() and slug.strip() and role.strip()):
            raise BadSetting("WATCHROOM_OIDC_GROUPS", "write group = workspace: Role, with ; between them")
        found[group.strip()].add((slug.strip(), role.strip()))
    return {group: frozenset(meant) for group, meant in found.items()}


def sign_on(database: Database, who: Person, groups: Groups, address: str, at: datetime) -> str:
    """Begin a session for the person and return its token; they hold the roles of their groups from now on.

    Raises ``SignOnFailed`` where another user has their name, and ``WrongSignIn`` where they are disabled.
    """
    user_id = _user(database, who, address, at)
    with database.read() as db:
        found = found_of(db, db.get_one(User, user_id))
        homes = {slug: key for key, slug in db.execute(select(Workspace.id, Workspace.slug))}
    if not found.allowed:
        raise WrongSignIn
    actor = Actor(found.name, user_id, None, address)
    meant = {one for given in groups.values() for one in given}
    held = {one for group in who.groups for one in groups.get(group, ())}
    for slug in sorted({slug for slug, _ in meant} & set(homes)):
        roles = ({role for home, role in chosen if home == slug} for chosen in (meant, held))
        _set_roles(database, homes[slug], user_id, next(roles), next(roles), actor, at)
    return begin_session(database, found, address, at, lambda _c: SIGN_ON)


def _user(database: Database, who: Person, address: str, at: datetime) -> int:
    with database.read() as db:
        known = _known(db, who)
    if known is not None:
        return known
    folded = fold_sign_in(who.sign_in)
    if not folded or len(folded) > LONGEST_NAME or not folded.isprintable() or " " in folded:
        raise SignOnFailed("the provider gives you a name that nobody can have here")
    with change(database, INSTALLATION, Actor(who.name, address=address), at) as c:
        if (known := _known(c.db, who)) is not None:
            return known
        if c.db.scalar(select(User.id).where(User.sign_in == folded)) is not None:
            raise SignOnFailed("somebody else has your name here already: ask an administrator")
        user = add_user(c, folded, who.name[:LONGEST_NAME], NOBODYS, False, False)
        known_as = Identity(issuer=who.issuer, subject=who.subject, user_id=user.id, created=at, audit_id=c.audit_id)
        c.db.add(known_as)
    return user.id


def _known(db: Session, who: Person) -> int | None:
    return db.scalar(select(Identity.user_id).where(Identity.issuer == who.issuer, Identity.subject == who.subject))


def _set_roles(
    database: Database, home: int, user_id: int, meant: set[str], wanted: set[str], actor: Actor, at: datetime
) -> None:
    """Of the roles that groups may give here, the user holds those of theirs; other roles stay as people gave them."""
    with change(database, home, actor, at) as c:
        rows = c.db.execute(select(Role).where(Role.workspace_id == home, Role.name.in_(meant))).scalars()
        given = {
            row.name: row.id
            for row in rows
            if Permission.ADMINISTER not in rights_of(row.name, row.permissions, row.built_in)
        }
        mine = select(Membership.role_id).where(Membership.workspace_id == home, Membership.user_id == user_id)
        held = set(c.db.scalars(mine))
        before = sorted(name for name, key in given.items() if key in held)
        after = sorted(name for name in given if name in wanted)
        if before == after:
            return
        gone = {given[name] for name in before if name not in after}
        c.db.execute(
            delete(Membership).where(
                Membership.workspace_id == home, Membership.user_id == user_id, Membership.role_id.in_(gone)
            )
        )
        for name in after:
            if given[name] not in held:
                c.db.add(Membership(workspace_id=home, user_id=user_id, role_id=given[name], audit_id=c.audit_id))
        look_soon(c.db, at, Hold.workspace_id == home, Hold.user_id == user_id)
        c.state("roles", "user", user_id, before={"roles": before}, after={"roles": after}, reason=SIGN_ON)
