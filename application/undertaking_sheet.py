"""What is asked of one undertaking: where it stands, and what was reported and found of it."""

from datetime import date
from uuid import UUID

from application.absent import absent
from application.wording import known_in_words, tell
from application.world import Moment, World
from domain.dates import PartialDate
from domain.document import Document
from domain.errors import NotFound
from domain.kernel import Recorded
from domain.pole import Pole
from domain.undertaking import Bound, Towards, Undertaking, UndertakingStanding
from domain.values import Frozen


class UnknownUndertaking(NotFound):
    """No such undertaking was recorded then."""

    code = "undertaking.unknown"
    fr = "« {name} » n'est pas un engagement enregistré{moment}."
    en = "“{name}” is not a recorded undertaking{moment}."


class SupportingDocument(Frozen):
    """A document that a report rests on."""

    id: UUID
    title: str | None
    """What it is called, where it is on file."""


class UndertakingEvent(Frozen):
    """Something recorded of an undertaking, in words."""

    position: int
    occurred_on: PartialDate
    title: str
    detail: str
    documents: tuple[SupportingDocument, ...] = ()
    source: str | None = None


class UndertakingSheet(Frozen):
    """An undertaking at a moment."""

    id: UUID
    bound: Bound
    pole: UUID | None
    pole_code: str | None
    pole_name: str | None
    member: UUID | None
    organisation: str | None
    towards: Towards
    text: UUID
    signature: UUID
    words: str
    standing: UndertakingStanding | None
    """Where it stands; absent where nobody is bound by it any more."""
    due: date | None
    late: bool
    occurred_on: PartialDate
    until: date | None
    events: tuple[UndertakingEvent, ...]


def undertaking_sheet(world: World, id_: UUID, moment: Moment) -> UndertakingSheet:
    """An undertaking as it was known then and stood on that day, with its events until then."""
    found = _undertaking(world, id_, moment)
    day = moment.in_force
    history = world.history(id_, moment.known)
    given = history[0].event
    if not isinstance(given, Undertaking.Given):
        raise TypeError(given.TOPIC)  # every undertaking begins by being given
    pole = world.load(Pole, given.pole, moment.known) if given.pole else None
    return UndertakingSheet(
        id=id_,
        bound=given.bound,
        pole=given.pole,
        pole_code=pole and pole.code,
        pole_name=pole and pole.name_on(day),
        member=given.member,
        organisation=given.organisation,
        towards=given.towards,
        text=given.text,
        signature=given.signature,
        words=given.words,
        standing=found.standing_on(day),
        due=found.due_on(day),
        late=found.is_late_on(day),
        occurred_on=given.occurred_on,
        until=found.end,
        events=tuple(
            _event(world, r, moment.known) for r in _by_date(history) if r.in_force_from <= day
        ),
    )


def _undertaking(world: World, id_: UUID, moment: Moment) -> Undertaking:
    try:
        found = world.load(Undertaking, id_, moment.known)
    except NotFound:  # something else has this identity
        found = None
    if found is None or found.start > moment.in_force:
        then = "" if moment.is_today else f", {known_in_words(moment)}"
        raise absent(world, id_, UnknownUndertaking(name=id_, moment=then), moment.known)
    return found


def _by_date(history: list[Recorded]) -> list[Recorded]:
    return sorted(history, key=lambda recorded: (recorded.in_force_from, recorded.position))


def _event(world: World, recorded: Recorded, known: int) -> UndertakingEvent:
    event = recorded.event
    title, detail = tell(event)
    return UndertakingEvent(
        position=recorded.position,
        occurred_on=event.occurred_on,
        title=title,
        detail=detail,
        documents=tuple(
            _document(world, id_, known)
            for id_ in (event.documents if isinstance(event, Undertaking.Reported) else ())
        ),
        source=event.meta.source,
    )


def _document(world: World, id_: UUID, known: int) -> SupportingDocument:
    try:
        found = world.load(Document, id_, known)
    except NotFound:  # something else has this identity
        found = None
    return SupportingDocument(id=id_, title=found.title if found else None)
