"""What an event of the audit says in plain words: who did what, to which thing, and what was otherwise before."""

from collections.abc import Iterator, Mapping
from typing import Any

from layouts import wording
from models.auditing import PEOPLE
from models.snapshots import Arrived, AuditRow

KINDS = {
    "account": "account",
    "audit": "the audit",
    "blocked_word": "blocked word",
    "outgoing": "reply",
    "saved_view": "saved view",
    "shift_handover": "hand-over of the shift",
    "team_practice": "team practice",
    "view": "saved view",
    "workspace": "this workspace",
}
"""What things are called where their own word would not do."""
PARTS = {
    "poller": "The poller",
    "command": "The command line",
    "sender": "The sender",
    "demonstration": "The demonstration",
    "watchroom": "Watchroom",
    "reconciler": "Reconciling",
}
"""Parts of Watchroom that act by themselves."""
WITHOUT_NUMBER = frozenset({"audit", "workspace", "calendar", "report"})

DEEDS = {
    "view": "looked at {it}",
    "see": "had {it} on the screen",
    "claim": "claimed {it}",
    "release": "gave {it} back",
    "lapse": "the claim on {it} lapsed",
    "alarm.raise": "raised {it}",
    "alarm.over": "saw that {it} is over",
    "alarm.climb": "called the next step for {it}",
    "alarm.acknowledge": "acknowledged {it}",
    "take over": "took {it} over",
    "assess": "assessed {it}",
    "assign": "assigned {it}",
    "unassign": "took the assignment of {it} away",
    "move": "moved {it}",
    "hand over": "handed {it} over",
    "accept hand-over": "accepted the hand-over of {it}",
    "decline hand-over": "declined the hand-over of {it}",
    "withdraw hand-over": "took the hand-over of {it} back",
    "hand-over timed out": "nobody accepted the hand-over of {it} in time",
    "close": "closed {it}",
    "reopen": "opened {it} again",
    "snooze": "snoozed {it}",
    "wake": "woke {it}",
    "state": "changed the state of {it}",
    "topic": "set the topic of {it}",
    "flag": "flagged {it}",
    "unflag": "took a flag off {it}",
    "erase": "erased {it} for good",
    "dispose": "disposed of what was due: {it}",
    "disposal.propose": "put what became due on the list for disposal",
    "disposal.defer": "put off disposals",
    "hold": "put a legal hold on {it}",
    "lift hold": "lifted the legal hold on {it}",
    "access pack": "wrote down all that is held of {it}",
    "note": "wrote a note on {it}",
    "note.correct": "corrected a note on {it}",
    "note.strike": "struck out a note on {it}",
    "merge contact": "said that two identities are one person, in {it}",
    "unmerge contact": "took it back that two identities are one person, in {it}",
    "merge conversation": "made one thread of {it} and another",
    "unmerge conversation": "took the merge of {it} back",
    "incident add": "added {it} to an incident",
    "incident remove": "took {it} out of its incident",
    "conversation.closed": "closed conversations of {it}",
    "intake.page": "stored posts of {it}",
    "reply.queue": "handed in {it}",
    "reply.approve": "approved {it}",
    "reply.send": "began to send {it}",
    "reply.sent": "the network took {it}",
    "reply.rejected": "the network refused {it}",
    "reply.unknown": "nobody knows whether {it} was taken",
    "reply.expired": "sending {it} did not end in time",
    "reply.withdraw": "withdrew {it} before it left",
    "reply.send again": "sent {it} again",
    "reply.send back": "sent {it} back to its author",
    "reply.give up": "gave {it} up",
    "reply.was sent": "found {it} among our own posts",
    "sign in": "signed in",
    "sign out": "signed out",
    "prove": "proved again who they are",
    "change password": "changed the password of {it}",
    "grant": "gave a role to {it}",
    "withdraw": "took a role from {it}",
    "roles": "changed the roles of {it}",
    "disable": "disabled {it}",
    "invite": "invited somebody",
    "furnish": "set up {it}",
    "accept": "accepted {it}",
    "handle": "saw to what waited in {it}",
    "merge": "merged two in {it}",
    "unmerge": "took a merge in {it} back",
    "incident.open": "opened {it}",
    "incident.describe": "described {it}",
    "incident.close": "closed {it}",
    "incident.reopen": "opened {it} again",
    "incident.add": "added conversations to {it}",
    "incident.remove": "took conversations out of {it}",
    "major.declare": "put up the banner of a major incident for {it}",
    "major.word": "worded the banner of {it} anew",
    "major.clear": "took the banner of {it} down",
    "decision": "wrote a decision down on {it}",
    "duty.on": "signed on for the shift, {it}",
    "duty.off": "signed {it} off the shift",
    "skill.keep": "kept a skill of {it}",
    "skill.drop": "took a skill off {it}",
    "expert.ask": "asked for an expert on {it}",
    "expert.call off": "called off the expert asked for on {it}",
    "expert.pass": "called the next expert for {it}",
    "expert.take": "came as an expert to {it}",
    "shift.give": "handed the shift over with {it}",
    "shift.accept": "took the shift over with {it}",
    "shift.take back": "took {it} back",
    "methane": "kept a METHANE report of {it}",
    "template.create": "wrote {it}",
    "template.change": "changed {it}",
    "template.retire": "retired {it}",
    "template.restore": "took {it} into use again",
    "template.furnish": "put the first templates into {it}",
    "blocked word.add": "blocked a word",
    "blocked word.remove": "unblocked a word",
    "grade.approval": "changed which replies of {it} need a second person",
    "save": "saved {it}",
    "share": "shared {it}",
    "prefer": "changed the preferences of {it}",
    "look": "changed how pages look for {it}",
    "notification.read": "read notifications",
    "import": "took a file of configuration into {it}",
    "installation": "changed who administers the installation: {it}",
    "publish": "published a version of {it}",
    "acknowledge": "acknowledged {it}",
    "lockdown.begin": "began a lockdown",
    "lockdown.end": "ended a lockdown",
    "sign out others": "signed {it} out elsewhere",
    "begin factor": "began to set up a second factor for {it}",
    "confirm factor": "set up a second factor for {it}",
    "remove factor": "removed a second factor of {it}",
    "add key": "added a security key for {it}",
    "remove key": "removed a security key of {it}",
    "renew codes": "renewed the recovery codes of {it}",
    "account.change": "changed {it}",
    "account.add": "added {it}",
    "account.pace": "changed how often {it} is asked",
    "account.rotate": "replaced the credentials of {it}",
    "account.settings": "changed the settings of {it}",
    "account.test": "tried {it}",
    "export": "exported {it}",
    "verify": "verified {it}",
    "enable": "turned {it} on again",
    "test": "sent {it} a test",
    "survey.ask": "asked one question, {it}",
    "webhook.renew": "gave {it} a new secret",
    "webhook.again": "began anew with a call of {it}",
    "create": "made {it}",
    "change": "changed {it}",
    "delete": "deleted {it}",
    "try": "tried {it} on past messages",
    "restore": "made {it} what it was before",
    "switch on": "turned {it} on",
    "switch off": "turned {it} off",
    "revoke": "revoked {it}",
    "add": "added {it}",
}
"""What was done, by the action of the event. Those that begin with somebody else than the actor are whole sentences."""
WHOLE = ("the claim", "nobody", "the network", "sending")


Named = Mapping[tuple[str, int], str]
"""Names of things by kind and key: accounts by their handle, colleagues by theirs."""


def thing(row: AuditRow, named: Named) -> str:
    """The thing an event speaks of: "conversation 12", "account @northshire"."""
    word = KINDS.get(row.kind, row.kind.replace("_", " "))
    if row.key is None or row.kind in WITHOUT_NUMBER:
        return word
    return named.get((row.kind, row.key), f"{word} {row.key}")


def deed(row: AuditRow, named: Named) -> str:
    """What was done, as a sentence: "Ann Hale claimed conversation 12."."""
    who, said = PARTS.get(row.actor, row.actor), DEEDS.get(row.action)
    if said is None:
        return f"{who}: {row.action.replace('.', ', ')}, {thing(row, named)}."
    said = said.format(it=thing(row, named))
    return f"{said[:1].upper()}{said[1:]}." if said.startswith(WHOLE) else f"{who} {said}."


def arrival(one: Arrived, zone: str) -> str:
    """How a message came, as a sentence."""
    sent = wording.clock(one.sent, zone)
    if one.ours:
        return f"A reply{f' by {one.author}' if one.author else ''} stands on the network since {sent}."
    return f"A message of the contact arrived; it was sent at {sent}."


def differences(row: AuditRow, named: Named) -> list[str]:
    """What was otherwise before: "holder: nobody, then Ann Hale"."""
    before = row.before if isinstance(row.before, dict) else {}
    after = row.after if isinstance(row.after, dict) else {}
    found = list(_told(before, after, named))
    for said, value in (("before", row.before), ("after", row.after)):
        if value is not None and not isinstance(value, dict):
            found.append(f"{said}: {_value('', value, named)}")
    return [*found, *([f"reason: {row.reason}"] if row.reason else [])]


def _told(before: Mapping[str, Any], after: Mapping[str, Any], named: Named) -> Iterator[str]:
    for key in dict.fromkeys([*before, *after]):
        word = key.replace("_", " ")
        was, is_now = (_value(key, one.get(key), named) for one in (before, after))
        if key in before and key in after:
            yield f"{word}: {was}, then {is_now}" if was != is_now else f"{word}: {was}"
        else:
            yield f"{word}: {is_now}" if key in after else f"{word} was {was}"


def _value(key: str, value: Any, named: Named) -> str:
    """Short: a list says how many it holds, a colleague's key is their name."""
    if value is None:
        return "nobody" if key in PEOPLE else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and key in PEOPLE:
        return named.get(("user", value), f"user {value}")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) if len(value) <= 3 and _flat(value) else f"{len(value):,}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(name, one, named)}" for name, one in value.items()) or "none"
    return str(value)


def _flat(values: list[Any]) -> bool:
    return all(isinstance(one, str | int) for one in values)
