"""What every figure means, in one or two plain sentences. Source: the product's definitions of metrics (METRICS.md)."""

MOST_OVERDUE = (
    "Of everybody who waits for an answer, the one most over its due time, or nearest to it. "
    "The large figure is the public wait: from their oldest unanswered message until now, never paused."
)
WAITING = (
    "Turns without an answer: a turn is a run of messages from one person with no human reply between. "
    "Automatic replies do not count as answers."
)
FIRST_RESPONSE = (
    "The time from a person's first message to our first human reply, on the public's clock, for turns that started in "
    "the last 24 hours. The unanswered count too; below 20 turns the range is shown instead of a median."
)
WITHIN_TARGET = (
    "Of the turns that started in the last 24 hours, the share answered within the target of the highest grade they held. "
    "Those still unanswered and past their target count as missed."
)
OUT_OF_HOURS = (
    "The share of messages of the last 7 days that were sent outside the calendar in force at that moment. "
    "The rate ratio compares messages per out-of-hours hour with messages per in-hours hour."
)
INBOUND = (
    "Different inbound messages by the hour in which they were sent; our own, automatic ones and spam are left out. "
    "Usual is the median of the same hour of the week over the last 8 weeks, blank below 4."
)
HOURS = (
    "Of the messages sent on each local day, the share sent outside the calendar in force at that moment. "
    "The rate ratio compares messages per out-of-hours hour with messages per in-hours hour."
)
RESPONSE = (
    "The time from a person's first message to our first human reply, on the public's clock, by the local day on which the "
    "turn started. The unanswered count too; below 20 turns the single waits are shown as points."
)
INBOUND_REPORT = (
    "Different inbound messages by the local day on which they were sent, public, private and heard; our own, automatic ones "
    "and spam are left out."
)
WEEK = (
    "Messages in each local hour of the week, on average over the hours of the period that have gone by since collecting "
    "began. An hour that a clock change doubles counts twice."
)
USUAL_RANGE = (
    "Messages of each local hour of the last day, beside the same hour of the week in the last 8 weeks: the median, and two "
    "robust deviations to either side (median absolute deviation, at least what chance brings). Blank under 4 weeks."
)
SURGE = (
    "More messages in the last 5 or 15 minutes than this hour of the week and those beside it bring, by more than chance: a "
    "window so full comes by itself less than once a week. The forecast takes the present rate, those waiting, who was active "
    "in the last 15 minutes and may claim, the median time from claim to reply, and the target of the grade that most of it "
    "has. Messages say much the same when they share half of their pairs of neighbouring words."
)
SPLITS = "The same messages by channel, account, kind, the grade that rules gave on arrival, and topic."
RESPONSE_REPORT = (
    "The time from a person's first message to our first human reply, on the public's clock, by the local day on which the "
    "turn started. The unanswered count too, so leaving out hard messages never improves a figure; below 20 turns the range "
    "is shown. “> 2 h” means: only known to be longer."
)
CLOCKS = (
    "Public: the wall clock, never paused. Staffed: the part of the wait inside opening windows. Within target: answered "
    "within the target of the highest grade a turn held, on that target's own clock, of those answered or past it."
)
PARTS = (
    "The public wait of answered turns, cut where something happened: fetched, seen, assessed, claimed, written, approved, "
    "taken by the network. The parts sum to the wait."
)
DEMAND = (
    "Messages in each local hour of the week, on average. Hours that lie mostly outside the calendar's windows are marked: "
    "what comes then waits for the next window."
)
STAFFING = (
    "The fewest people with whom Erlang's formula for waiting takes up the workspace's aim within the target of the most "
    "urgent grade, if all were answered in order: messages an hour of the period, each taking the median time from claim to "
    "reply of the last 28 days. A person who writes twice counts twice, so it is on the high side."
)
SHIFT = (
    "Messages of an average week that came outside opening windows, in the hours that one more shift would be there. What one "
    "shift meets is met whole: whether one person is enough stands under People needed. It is worked out hour by hour of the "
    "week, so its sum may differ a little from the messages counted one by one above."
)
ENGAGEMENT_REPORT = (
    "What our public posts gained in the period: the differences between readings of the figures that each network gives. A "
    "figure may fall; one that a network does not give is a dash. A post older than the period counts from its first reading "
    "in it. Engagements are likes, replies, reposts, quotes and bookmarks; clicks and views stand apart. Posts are read until "
    "they are 30 days old."
)
ENGAGEMENT_RATE = (
    "Engagements / impressions, of the posts whose impressions the network gives. A campaign tag is a word after # in the "
    "post. Replies are shown without their text, which may repeat what somebody told us."
)
COMPARE = (
    "The workspaces whose reports you may read, each by the report it has of its own and by its own local days. A channel "
    "narrows them all; an account belongs to one workspace and narrows none here."
)
RATES = (
    "Urgent: graded above the lowest grade on arrival. Answered and unanswered are turns that started in the period. All four "
    "for each hundred messages, so that places of different size can stand side by side. Waits are first responses on the "
    "public clock."
)
OWN_LINKS = (
    "How often short links made here were followed, by local day and kind of place. Programs, links fetched ahead and the same "
    "browser within a minute do not count. The networks count clicks in their own way: the two are never added up."
)
SURVEY = (
    "Whoever wrote is asked once after a conversation was closed. Shares are of the valid answers (“I cannot say” left out), "
    "with a 95% Wilson interval from 10 answers on. Calls avoided: the interval of those who would have rung, of all "
    "conversations that were closed while the survey was on. Months are whole, by the day of asking."
)
TOPICS = (
    "Messages by their topic, set by a rule or a person; spam is left out. Our posts are public posts that answer nobody; "
    "their topic is what the workspace's rules read in them today. At most the 5,000 newest are read."
)
ACCOUNTS = (
    "LIVE: the last poll succeeded. QUIET: so, but nothing new for 6 hours. FAILING: two polls in a row failed. "
    "AUTH: the network refuses our credentials. DEAD: no attempt for three intervals."
)


def with_calendar(text: str, version: int | None) -> str:
    """A definition with the version of the calendar it was worked out with."""
    known = (
        f"Calendar version {version}." if version is not None else "No calendar is set, so every hour counts as open."
    )
    return f"{text} {known}"
