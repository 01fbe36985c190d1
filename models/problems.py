"""Everything Watchroom may refuse, by name. ``callbacks/problems.py`` holds the sentence that a person reads."""

from datetime import datetime, timedelta


class Problem(Exception):
    """A refusal that a person can do something about."""


class NotFound(Problem):
    """There is no such thing in this workspace (also where it exists in another one)."""


class NotPermitted(Problem):
    """The person lacks a permission here."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class NoRole(Problem):
    """The person holds no role in any workspace."""


class NotSignedIn(Problem):
    """Nobody is signed in, or the session is over."""


class WrongSignIn(Problem):
    """The name or the password is wrong, or the user is disabled: never said which."""


class DemonstrationOnly(Problem):
    """A demonstration sign-in was tried on a database that is not marked as a demonstration."""


class AlreadyClaimed(Problem):
    """Somebody else holds the conversation."""

    def __init__(self, holder_id: int, since: datetime | None = None, name: str = "") -> None:
        super().__init__(holder_id)
        self.holder_id = holder_id
        self.since = since
        self.name = name


class AlreadyClosed(Problem):
    """The conversation was closed before: by whom, where that is known."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


class Unassessed(Problem):
    """In the top grade, while the contact's last message is unassessed: ``what`` it cannot be."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class ReasonNeeded(Problem):
    """The two most urgent grades are closed only with a reason."""


class TooUrgent(Problem):
    """This grade cannot be snoozed here."""


class NotSetAside(Problem):
    """It is neither snoozed nor with a partner."""


class SpokeAgain(Problem):
    """The contact said something that was not on the screen yet."""


class TooLate(Problem):
    """It cannot be undone any more: something happened since, or it was too long ago."""


class NotHolder(Problem):
    """Only the holder may do this."""


class BadSetting(Problem):
    """A setting is wrong: which one, and what to do."""

    def __init__(self, name: str, advice: str) -> None:
        super().__init__(f"{name}: {advice}")
        self.name = name
        self.advice = advice


class BadValue(Problem):
    """Input that cannot be taken: which field, and what to do."""

    def __init__(self, field: str, advice: str) -> None:
        super().__init__(f"{field}: {advice}")
        self.field = field
        self.advice = advice


class SetUpAlready(Problem):
    """The first administrator exists already, or the set-up link was used."""


class WeakPassword(Problem):
    """A password under the minimum length."""


class CommonPassword(WeakPassword):
    """A password that attackers try first."""


class WrongCode(Problem):
    """A code of the second factor that is wrong, was used, or is too old."""


class HalfSignedIn(Problem):
    """The password was right; the second factor is still to be shown."""

    def __init__(self, user_id: int, mark: str) -> None:
        super().__init__(user_id)
        self.user_id = user_id
        self.mark = mark


class SignOnFailed(Problem):
    """Single sign-on did not hold: ``why`` may be said to whoever tried."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


class BackupRefused(Problem):
    """A backup cannot be made or restored: why."""


class CredentialsLocked(Problem):
    """Stored credentials cannot be read with the present ``WATCHROOM_CREDENTIALS_KEY``."""


class NotSaved(Problem):
    """The database could not take a change just now; nothing of it was kept."""


class DatabaseBusy(NotSaved):
    """Others were writing for longer than we wait."""

    def __init__(self) -> None:
        super().__init__("the database is busy, so nothing was changed: try again in a moment")


class DatabaseFull(NotSaved):
    """There is no room left for the database to grow."""

    def __init__(self) -> None:
        super().__init__("there is no room left for the database, so nothing was changed: make some")


class TooManyTries(Problem):
    """Too many wrong sign-ins, or too many at once: ``wait`` is how long until another one is looked at."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


class WrongState(Problem):
    """A reply is past what was asked for, or not there yet: ``state`` is where it stands, ``move`` what was asked."""

    def __init__(self, state: str, move: str) -> None:
        super().__init__(f"{move}: {state}")
        self.state = state
        self.move = move


class InvitationOver(Problem):
    """An invitation was used, withdrawn, or is too old."""


class NotFresh(Problem):
    """The password has to be given again before this."""


class OwnReply(Problem):
    """The author of a reply cannot be the second person who approves it."""


class BlockedWords(Problem):
    """A reply holds words that the workspace never sends: which."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__(words)
        self.words = words


class NeedsConfirming(Problem):
    """A reply may go out only when a person has confirmed these kinds of doubt, in words; nothing was changed."""

    def __init__(self, doubts: tuple[str, ...]) -> None:
        super().__init__(doubts)
        self.doubts = doubts


class WindowClosed(Problem):
    """The network takes no reply of this kind any more: since when."""

    def __init__(self, since: datetime) -> None:
        super().__init__(since)
        self.since = since


class NotAuthor(Problem):
    """Only whoever wrote a note may correct it or strike it out."""


class AlreadyStruck(Problem):
    """The note was struck out."""


class AlreadyMerged(Problem):
    """The two belong together already, or are one and the same."""


class NotMerged(Problem):
    """There is no such merge, or it was taken back."""


class InIncident(Problem):
    """The conversation belongs to an incident already: ``name`` is the incident's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class IncidentClosed(Problem):
    """The incident is over: ``name`` is the incident's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotKnown(Problem):
    """What was at that instant cannot be drawn: it is before ``since``, or it has not come yet."""

    def __init__(self, since: datetime | None = None) -> None:
        super().__init__(since)
        self.since = since
