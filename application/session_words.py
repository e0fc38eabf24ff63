"""What people call the modes, stages, proposals and outcomes of sessions."""

from collections.abc import Mapping

from application.wording import WORDS
from domain.convocation import SessionMode, SessionStanding
from domain.deliberation import ProposedOutcome, SessionOutcome
from domain.sitting import Presence

MODES: Mapping[str, str] = {
    SessionMode.MEETING: "réunion",
    SessionMode.REMOTE: "à distance",
    SessionMode.WRITTEN: "vote écrit",
}
WORDS[SessionMode] = MODES

STANDINGS: Mapping[str, str] = {
    SessionStanding.CONVENED: "convoquée",
    SessionStanding.OPEN: "ouverte",
    SessionStanding.CLOSED: "close",
    SessionStanding.MINUTES_DRAWN: "procès-verbal dressé",
    SessionStanding.APPROVED: "procès-verbal approuvé",
}
WORDS[SessionStanding] = STANDINGS

PRESENCES: Mapping[str, str] = {
    Presence.PRESENT: "présent",
    Presence.REMOTE: "à distance",
    Presence.REPRESENTED: "représenté",
    Presence.ABSENT: "absent",
}
WORDS[Presence] = PRESENCES

PROPOSALS: Mapping[str, str] = {
    ProposedOutcome.SELECT: "retenir",
    ProposedOutcome.RESERVE: "inscrire sur la liste de réserve",
    ProposedOutcome.REJECT: "ne pas retenir",
}
WORDS[ProposedOutcome] = PROPOSALS

OUTCOMES: Mapping[str, str] = {
    SessionOutcome.SELECTED: "retenu",
    SessionOutcome.RESERVE: "liste de réserve",
    SessionOutcome.NOT_SELECTED: "non retenu",
    SessionOutcome.NOT_CARRIED: "proposition non adoptée",
    SessionOutcome.NO_QUORUM: "sans quorum : ne tient pas",
}
WORDS[SessionOutcome] = OUTCOMES
