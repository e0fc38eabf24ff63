"""Contest a fact, answer a contest, and list them: until the answer, both versions stand."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID, uuid4

from pydantic import Field, computed_field
from typing_extensions import override

from application.awaited import Awaited, Pending, identity, said_on
from application.command import Command, Work
from application.contested import SEALED, held_in_words, who_in_words
from application.fact import fact_told
from application.history_in_words import ATTACHMENTS, history_lines
from application.listing import Listed, Listing, listing
from application.offices import PART_TAKERS, TELLERS
from application.recognition import put_lapses_on_record
from application.wording import WORDS, inside, tells
from application.world import Moment, World
from domain.contest import (
    CONTESTS,
    ContestedBy,
    ContestId,
    ContestOutcome,
    NeverAMember,
    NoSuchContest,
    NotAFact,
    WhoContests,
)
from domain.dates import PartialDate
from domain.distinct import those
from domain.errors import Invalid, NotFound
from domain.kernel import Event, Recorded
from domain.pole import Pole
from domain.roles import Role
from domain.spelling import same
from domain.values import Line, Personal, Prose, Sealed

ATTACHING = (Pole.RecognitionAttached, Pole.CharterSignatureAttached, Pole.Attached)
"""What says only that something with a history of its own concerns a pole."""

ORGANISATION = "organisation:"


class ContestLasts(Invalid):
    """A contest ends with its answer."""

    code = "contest.lasts"
    fr = "Une contestation dure jusqu'à sa réponse : ne donnez pas de fin."
    en = "A contest lasts until its answer: give no end."


UNSEEN = ("contribution.", "exchange.", "evaluation.positioned", "evaluation.left_unobserved")
"""What is not public: that it exists is not to be learnt from a contest of it."""


def pole_of(work: Work, fact: Recorded) -> UUID:
    """The pole that a fact is about: its own, or that of something which concerns it."""
    if fact.event.TOPIC.startswith(UNSEEN):
        raise NotFound(name=fact.event.meta.event_id)
    if fact.event.TOPIC.startswith("pole."):
        return fact.stream
    first = work.history(fact.stream)[0].event
    said = getattr(first, "pole", None) or getattr(first, "about", None)
    if isinstance(said, UUID):
        return said
    for recorded in work.told(*ATTACHING):
        match recorded.event:
            case Pole.RecognitionAttached(recognition=related):
                pass
            case Pole.CharterSignatureAttached(signature=related):
                pass
            case Pole.Attached(subject=related):
                pass
            case _:
                continue
        if related == fact.stream:
            return recorded.stream
    raise NotAFact(reason="ce n'est pas un fait d'un pôle")


class ContestFact(
    Command,
    name="fact.contest",
    says="Contester un fait : les deux versions restent, marquées « contesté », jusqu'à une "
    "réponse motivée.",
    by=(*PART_TAKERS, Role.PAYER),
):
    """Hold a recorded fact otherwise. Nothing automatic follows from it until the answer.

    What a person says is sealed, with who they are: it may name others.
    """

    about: UUID = Field(description="Identifiant de l'événement contesté (voir l'historique).")
    by_kind: ContestedBy = Field(description="Qui conteste : member, pole ou person.")
    version: Personal = Field(description="Ce qui est soutenu à la place (scellé, d'une personne).")
    organisation: Line | None = Field(None, description="Le membre qui conteste, par son nom.")
    person: Personal | None = Field(None, description="La personne qui conteste (scellé).")
    evidence: Personal | None = Field(
        None, description="La pièce qui l'appuie (scellé, d'une personne)."
    )

    @override
    def execute(self, work: Work) -> UUID:
        if self.valid_to:
            raise ContestLasts
        fact = fact_told(work.world, self.about)
        if isinstance(fact.event, ATTACHMENTS):
            raise NotAFact(reason="contestez le fait lui-même, non ce qui le rattache au pôle")
        pole = work.get(Pole, pole_of(work, fact))
        work.allow(pole, self.NAME)
        subject = uuid4()
        evidence = self._kept(work, self.evidence, "evidence", subject) if self.evidence else None
        contest = pole.contest(
            fact=fact.event.meta.event_id,
            topic=fact.event.TOPIC,
            stream=fact.stream,
            place=fact.version,
            by_kind=self.by_kind,
            by=self._by(work, pole, subject),
            version=self._kept(work, self.version, "version", subject),
            persons=work.persons,
            evidence=evidence,
            occurred_on=work.occurred_on,
            today=work.today,
        )
        work.save(pole)
        return contest

    def _by(self, work: Work, pole: Pole, subject: UUID) -> str | Sealed:
        is_member, is_person = (self.by_kind is kind for kind in (_MEMBER, _PERSON))
        if self.person and not is_person:
            raise WhoContests(reason="« person » ne se donne que pour une personne qui conteste.")
        if self.organisation and not is_member:
            raise WhoContests(
                reason="« organisation » ne se donne que pour un membre qui conteste."
            )
        if is_person:
            if self.person is None:
                raise WhoContests(reason="Dites dans « person » qui conteste : ce sera scellé.")
            return self._kept(work, self.person, "by", subject)
        if not is_member:
            return pole.name_on(work.day)
        party = work.party[0]
        name = self.organisation or (
            party.removeprefix(ORGANISATION) if party.startswith(ORGANISATION) else None
        )
        if name is None:
            raise WhoContests(reason="Dites dans « organisation » quel membre conteste.")
        known = [m.name for m in pole.members.values() if m.name and same(m.name) == same(name)]
        if not known:
            raise NeverAMember(name=name)
        return known[0]

    def _kept(self, work: Work, said: Personal, field: str, subject: UUID) -> str | Sealed:
        """Words as the event keeps them: those of a person sealed."""
        if self.by_kind is not _PERSON:
            return said.text
        return work.seal(said, event=Pole.FactContested, field=field, subject=subject)


_MEMBER, _PERSON = ContestedBy.MEMBER, ContestedBy.PERSON


class AnswerContest(
    Command,
    name="fact.answer_contest",
    says="Répondre à une contestation, avec les motifs ; qui a contesté ne répond pas.",
    by=TELLERS,
):
    """Say what comes of a contest, and why. What was held back until then may now happen."""

    contest: UUID = Field(description="Identifiant de la contestation.")
    outcome: ContestOutcome = Field(description="Ce qui est répondu.")
    reasons: Prose = Field(description="Les motifs de la réponse.")
    corrected_by: tuple[UUID, ...] = Field(
        (), description="Les événements qui corrigent le fait.", max_length=100
    )

    @override
    def execute(self, work: Work) -> UUID:
        if self.valid_to:
            raise ContestLasts
        pole = work.get(Pole, _pole_of_contest(work, self.contest))
        work.allow(pole, self.NAME)
        for id_ in self.corrected_by:
            correction = work.fact(id_)
            if correction.event.TOPIC in CONTESTS or pole_of(work, correction) != pole.id:
                raise NotAFact(reason=f"{id_} n'est pas un fait de ce pôle qui en corrige un autre")
        pole.answer_contest(
            self.contest,
            self.outcome,
            reasons=self.reasons,
            persons=work.persons,
            corrected_by=self.corrected_by,
            is_sourced=work.is_sourced,
            occurred_on=work.occurred_on,
            today=work.today,
        )
        work.save(pole)
        put_lapses_on_record(work, pole)
        work.resume(pole)
        return self.contest


def _pole_of_contest(work: Work, contest: UUID) -> UUID:
    for recorded in work.told(Pole.FactContested):
        event = recorded.event
        if isinstance(event, Pole.FactContested) and event.contest == contest:
            return recorded.stream
    raise NoSuchContest(contest=contest)


# --- in words, and in a list -------------------------------------------------------------------

KINDS_OF_FACT: Mapping[str, str] = {
    "pole.registered": "l'inscription au registre",
    "pole.renamed": "le nom",
    "pole.located": "le territoire",
    "pole.activity_described": "l'activité",
    "pole.member_joined": "l'arrivée d'un membre",
    "pole.member_left": "le départ d'un membre",
    "pole.member_changed": "la nature ou l'identifiant d'un membre",
    "pole.ess_confirmed": "la qualité d'entreprise de l'ESS d'un membre",
    "pole.carrier_designated": "la structure porteuse",
    "pole.entry_described": "une rubrique du profil",
    "pole.entry_ended": "la fin d'une rubrique du profil",
    "pole.indicator_measured": "la mesure d'un objectif",
    "pole.succeeded": "la succession d'un autre pôle",
    "pole.evidence_filed": "une pièce versée",
    "pole.contact_attempted": "une prise de contact",
    "pole.recognition_ended": "la fin d'une reconnaissance",
    "pole.moved": "une étape du parcours",
    "pole.journey_begun": "un parcours commencé",
    "pole.migrated": "un changement de règles",
    "pole.deadline_passed": "une échéance dépassée",
    "pole.deadline_reminded": "un rappel d'échéance",
    "pole.vote_opened": "l'ouverture d'un vote",
    "pole.ballot_cast": "un bulletin",
    "pole.recusal_declared": "un déport",
    "pole.vote_closed": "la clôture d'un vote",
    "pole.vote_withdrawn": "le retrait d'un vote",
    "recognition": "une reconnaissance",
    "charter_signature": "une signature de la charte",
    "claim": "une déclaration",
    "accompaniment": "un accompagnement",
    "appeal": "un recours",
    "assessment": "l'appréciation d'un critère",
    "call": "un appel",
    "campaign": "une campagne de mise à jour",
    "charter": "le texte d'une charte",
    "commitment": "un engagement financier",
    "committee": "la composition d'un comité",
    "document": "un document",
    "dossier": "un dossier",
    "establishment": "un établissement",
    "fact": "le retrait d'un fait",
    "evaluation": "un tour d'évaluation",
    "follow_up": "un comité de suivi",
    "following": "le suivi du pôle",
    "funding_plan": "un plan de financement",
    "payment_file": "un fichier de paiements",
    "project": "un projet",
    "privacy_request": "une demande d'exercice de droits",
    "session": "une séance d'un comité",
    "single_undertaking": "les aides de minimis d'une entreprise",
    "undertaking": "un engagement pris",
    "update_request": "une demande de mise à jour",
}
"""What a fact is about, by its topic or by the concept that it is of."""


def kind_of_fact(topic: str) -> str:
    """What a contested fact is about, in words."""
    name = topic.rpartition(".")[0]
    return KINDS_OF_FACT.get(name) or KINDS_OF_FACT.get(topic.partition(".")[0]) or "un autre fait"


@tells
def _told(event: Event) -> tuple[str, str] | None:
    match event:
        case Pole.FactContested(topic=topic, by_kind=by_kind, by=by, version=version):
            said = held_in_words(by_kind, by, version)
            return "Fait contesté", f"{kind_of_fact(topic)} ({said})"
        case Pole.ContestAnswered(outcome=outcome, reasons=reasons, corrected_by=corrected_by):
            corrected = f" Corrections enregistrées : {len(corrected_by)}." if corrected_by else ""
            return "Réponse à une contestation", (
                f"{WORDS[ContestOutcome][outcome]}. Motifs : {reasons}{corrected}"
            )
        case _:
            return None


class ContestStatus(StrEnum):
    """Whether somebody has answered."""

    OPEN = "open"
    ANSWERED = "answered"


WORDS[ContestStatus] = {
    ContestStatus.OPEN: "attend une réponse",
    ContestStatus.ANSWERED: "a reçu sa réponse",
}


class ContestListed(Listed):
    """A contest as lists show it."""

    contested_fact: UUID = Field(title="Événement contesté")
    topic: str
    by_kind: ContestedBy = Field(title="Qui conteste")
    by: str | None = None
    """The organisation; a person is not named."""
    version: str | None = None
    """What is held instead; that of a person is not published."""
    status: ContestStatus = Field(title="Réponse")
    answer: ContestOutcome | None = Field(None, title="Issue")
    answered_on: PartialDate | None = Field(None, title="Répondu")
    reasons: str | None = Field(None, title="Motifs")
    corrected_by: tuple[UUID, ...] = ()

    # Pydantic asks for `computed_field` above a property; mypy knows no decorator there (its issue
    # 1362), so each of these says so.
    @computed_field  # type: ignore[prop-decorator]
    @property
    def what(self) -> str:
        """What the contested fact is about, in words."""
        return kind_of_fact(self.topic)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def who(self) -> str:
        """Who contests, in words; a person by no name."""
        return who_in_words(self.by_kind, self.by)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def held(self) -> str:
        """What is held instead, in words."""
        return f"« {self.version} »" if self.version else SEALED


class ContestLine(ContestListed):
    """The same, with the contested fact as the history of its pole tells it."""

    told: str = Field("", title="Fait contesté")
    told_on: PartialDate | None = Field(None, title="Date du fait")
    told_at: str | None = None
    """Where the history of the pole tells it: the address of its page."""


def with_its_fact(world: World, line: ContestLine) -> ContestLine:
    """Tell the contested fact of a line in words, with its day and where it is read."""
    fact = world.fact(line.contested_fact)
    if fact is None:
        return line
    (told,) = history_lines(world, [fact])
    words = f"{told.title} : {told.detail}" if told.detail else told.title
    if told.says_a_figure:
        words = f"{inside(words)}. Source : {told.source or 'non précisée'}."
    page = f"/poles/{line.pole_code}/evenements/{fact.position}" if line.pole_code else None
    update = {"told": words, "told_on": fact.event.occurred_on, "told_at": page}
    return line.model_copy(update=update)


def _awaits_answer(world: World, line: ContestLine, moment: Moment) -> Pending | None:
    pole = world.load(Pole, line.pole, moment.known) if line.pole else None
    contest = pole.contests.get(ContestId(line.id)) if pole else None
    return Pending(
        since=said_on(world, line),
        says=f"{line.what}, que conteste {line.who}",
        out=those(contest.persons, contest.party) if contest else (),
    )


CONTESTS_LISTED = listing(
    Listing(
        name="contest",
        line=ContestLine,
        title="Contestations",
        says="Les faits que quelqu'un tient pour autres que le registre ne les dit. Les deux "
        "versions restent, et rien ne découle de soi-même d'un fait contesté avant la réponse.",
        path="/contestations",
        columns=("pole_name", "told", "told_on", "who", "held", "occurred_on", "answer", "reasons"),
        headings={
            "who": "Qui conteste",
            "held": "Ce qui est soutenu",
            "occurred_on": "Contesté depuis",
        },
        leads={"told": "told_at"},
        filters=("status", "by_kind"),
        empty="Aucune contestation n'est enregistrée.",
        begun_by="fact.contest",
        complete=with_its_fact,
        sorts={"told": "", "told_on": ""},
        thing="Fait contesté",
        awaits=(
            Awaited(
                id="answer",
                title="Répondre à la contestation, avec les motifs",
                by=(Role.REGISTRAR, Role.COORDINATOR),
                command="fact.answer_contest",
                pending=_awaits_answer,
                given=identity("contest"),
                where={"status": ContestStatus.OPEN},
            ),
        ),
    )
)
