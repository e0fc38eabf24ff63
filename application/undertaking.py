"""Follow undertakings one by one: report with evidence, assess, extend, release; list them."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.awaited import Awaited, Pending, identity, said_on
from application.command import Command, Work
from application.correction import Statement
from application.listing import Listed, Listing, listing
from application.offices import RECORDERS, TELLERS
from application.wording import WORDS, capital, date_in_words, tells
from application.world import Moment, World
from domain.charter import CharterSignature, Signer
from domain.charter_text import Charter, CharterKind, FoundingNetwork
from domain.document import Document
from domain.kernel import Event
from domain.pole import Pole
from domain.recording import new_identity
from domain.roles import Role
from domain.undertaking import (
    Bound,
    Towards,
    Undertaking,
    UndertakingFinding,
    UndertakingId,
    UndertakingStanding,
    first_late_day,
)
from domain.values import Prose

NETWORKS: Mapping[str, str] = {
    FoundingNetwork.LABO: "Labo de l'ESS",
    FoundingNetwork.RTES: "RTES",
    FoundingNetwork.COORACE: "COORACE",
    FoundingNetwork.ESS_FRANCE: "ESS France (anciennement CNCRES)",
    FoundingNetwork.MES: "MES",
}
"""What people call the founding networks."""

ASSESSMENTS: Mapping[str, str] = {
    UndertakingFinding.KEPT: "tenu",
    UndertakingFinding.PARTLY: "tenu en partie",
    UndertakingFinding.NOT_KEPT: "non tenu",
}

WORDS[FoundingNetwork] = NETWORKS
WORDS[Bound] = {
    Bound.POLE: "pôle",
    Bound.MEMBER: "membre d'un pôle",
    Bound.NETWORK: "réseau fondateur",
}
WORDS[Towards] = {
    Towards.CHARTER: "charte nationale",
    Towards.LOCAL_CHARTER: "charte locale du pôle",
}
WORDS[UndertakingFinding] = ASSESSMENTS
WORDS[UndertakingStanding] = {
    UndertakingStanding.GIVEN: "pris",
    UndertakingStanding.REPORTED: "rapporté, à apprécier",
    UndertakingStanding.KEPT: "tenu",
    UndertakingStanding.PARTLY: "tenu en partie",
    UndertakingStanding.NOT_KEPT: "non tenu",
}


BOUND = {Signer.POLE: Bound.POLE, Signer.NETWORK: Bound.NETWORK, Signer.MEMBER: Bound.MEMBER}


def take_on(work: Work, signature: CharterSignature, charter: Charter) -> None:
    """Give each undertaking of a text a history of its own, in the save that says so.

    They hold as long as the signature does: a signature given for a time gives them for that time.
    """
    ids = tuple(UndertakingId(new_identity()) for _ in charter.text.undertakings)
    if not ids:
        return
    signature.follow_up(ids)
    network = NETWORKS[signature.network] if signature.network else None
    towards = {CharterKind.NATIONAL: Towards.CHARTER, CharterKind.LOCAL: Towards.LOCAL_CHARTER}
    with work.dated(signature.signed_on, valid_to=signature.end):
        for id_, written in zip(ids, charter.text.undertakings, strict=True):
            undertaking = Undertaking.give(
                id_,
                bound=BOUND[signature.signer],
                pole=signature.pole,
                member=signature.member,
                organisation=network or signature.organisation,
                towards=towards[charter.charter_kind],
                text=charter.id,
                item=written.id,
                signature=signature.id,
                words=written.words,
            )
            work.save(undertaking)


def release_all(work: Work, undertakings: Sequence[UUID], *, motive: str) -> None:
    """Let nobody be bound any more by what a signature that ends bound to (product rule)."""
    for id_ in undertakings:
        undertaking = work.get(Undertaking, id_)
        if undertaking.in_force_on(work.day):
            undertaking.release(motive=motive, occurred_on=work.occurred_on)
            work.save(undertaking)


class UndertakingCommand(Command):
    """Something done about one undertaking."""

    IS_NEWS: ClassVar[bool] = False
    """Whether it shows that the pole is alive."""

    undertaking: UndertakingId = Field(description="Identifiant de l'engagement.")

    @override
    def execute(self, work: Work) -> UUID:
        undertaking = work.get(Undertaking, self.undertaking)
        pole = work.get(Pole, undertaking.pole) if undertaking.pole else None
        if pole:
            work.allow(pole, self.NAME)
        self.act(work, undertaking)
        work.save(undertaking)
        if pole:
            pole.attach("undertaking", undertaking.id, is_news=self.IS_NEWS)
            work.save(pole)
        return undertaking.id

    @abstractmethod
    def act(self, work: Work, undertaking: Undertaking) -> None:
        """Do it with the undertaking."""


class ReportUndertaking(
    UndertakingCommand,
    Statement,
    name="undertaking.report",
    says="Dire ce qui a été fait pour tenir un engagement, avec les documents qui le montrent.",
    by=(Role.POLE_REPRESENTATIVE, Role.MEMBER_ORGANISATION, *RECORDERS),
):
    """Report on an undertaking, with evidence. Somebody else says whether it is kept."""

    words: Prose = Field(description="Ce qui a été fait.")
    documents: tuple[UUID, ...] = Field((), description="Documents qui le montrent (identifiants).")

    IS_NEWS: ClassVar[bool] = True

    @override
    def act(self, work: Work, undertaking: Undertaking) -> None:
        for document in self.documents:
            work.get(Document, document)
        undertaking.report(
            words=self.words, documents=self.documents, persons=work.persons, day=work.day
        )


class AssessUndertaking(
    UndertakingCommand,
    Statement,
    name="undertaking.assess",
    says="Constater si un engagement est tenu ; ce n'est pas à qui en a rapporté de le dire.",
    by=TELLERS,
):
    """Find whether an undertaking is kept; not by whoever reported on it."""

    assessment: UndertakingFinding = Field(description="Tenu, tenu en partie, ou non tenu.")
    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, undertaking: Undertaking) -> None:
        undertaking.assess(
            self.assessment, reasons=self.reasons, persons=work.persons, day=work.day
        )


class ExtendUndertaking(
    UndertakingCommand,
    Statement,
    name="undertaking.extend",
    says="Donner une échéance à un engagement, ou la reporter.",
    by=RECORDERS,
):
    """Give an undertaking a last day, or a later one."""

    due: date = Field(description="Le dernier jour pour le tenir.")
    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, undertaking: Undertaking) -> None:
        undertaking.extend(self.due, reasons=self.reasons, day=work.day)


class ReleaseUndertaking(
    UndertakingCommand,
    Statement,
    name="undertaking.release",
    says="Délier d'un engagement à partir d'un jour ; ce qui en fut rapporté reste lisible.",
    by=RECORDERS,
):
    """Let nobody be bound by an undertaking from a day on."""

    motive: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, undertaking: Undertaking) -> None:
        undertaking.release(motive=self.motive, occurred_on=work.occurred_on)


# --- in words -----------------------------------------------------------------------------------


@tells
def _told(event: Event) -> tuple[str, str] | None:
    match event:
        case Undertaking.Given(words=words, organisation=who):
            return "Engagement pris", f"{who} : {words}" if who else words
        case Undertaking.Reported(words=words, documents=documents):
            shown = f" ({len(documents)} document{'s' * (len(documents) > 1)} à l'appui)"
            return "Engagement : compte rendu", words + (shown if documents else "")
        case Undertaking.Assessed(assessment=found, reasons=reasons):
            return f"Engagement {ASSESSMENTS[found]}", reasons
        case Undertaking.Extended(due=due, reasons=reasons):
            last = date_in_words(due.isoformat())
            return "Engagement : échéance donnée", f"{last}. {capital(reasons)}"
        case Undertaking.Released(motive=motive):
            return "Engagement délié", motive
    return None


# --- the list -----------------------------------------------------------------------------------


class UndertakingListed(Listed):
    """An undertaking as lists show it."""

    bound: Bound = Field(title="Qui s'engage")
    organisation: str | None = Field(None, title="Organisation")
    member: UUID | None = None
    towards: Towards = Field(title="Texte")
    text: UUID
    item: str
    signature: UUID = Field(title="Signature")
    words: str = Field(title="Engagement")
    standing: UndertakingStanding = Field(title="Où il en est")
    due: date | None = Field(None, title="Échéance")
    late: bool = Field(False, title="En retard")
    documents: int = Field(0, title="Documents à l'appui")

    @property
    def stands(self) -> str:
        """Where it stands, and that it is late where it is."""
        said = WORDS[UndertakingStanding][self.standing]
        return f"{said}, en retard" if self.late else said


ANSWERABLE: Mapping[Bound, Role] = {
    Bound.POLE: Role.POLE_REPRESENTATIVE,
    Bound.MEMBER: Role.MEMBER_ORGANISATION,
    Bound.NETWORK: Role.NETWORK,
}
"""In which role whoever is bound says what was done."""


def _awaits_report(world: World, line: UndertakingListed, moment: Moment) -> Pending | None:
    if line.due is None:
        return None
    due = date_in_words(line.due.isoformat())
    return Pending(
        since=first_late_day(line.due),
        says=f"{_words(line)} (échéance {due}, dépassée)",
        by=(ANSWERABLE[line.bound],),
    )


def _awaits_finding(world: World, line: UndertakingListed, moment: Moment) -> Pending | None:
    undertaking = world.load(Undertaking, line.id, moment.known)
    return Pending(
        since=said_on(world, line),
        says=_words(line),
        out=undertaking.reporters if undertaking else (),
    )


def _words(line: UndertakingListed) -> str:
    """The undertaking, and who gave it where that is not the pole itself."""
    return f"{line.organisation} : {line.words}" if line.organisation else line.words


UNDERTAKINGS = listing(
    Listing(
        name="undertaking",
        line=UndertakingListed,
        title="Engagements pris",
        says="Ce à quoi les signataires d'une charte se sont engagés, suivi un à un. "
        "Un engagement pris ici n'est pas un engagement financier et n'ouvre aucune décision "
        "de l'État.",
        path="/engagements-pris",
        columns=(
            *("words", "pole_name", "organisation", "towards"),
            *("stands", "due", "documents", "occurred_on", "until", "source"),
        ),
        headings={"stands": "Où il en est"},
        filters=("standing", "late", "bound", "towards", "signature"),
        order=("valid_from", "item"),
        detail=("words", "/engagements-pris/"),
        empty="Aucun engagement n'est suivi.",
        begun_by="charter_signature.follow_up",
        ends_with_pole=True,
        thing="Engagement pris",
        awaits=(
            Awaited(
                id="report",
                title="Dire ce qui a été fait pour tenir l'engagement",
                by=tuple(ANSWERABLE.values()),
                command="undertaking.report",
                pending=_awaits_report,
                given=identity("undertaking"),
                where={"late": True},
            ),
            Awaited(
                id="finding",
                title="Constater si l'engagement est tenu",
                by=(Role.COORDINATOR, Role.REGIONAL_COORDINATOR),
                command="undertaking.assess",
                pending=_awaits_finding,
                given=identity("undertaking"),
                where={"standing": UndertakingStanding.REPORTED},
            ),
        ),
    )
)
