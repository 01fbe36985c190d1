"""Who a single sign-on provider says that somebody is."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Key


class Identity(Audited, Base, kw_only=True):
    """A user as a provider knows them: ``subject`` never changes there, a name or address may."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, init=False)
    issuer: Mapped[str]
    subject: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created: Mapped[datetime]
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id", deferrable=True, initially="DEFERRED"))
