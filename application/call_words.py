"""What happened to calls and their committees, in words; a wave's dates in words."""

from datetime import datetime, timedelta

from application.call import CALL_KINDS
from application.wording import joined, tells
from domain.call import Call
from domain.call_terms import COLLEGES, AdviserCollege, Wave
from domain.committee import Committee, CommitteeSeat
from domain.dates import PartialDate
from domain.kernel import Event
from domain.minute import Minute
from domain.money import euros


def opening_in_words(wave: Wave) -> str | None:
    """`21 avril 2015 à 9 h 00`, `juillet 2013`; nothing where it is not known."""
    return when(wave.opens_at, wave.opens_on)


def closing_in_words(wave: Wave) -> str | None:
    """The same of its closing."""
    return when(wave.closes_at, wave.closes_on)


def when(minute: Minute | None, day: PartialDate) -> str | None:
    """A minute, else as much of a date as is known; nothing where nothing is."""
    if minute:
        return minute.in_words()
    return day.in_words() if day.is_known else None


OPEN = "open"


def open_caveat(stage: str, closes: str | None) -> str | None:
    """What is not known of a call that was said open, and of which no closing is known."""
    if stage != OPEN or closes:
        return None
    return "aucune clôture n'est enregistrée : le registre ne sait pas s'il l'est encore"


def left_in_words(closes_at: Minute, at: datetime) -> str:
    """How long is left at an instant before a closing, whose minute counts whole."""
    left = closes_at.over - at
    if left <= timedelta():
        return "clôture passée"
    for size, name in ((timedelta(days=1), "jour"), (timedelta(hours=1), "heure")):
        if left >= 2 * size:  # under two days, hours tell more
            return f"il reste {left // size} {name}s"
    minutes = -(-left // timedelta(minutes=1))
    return f"il reste {minutes} minute{'s' * (minutes > 1)}"


def amount_in_words(amount: int, note: str | None) -> str:
    """An envelope, and what is said of it."""
    return f"{euros(amount)} ({note})" if note else euros(amount)


def bounds_in_words(least: int | None, most: int | None) -> str:
    """The least and the most that an application is given."""
    if least is not None and most is not None:
        return f"de {euros(least)} à {euros(most)}" if least != most else euros(least)
    if least is not None:
        return f"{euros(least)} au moins"
    return f"{euros(most)} au plus" if most is not None else "sans limite"


def seat_in_words(seat: CommitteeSeat) -> str:
    """A seat by its office."""
    marks = (("présidence", seat.chair), ("sans voix", not seat.votes))
    told = ", ".join(mark for mark, holds in marks if holds)
    return f"{seat.title} ({told})" if told else seat.title


@tells
def tell_call(event: Event) -> tuple[str, str] | None:
    """Calls in words; what was decided of an application is never among it."""
    match event:
        case Call.Planned(title=title, call_kind=kind, authority=authority):
            return "Appel prévu", f"« {title} » ({CALL_KINDS[kind]}), lancé par : {authority}"
        case Call.Specified(specification=told):
            return "Cahier des charges fixé", joined(told.title, told.address)
        case Call.EnvelopeSet(amount_cents=amount, note=note):
            return "Enveloppe fixée", amount_in_words(amount, note)
        case Call.BoundsSet(min_cents=least, max_cents=most):
            return "Montant par dossier", bounds_in_words(least, most)
        case Call.WaveSet() as wave:
            opens = when(wave.opens_at, wave.opens_on) or "date inconnue"
            closes = when(wave.closes_at, wave.closes_on) or "date inconnue, ou sans clôture"
            return "Vague fixée", f"{wave.title} ; ouverture : {opens} ; clôture : {closes}"
        case Call.ClosingPostponed(closes_at=closes_at, decided_on=day, reasons=reasons):
            decided = f"décision du {PartialDate.on(day).in_words()}"
            return "Clôture reportée", f"au {closes_at.in_words()}, {decided} : {reasons}"
        case Call.CommitteeAttached():
            return "Comité composé pour cet appel", ""
        case Call.DossierAttached():
            return "Dossier commencé", ""
        case Call.SessionAttached():
            return "Séance du comité convoquée", ""
        case Call.ClaimAttached():
            return "Déclaration sur cet appel", "avec sa source, à part"
        case Call.ResultsAnnounced(announcement=where):  # its wave is named where it is known
            return "Résultats annoncés", where or ""
        case Call.AdvisersNamed(seats=seats):
            named = [
                f"{COLLEGES[college]} : {sum(seat.college is college for seat in seats)}"
                for college in AdviserCollege
            ]
            return "Avis à recueillir", " ; ".join(named)
        case _:
            return None


@tells
def tell_committee(event: Event) -> tuple[str, str] | None:
    """Committees in words: offices, never persons."""
    match event:
        case Committee.Constituted(code=code, seats=seats):
            said = ", ".join(seat_in_words(seat) for seat in seats)
            return "Comité composé", f"appel {code} : {said}"
        case Committee.SeatFilled(seat=seat):
            return "Membre du comité nommé", f"siège {seat}"
        case Committee.SeatVacated(seat=seat):
            return "Siège du comité vacant", seat
        case Committee.Changed(seats=seats, reasons=reasons):
            said = ", ".join(seat_in_words(seat) for seat in seats)
            return "Composition du comité modifiée", joined(said, reasons)
        case Committee.MadePublic(reference=reference, address=address):
            return "Liste du comité rendue publique", joined(reference, address)
        case Committee.ProcedureAdopted(procedure=procedure):
            return "Règlement intérieur adopté", procedure.source
        case _:
            return None
