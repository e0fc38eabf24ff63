"""The review of dossiers: eligibility, interests, regional ranking, analysis, opinions."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.dossier import DossierCommand, dossiers_of, is_living
from application.momentary import Momentary
from domain.call import Call, CallId
from domain.call_terms import WaveId
from domain.distinct import Persons
from domain.document import DocumentId
from domain.dossier import Dossier, DossierId
from domain.dossier_states import ELIGIBLE, REGIONAL_REVIEW
from domain.eligibility import AlreadySupported, ConditionId
from domain.errors import Forbidden, Invalid, Refused
from domain.mandate import Party, account
from domain.opinion import NotAnAdviser, OpinionChoice
from domain.review import told_by_another
from domain.roles import Role
from domain.spelling import same
from domain.values import Line, Personal, Prose
from domain.words import Name

Parties = Annotated[
    tuple[Party, ...],
    Field(
        description="Qui d'autre y prend part : account:…, ou organisation:… ; se répète.",
        max_length=100,
        json_schema_extra={"each": "taking-part"},
    ),
]


INTERESTED = (
    *(Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.INSTRUCTOR),
    *(Role.COMMITTEE_MEMBER, Role.SECRETARY, Role.REGISTRAR),
)
"""Who declares an interest: those who examine, and those who put it on record for others."""


class RanksDiffer(Invalid):
    """Each ranked dossier has its reasons."""

    code = "dossier.ranks_reasons"
    fr = "Il y a {ranks} dossiers classés et {reasons} raisons : donnez une raison par dossier."
    en = "There are {ranks} ranked applications and {reasons} reasons: give one reason for each."


class RankedTwice(Refused):
    """A ranking has no ties, and no dossier twice."""

    code = "dossier.ranked_twice"
    fr = "Le dossier {dossier} est classé deux fois."
    en = "{dossier} is ranked twice."


class NotToRank(Refused):
    """A region ranks its eligible dossiers of the wave, and no others."""

    code = "dossier.not_to_rank"
    fr = "Ce ne sont pas des dossiers éligibles de cette région dans cette vague : {dossiers}."
    en = "These are no eligible applications of that region in that wave: {dossiers}."


class LeftOut(Refused):
    """Every eligible dossier of the region has its rank."""

    code = "dossier.left_out"
    fr = "Chaque dossier éligible de la région a son rang ; il manque : {dossiers}."
    en = "Every eligible application of the region has its rank; wanting: {dossiers}."


class NotYetEligible(Refused):
    """A region is ranked once it is known which of its dossiers are eligible."""

    code = "dossier.not_yet_eligible"
    fr = "Avant de classer, il reste à dire si ces dossiers sont éligibles : {dossiers}."
    en = "Before ranking, it is still to be said whether these are eligible: {dossiers}."


class NotYourSeat(Forbidden):
    """An adviser who has an account gives their own opinion."""

    code = "dossier.not_your_seat"
    fr = "Ce siège n'est pas le vôtre : son avis est donné par qui l'occupe, ou par le secrétariat."
    en = "This seat is not yours: its opinion is given by its holder, or by the secretariat."


class AssessCondition(
    DossierCommand,
    name="dossier.assess_condition",
    says="Dire si une des six conditions est remplie, avec les raisons et les pièces.",
    by=(Role.INSTRUCTOR, Role.REGISTRAR),
):
    """Find one of the six conditions of article 3 met, on evidence, or not met."""

    condition: ConditionId = Field(description="La condition : d1 à d6, dans l'ordre de l'article.")
    met: bool = Field(description="Si elle est remplie.")
    reasons: Prose = Field(description="Pourquoi, sans nommer de personne.")
    evidence: tuple[Line, ...] = Field(
        (),
        description="Pièces sur lesquelles la réponse repose ; se répète.",
        max_length=50,
        json_schema_extra={"each": "evidence"},
    )
    documents: tuple[DocumentId, ...] = Field(
        (),
        description="Les documents déposés au registre ; se répète.",
        max_length=50,
        json_schema_extra={"each": "document"},
    )

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        dossier.must_be_free(work.persons, work.day)
        if self.condition is ConditionId.D6 and self.met:
            must_not_be_supported(work, dossier)
        dossier.assess(
            self.condition,
            met=self.met,
            reasons=self.reasons,
            evidence=self.evidence,
            documents=tuple(self.documents),
            persons=work.persons,
        )


def must_not_be_supported(work: Work, dossier: Dossier) -> None:
    """Refuse a project that the State already supports after an earlier call, by any pole."""
    earlier = dossier.support_before(work.day, work.get)
    if earlier:
        raise AlreadySupported(dossier=work.get(Dossier, earlier).code)


class DeclareDossierInterest(
    DossierCommand,
    Statement,
    name="dossier.declare_interest",
    says="Déclarer l'intérêt d'une personne dans un dossier : elle ne prend pas part à l'examen.",
    by=INTERESTED,
):
    """Declare an interest: whoever has one takes no part in the review of the dossier."""

    person: Party | None = Field(
        None, description="Qui a un intérêt : account:… ou organisation:… ; vous, sinon."
    )
    words: Personal | None = Field(None, description="Lequel (scellé).")

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        if before := work.redoes(Dossier.InterestDeclared):
            told_by_another(before.person, work.persons)
        sealed = None
        if self.words:
            sealed = work.seal(
                self.words,
                event=Dossier.InterestDeclared,
                field="words",
                subject=uuid4(),
            )
        dossier.declare_interest(self.person or account(work.actor), words=sealed)


class RankRegion(
    Momentary,
    name="call.rank_region",
    says="Classer tous les dossiers éligibles d'une région, chacun à son rang, sans ex æquo.",
    by=(Role.REGIONAL_COORDINATOR, Role.INSTRUCTOR, Role.REGISTRAR),
):
    """Rank every eligible dossier of a region in a wave, each with its reasons."""

    call: CallId = Field(description="L'appel, par son code ou son identifiant.")
    wave: WaveId = Field(description="La vague.")
    region: Line = Field(description="La région.")
    order: tuple[DossierId, ...] = Field(
        description="Les dossiers, du premier au dernier.",
        min_length=1,
        max_length=1_000,
        json_schema_extra={"each": "dossier"},
    )
    reasons: tuple[Prose, ...] = Field(
        description="La raison du rang de chacun, dans le même ordre, sans nommer de personne.",
        max_length=1_000,
        json_schema_extra={"each": "because"},
    )
    taking_part: Parties = ()

    @override
    def execute(self, work: Work) -> UUID:
        call = work.get(Call, self.call)
        call.wave(self.wave)
        ranked = [work.get(Dossier, id_) for id_ in self.order]
        self._complete(work, call, ranked)
        persons: Persons = (*work.persons, *self.taking_part)
        for place, (dossier, reasons) in enumerate(zip(ranked, self.reasons, strict=True), start=1):
            work.allow(dossier, self.NAME)
            dossier.must_be_free(persons, work.day)
            dossier.rank(
                region=self.region,
                rank=place,
                of=len(ranked),
                reasons=reasons,
                persons=persons,
            )
            if dossier.state_on(work.day) == REGIONAL_REVIEW:
                work.take(dossier, "record_ranking")
            work.save(dossier)
        return call.id

    def _complete(self, work: Work, call: Call, ranked: Sequence[Dossier]) -> None:
        """Refuse a ranking that leaves an eligible dossier out, or takes one in twice."""
        if len(ranked) != len(self.reasons):
            raise RanksDiffer(ranks=len(ranked), reasons=len(self.reasons))
        of_region = [
            dossier
            for dossier in dossiers_of(work, call, self.wave)
            if same(dossier.region or "") == same(self.region) and is_living(dossier)
        ]
        eligible = {d.id: d for d in of_region if d.state_on(work.day) in ELIGIBLE}
        told: set[UUID] = set()
        for dossier in ranked:
            if dossier.id in told:
                raise RankedTwice(dossier=dossier.code)
            told.add(dossier.id)
        foreign = [dossier.code for dossier in ranked if dossier.id not in eligible]
        if foreign:
            raise NotToRank(dossiers=", ".join(foreign))
        undecided = [dossier.code for dossier in of_region if dossier.id not in eligible]
        if undecided:
            raise NotYetEligible(dossiers=", ".join(undecided))
        left = [dossier.code for id_, dossier in eligible.items() if id_ not in told]
        if left:
            raise LeftOut(dossiers=", ".join(left))


class AnalyseDossier(
    DossierCommand,
    name="dossier.analyse",
    says="Enregistrer l'analyse nationale d'un dossier.",
    by=(Role.COORDINATOR, Role.INSTRUCTOR, Role.REGISTRAR),
):
    """Record the national analysis of a dossier."""

    reasons: Prose = Field(description="L'analyse, sans nommer de personne.")
    taking_part: Parties = ()

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        persons = (*work.persons, *self.taking_part)
        dossier.must_be_free(persons, work.day)
        dossier.analyse(reasons=self.reasons, persons=persons)


Seats = Annotated[
    tuple[Name, ...],
    Field(
        description="Les sièges dont l'avis est demandé ; tous ceux de l'appel, sinon.",
        max_length=100,
        json_schema_extra={"each": "adviser"},
    ),
]


class AskOpinion(
    DossierCommand,
    name="dossier.ask_opinion",
    says="Demander l'avis des personnalités qualifiées et des collectivités sur un dossier.",
    by=(Role.SECRETARY, Role.REGISTRAR),
):
    """Ask advisers for their opinion: those of the call that were not asked yet, unless said."""

    advisers: Seats = ()

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        seats = {seat.id: seat for seat in work.get(Call, dossier.call).advisers_on(work.day)}
        asked = self.advisers or tuple(id_ for id_ in seats if id_ not in dossier.opinions)
        for id_ in asked:
            if id_ not in seats:
                raise NotAnAdviser(seat=id_, known=", ".join(seats) or "aucun")
            dossier.ask_opinion(id_, seats[id_].college)


class GiveOpinion(
    DossierCommand,
    Statement,
    name="dossier.give_opinion",
    says="Enregistrer l'avis d'un siège sur un dossier, avec ses raisons.",
    by=(Role.COMMITTEE_MEMBER, Role.SECRETARY, Role.REGISTRAR),
):
    """Record the opinion of a seat that was asked."""

    adviser: Name = Field(description="Le siège.")
    choice: OpinionChoice = Field(description="Favorable, réservé ou défavorable.")
    reasons: Prose = Field(description="Pourquoi, sans nommer de personne.")

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        self._by_its_holder(work, dossier)
        dossier.must_be_free(work.persons, work.day)
        dossier.give_opinion(
            self.adviser,
            choice=self.choice,
            reasons=self.reasons,
            persons=work.persons,
            day=work.day,
        )

    def _by_its_holder(self, work: Work, dossier: Dossier) -> None:
        seats = work.get(Call, dossier.call).advisers_on(work.day)
        holders = {seat.id: seat.account for seat in seats}
        if Role.COMMITTEE_MEMBER in work.who.roles and holders.get(self.adviser) != work.actor:
            raise NotYourSeat(roles="")


class NoteNoOpinion(
    DossierCommand,
    name="dossier.note_no_opinion",
    says="Noter qu'un avis a été demandé et n'est pas rendu.",
    by=(Role.SECRETARY, Role.REGISTRAR),
):
    """Record that an opinion was asked, and is not given."""

    adviser: Name = Field(description="Le siège.")
    why: Line = Field(description="Pourquoi, sans nommer de personne : délai passé, absence…")

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        dossier.note_no_opinion(self.adviser, why=self.why, day=work.day)
