"""Where personal values lie, in words, and how they are shown; none is opened to find them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from application.case import called
from application.document_list import RETENTIONS
from application.wording import ROLES, capital, tell
from application.world import World
from domain.dates import day_in_words, paris_day
from domain.kernel import EVENTS, MARKED, Event, Recorded
from domain.personal import BASES, Basis, KeysUnreachable, SealedAltered, sealed_in
from domain.pole import Pole
from domain.provenance import Kind
from domain.retention import Retention, kept_until
from domain.roles import Role
from domain.values import Frozen, Sealed
from domain.words import Text

ERASED = "effacé"
"""What stands where a sealed text was, once an act on record erased it."""

MISSING = "manquant"
"""What stands there where it is gone and no act on record erased it: somebody took it away."""

UNREACHABLE = "indisponible"
"""What stands there while the keys cannot be reached: it is not erased."""

ALTERED = "altéré"
"""What stands there where the keys are of use and the value does not open: somebody changed it."""

WHY: Mapping[str, str] = {
    ERASED: "un effacement est enregistré",
    UNREACHABLE: "les clés ne peuvent pas être jointes pour l'instant",
    MISSING: "la valeur ou sa clé n'est plus là, et aucun effacement n'est enregistré",
    ALTERED: "la valeur est là, les clés servent, et elle ne s'ouvre plus",
}
"""What is told in the place of a value, each with its one meaning."""


def opened(world: World, kept: Sealed, *, event: type[Event], field: str) -> str:
    """A personal value as it is shown: its words, or why there are none."""
    try:
        said = world.open(kept, event=event, field=field)
    except SealedAltered:
        return ALTERED
    except KeysUnreachable:
        return UNREACHABLE
    if said is None:
        return ERASED if world.erased(kept) else MISSING
    return said


class UnreadName(Frozen):
    """A name that nobody can read: the event that keeps it, and the word that stands for it."""

    position: int
    instead: str


def unread_in_words(unread: Sequence[UnreadName]) -> str:
    """How many they are, and where: « 2 (n° 4 du journal, altéré ; n° 9 du journal, manquant) »."""
    told = [f"n° {one.position} du journal, {one.instead}" for one in unread[:SHOWN]]
    return f"{len(unread)} ({' ; '.join(told + ['…'] * (len(unread) > SHOWN))})"


SHOWN = 20
"""Names that cannot be read are told one by one up to so many."""


class PersonalPlace(Frozen):
    """A sealed value: what it is, and where it lies. What it says is not told."""

    ref: str
    subject: UUID
    """For whom it is sealed: what lies under one key goes together."""
    purpose: str
    holds: Text
    persons: Text
    is_name: bool
    basis: Basis
    retention: Retention
    keep_until: date | None
    """The last day on which it is to be kept; none: for ever."""
    topic: str
    field: str
    told: str
    """The event that keeps it, in words."""
    about: str = ""
    """The pole, or else the case, that it is about, as people call it."""
    stream: UUID
    """What it is about: a signature, a contribution, a pole."""
    position: int
    recorded_at: datetime
    since: date
    role: Role
    """In which role it was recorded."""
    event_id: UUID | None = None
    """The identity of the event, by which it is corrected."""
    corrects: int | None = None
    """The event that this one corrects, by its position."""
    corrected_by: int | None = None
    """The event that corrects this one."""


def marked_events() -> list[type[Event]]:
    """Every kind of event that keeps a sealed value."""
    return list({EVENTS[topic] for topic, _ in MARKED if topic == EVENTS[topic].TOPIC})


def places(world: World, subjects: Mapping[str, UUID]) -> list[PersonalPlace]:
    """Where some sealed values lie, oldest first; those of corrected facts too.

    Args:
        subjects: for whom each is sealed, by its reference.
    """
    wanted, told = frozenset(subjects), list(world.told_ever(*marked_events()))
    positions = {one.event.meta.event_id: one.position for one in told}
    mended = {one.mends: one.position for one in told if one.event.kind is Kind.CORRECT}
    return [
        place.model_copy(
            update={
                "about": _about(world, recorded),
                "event_id": recorded.event.meta.event_id,
                "corrects": positions.get(recorded.mends) if recorded.mends else None,
                "corrected_by": mended.get(recorded.event.meta.event_id),
            }
        )
        for recorded in told
        for place in _in(recorded, wanted, subjects)
    ]


def _about(world: World, recorded: Recorded) -> str:
    own = recorded.stream if recorded.event.TOPIC.startswith("pole.") else None
    id_ = getattr(recorded.event, "pole", None) or own
    pole = world.load(Pole, id_) if isinstance(id_, UUID) else None
    return called(pole)[1] if pole else str(getattr(recorded.event, "code", ""))


def _in(
    recorded: Recorded, wanted: Collection[str], subjects: Mapping[str, UUID]
) -> Iterator[PersonalPlace]:
    event = recorded.event
    for field, kept, marked in sealed_in(event):
        if kept.ref in wanted:
            since = recorded.in_force_from
            yield PersonalPlace(
                ref=kept.ref,
                subject=subjects[kept.ref],
                purpose=marked.purpose,
                holds=marked.holds,
                persons=marked.persons,
                is_name=marked.is_name,
                basis=marked.basis,
                retention=marked.retention,
                keep_until=kept_until(marked.retention, since, None),
                topic=event.TOPIC,
                field=field,
                told=tell(event)[0],
                stream=recorded.stream,
                position=recorded.position,
                recorded_at=recorded.recorded_at,
                since=since,
                role=event.meta.role,
            )


# The answer to a person.

OF_THE_LOG = (
    "Ce nombre d'événements et cette racine désignent le journal tel qu'il est ce jour : qui les "
    "garde pourra vérifier que rien de ce qui y était n'a été réécrit depuis."
)
"""What a person does with the size and the root that they are given."""


class PersonalValue(PersonalPlace):
    """A sealed value with its words."""

    value: str
    """What it says, or one of the words of `WHY`."""
    purpose_words: str
    """What it is kept for; then the other codes, as people say them."""
    basis_words: str
    retention_words: str
    role_words: str


class DocumentAbout(Frozen):
    """A document that is about a person; its content is handed over apart."""

    id: UUID
    title: str
    filed_on: str
    retention: Retention


class PersonAnswer(Frozen):
    """Everything that is kept of a person, and the log that it was read from."""

    id: UUID
    """By which it is told that a request was carried out."""
    answered_at: datetime
    size: int
    root: str
    values: tuple[PersonalValue, ...]
    documents: tuple[DocumentAbout, ...]


def valued(world: World, place: PersonalPlace, aim: str) -> PersonalValue:
    """A sealed value, opened where it lies.

    Args:
        aim: what it is kept for, in words.
    """
    said = opened(world, Sealed(ref=place.ref), event=EVENTS[place.topic], field=place.field)
    return PersonalValue(
        value=said,
        purpose_words=aim,
        basis_words=BASES[place.basis],
        retention_words=RETENTIONS[place.retention],
        role_words=ROLES[place.role],
        **dict(place),
    )


def answer_in_words(answer: PersonAnswer) -> str:
    """The answer as the person reads it."""
    lines = [
        "Ce que le registre conserve de vous",
        f"(RGPD, articles 15 et 20 ; réponse du {day_in_words(paris_day(answer.answered_at))})",
        "",
        *(line for value in answer.values for line in _value_in_words(value)),
        *_documents_in_words(answer.documents),
    ]
    if lacks := [*lacks_in_words(answer)]:
        lines += [*lacks, ""]
    lines += [
        "Vous pouvez demander que ce qui est inexact soit rectifié (article 16), que ce qui n'a "
        "plus à être conservé soit effacé (article 17), que le traitement soit limité (article "
        "18), ou vous y opposer (article 21). Vous pouvez saisir la CNIL d'une réclamation.",
        "",
        f"Journal du registre : {answer.size} événements, racine {answer.root}. {OF_THE_LOG}",
    ]
    return "\n".join(lines)


def lacks_in_words(answer: PersonAnswer) -> Iterator[str]:
    """What an answer has not got of what is kept, and why: nothing, where it is complete."""
    lacks: dict[str, list[int]] = {}
    for value in answer.values:
        if value.value in (UNREACHABLE, MISSING, ALTERED):
            lacks.setdefault(value.value, []).append(value.position)
    if lacks:
        yield "Cette réponse n'est pas complète ; ce qui y manque n'est pas effacé :"
    for instead, positions in lacks.items():
        where = ", ".join(f"n° {position}" for position in dict.fromkeys(positions))
        yield f"  {instead:<13} {WHY[instead]} ({where} du journal)"


def kept_in_words(place: PersonalPlace) -> str:
    """For how long a value is kept, from which day."""
    if place.keep_until is None:
        return "sans limite"
    since, until = day_in_words(place.since), day_in_words(place.keep_until)
    return f"{RETENTIONS[place.retention]} à compter du fait ({since}) : jusqu'au {until}"


def mended_in_words(place: PersonalPlace) -> Iterator[str]:
    """What a correction made of a value: what it was said instead of, what is said instead."""
    if place.corrects:
        yield f"rectifie ce que disait le n° {place.corrects} du journal"
    if place.corrected_by:
        yield f"rectifié ensuite, au n° {place.corrected_by} du journal"


TO_YOU: Mapping[str, str] = {
    "où lui répondre": "où vous répondre",
    "ce que cette personne écrit": "ce que vous avez écrit",
    "pourquoi il est décidé ainsi de sa demande": "pourquoi il est décidé ainsi de votre demande",
}
"""What is kept of who asks, as they are told it; the rest is said of them as of anybody."""


def _value_in_words(value: PersonalValue) -> Iterator[str]:
    since = day_in_words(paris_day(value.recorded_at))
    yield f"{capital(TO_YOU.get(value.holds.fr, value.holds.fr))} : {value.value}"
    yield f"  pourquoi       pour {value.purpose_words}"
    yield f"  enregistré     {since}, par : {value.role_words}"
    about = f", {value.about}" if value.about else ""
    yield f"  à l'occasion   {value.told}{about} (n° {value.position} du journal)"
    yield f"  concerne       {value.persons.fr}"
    yield from (f"  rectification  {said}" for said in mended_in_words(value))
    yield f"  fondement      {value.basis_words}"
    yield f"  conservation   {kept_in_words(value)}"
    yield ""


def _documents_in_words(documents: Sequence[DocumentAbout]) -> Iterator[str]:
    if documents:
        yield "Documents qui vous concernent (leur contenu vous est remis à part) :"
        for document in documents:
            yield f"  {document.title}, {document.filed_on} ({document.id})"
        yield ""
