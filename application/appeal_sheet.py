"""What is asked of one appeal: against what, whether it came in time, and where it stands.

What it argues is sealed, and is nowhere here.
"""

from datetime import date
from uuid import UUID

from application.absent import absent
from application.appeal import STATES
from application.case_sheet import deadlines_of
from application.deadline import DeadlineLine
from application.dossier_sheet import AppealLine, dossier_appeals
from application.dossier_words import APPEALS
from application.wording import date_in_words
from application.world import Moment, World
from domain.appeal import Appeal, AppealKind, UnknownAppeal
from domain.call import Call
from domain.dates import PartialDate
from domain.dossier import Dossier
from domain.errors import NotFound
from domain.pole import Pole
from domain.values import Frozen

TERM = "code de justice administrative, art. R. 421-1 et R. 421-5"
"""What says until when to appeal: two months, where the notification told of it."""


class AppealSheet(Frozen):
    """Everything shown of one appeal at a moment."""

    id: UUID
    code: str
    appeal_kind: AppealKind
    kind_title: str
    dossier: UUID
    dossier_code: str
    dossier_title: str
    call_code: str
    call_title: str
    pole: UUID
    pole_code: str
    pole_name: str
    lodged_on: date
    last_day: date | None
    """The last day on which to lodge it, where that is known."""
    late: bool | None
    term: str
    """In words: whether it came in time."""
    term_source: str
    stage: str
    stage_title: str
    stage_about: str
    stage_on: PartialDate
    journey: str
    journey_source: tuple[str, ...]
    deadlines: tuple[DeadlineLine, ...]
    others: tuple[AppealLine, ...]
    """The other appeals about the same dossier."""


def appeal_sheet(world: World, id_: UUID, moment: Moment) -> AppealSheet:
    """The sheet of an appeal; refused where it was not lodged on the day."""
    found, day = world.load(Appeal, id_, moment.known), moment.in_force
    if found is None:
        raise absent(world, id_, UnknownAppeal(name=id_), moment.known)
    stay = found.main.standing_on(day)
    dossier = world.load(Dossier, found.dossier, moment.known)
    pole = world.load(Pole, found.pole, moment.known)
    call = world.load(Call, dossier.call, moment.known) if dossier else None
    content = dossier.content_on(day) if dossier else None
    if dossier is None or pole is None or call is None or content is None:
        raise NotFound(name=id_)
    ref = found.main.journey_on(day) or found.journey
    journey = world.compiled(ref).journey
    state = journey.state[stay.value]
    told = dossier_appeals(world, dossier, pole, moment)
    others = tuple(line for line in told if line.id != found.id)
    return AppealSheet(
        id=found.id,
        code=found.code,
        appeal_kind=found.appeal_kind,
        kind_title=APPEALS[found.appeal_kind],
        dossier=dossier.id,
        dossier_code=dossier.code,
        dossier_title=content.title,
        call_code=call.code,
        call_title=call.title,
        pole=pole.id,
        pole_code=pole.code,
        pole_name=pole.name_on(day),
        lodged_on=found.lodged_on,
        last_day=found.last_day,
        late=found.late,
        term=_term(found, dossier, others),
        term_source=TERM,
        stage=stay.value,
        stage_title=state.title.fr or STATES.get(stay.value, stay.value),
        stage_about=state.about.fr,
        stage_on=stay.occurred_on,
        journey=ref,
        journey_source=journey.source,
        deadlines=deadlines_of(world, "appeal", found.id, moment),
        others=others,
    )


def _term(found: Appeal, dossier: Dossier, others: tuple[AppealLine, ...]) -> str:
    """Whether it came in time, and what that rests on."""
    until = date_in_words(found.last_day.isoformat()).removeprefix("le ") if found.last_day else ""
    match found.late:
        case True:
            limit = f" : il était à former jusqu'au {until}" if until else ""
            return f"formé hors délai{limit}"
        case None:
            return "à vérifier : le jour où la décision fut reçue n'est pas enregistré"
        case _ if until:
            return f"formé à temps : il était à former jusqu'au {until}"
        case _ if dossier.notification_on(found.lodged_on) is None:
            return "formé à temps : la décision n'était pas notifiée, aucun délai ne courait"
        case _ if found.appeal_kind is AppealKind.LITIGATION and _before(found, others):
            return "formé à temps : un recours formé à temps devant l'administration l'a prolongé"
        case _:
            return "formé à temps : deux mois n'étaient pas passés depuis l'envoi de la décision"


def _before(found: Appeal, others: tuple[AppealLine, ...]) -> bool:
    """Whether an appeal to the administration was made in time before one to the court."""
    return any(line.late is False and line.lodged_on <= found.lodged_on for line in others)
