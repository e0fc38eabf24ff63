"""What happens in a session, in words: for those who may read it, and whoever did it.

No history that everybody reads tells any of it before the announcement.
"""

from application.minutes import voices
from application.session_words import MODES, OUTCOMES, PRESENCES, PROPOSALS
from application.wording import CHOICES, tells
from domain.kernel import Event
from domain.money import euros
from domain.session import Session

UNTIL_ANNOUNCED: tuple[type[Event], ...] = (
    Session.InterestDeclared,
    Session.PutToVote,
    Session.BallotCast,
    Session.BallotCorrected,
    Session.Deliberated,
    Session.MinutesDrawn,
    Session.MinutesApproved,
    Session.DeliberationSuperseded,
)
"""Events that no question answers to everybody before the results of their wave are announced."""


@tells
def _tell_sitting(event: Event) -> tuple[str, str] | None:
    match event:
        case Session.Convened(code=code, held_at=held_at, mode=mode, agenda=agenda):
            number = f"{len(agenda)} dossier{'s' * (len(agenda) > 1)}"
            return "Séance convoquée", f"{code}, {held_at.in_words()} ({MODES[mode]}), {number}"
        case Session.AgendaChanged(agenda=agenda, again_of=again):
            number = f"{len(agenda)} dossier{'s' * (len(agenda) > 1)}"
            return "Ordre du jour modifié", f"{number}{', nouvelle délibération' if again else ''}"
        case Session.Opened(seats=seats):
            return "Séance ouverte", f"{sum(seat.votes for seat in seats)} sièges qui votent"
        case Session.AttendanceNoted(seat=seat, presence=presence, proxy_to=proxy):
            return (
                "Présence notée",
                f"{seat} : {PRESENCES[presence]}{f' par {proxy}' * bool(proxy)}",
            )
        case Session.Closed():
            return "Séance close", ""
        case Session.MinutesDrawn():
            return "Procès-verbal dressé", ""
        case Session.MinutesApproved():
            return "Procès-verbal approuvé", ""
        case _:
            return None


@tells
def _tell_balloting(event: Event) -> tuple[str, str] | None:
    match event:
        case Session.InterestDeclared(seat=seat, struck=struck):
            falls = f", bulletins annulés : {', '.join(struck)}" if struck else ""
            return "Membre déporté", f"{seat}{falls}"
        case Session.PutToVote(title=title, proposal=proposal, amount_cents=amount, rank=rank):
            gives = f", {euros(amount)}" if amount is not None else ""
            return "Mis aux voix", f"{title} : {PROPOSALS[proposal]}{gives}{_rank(rank)}"
        case Session.BallotCast(seat=seat, choice=choice, cast_by=cast_by):
            return "Vote", f"{seat} : {CHOICES[choice]}{f' (par {cast_by})' if cast_by else ''}"
        case Session.BallotCorrected(seat=seat, choice=choice, was=was, reasons=reasons):
            return "Bulletin corrigé", f"{seat} : {CHOICES[was]} → {CHOICES[choice]} ({reasons})"
        case Session.Deliberated(outcome=outcome, tally=tally, rank=rank):
            return "Délibération", f"{OUTCOMES[outcome]}{_rank(rank)} : {voices(tally)}"
        case Session.DeliberationSuperseded(reasons=reasons):
            return "Délibération remplacée", reasons
        case _:
            return None


def _rank(rank: int | None) -> str:
    return f", rang {rank}" if rank else ""
