"""Announce the results of a wave, notify each of them, and withdraw an award.

Until they are announced, results stand in sessions and nowhere else. One commit decides and moves
every dossier of a wave, and marks each project that the State supports from then on.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.commitment_aid import count_what_was_approved
from application.commitment_award import losing
from application.correction import Statement
from application.dossier import DossierCommand, dossiers_of, is_living
from application.dossier_review import must_not_be_supported
from application.envelope import granted, is_undone, sessions_of
from application.funding_touched import commitments_of, touched_by_loss
from application.momentary import Momentary
from domain.award import (
    DossierOutcome,
    NotificationChannel,
    WithdrawalGround,
)
from domain.call import Call, CallId
from domain.call_terms import WaveId
from domain.deliberation import SessionDecision, SessionOutcome, reserve_list
from domain.document import DocumentId
from domain.dossier import Dossier
from domain.dossier_states import DELIBERATION
from domain.errors import Forbidden, Refused
from domain.money import euros
from domain.project import Project
from domain.recording import must_have_happened, recording
from domain.roles import Role
from domain.values import Line, Prose

ANNOUNCERS = (Role.SECRETARY, Role.REGISTRAR)
"""Who announces results (product rule)."""

REMEDIES = (
    "Cette décision peut faire l'objet, dans les deux mois de sa réception, d'un recours gracieux "
    "devant l'autorité qui l'a prise, d'un recours hiérarchique devant son supérieur, ou d'un "
    "recours contentieux devant le tribunal administratif (code de justice administrative, "
    "articles R. 421-1 à R. 421-5). Le silence gardé deux mois sur un recours gracieux ou "
    "hiérarchique vaut rejet, et ouvre un nouveau délai de deux mois devant le tribunal."
)
"""What is said of the remedies where a letter says nothing else."""


class NotAnAnnouncer(Forbidden):
    """The secretariat of the committee announces."""

    code = "call.announcer"


class WaveStillOpen(Refused):
    """Results come after the closing."""

    code = "call.still_open"
    fr = "La vague {wave} n'est pas close : elle l'est après le {closing}."
    en = "The wave {wave} is not closed yet: it is after {closing}."


class NotAllDeliberated(Refused):
    """The results of a wave are announced together."""

    code = "call.not_all_deliberated"
    fr = "Avant d'annoncer, ces dossiers sont à mener en délibération ou à clore : {dossiers}."
    en = "Before announcing, these are to be brought before the committee or closed: {dossiers}."


class NothingToAnnounce(Refused):
    """An announcement decides something, or the wave had no dossier."""

    code = "call.nothing_to_announce"
    fr = "Les résultats de cette vague sont annoncés, et aucun dossier n'a été rouvert depuis."
    en = "The results of this wave are announced, and nothing was reopened since."


class Undecided(Refused):
    """Nothing is announced that no approved minutes say."""

    code = "call.undecided"
    fr = "Aucun procès-verbal approuvé ne décide de ces dossiers : {dossiers}."
    en = "No approved minutes decide on these: {dossiers}."


class BeyondTheEnvelope(Refused):
    """The sum of what is granted never exceeds the envelope."""

    code = "call.beyond_envelope"
    fr = (
        "L'enveloppe ({envelope}) ne suffit pas à ce que le comité a décidé : augmentez-la, ou "
        "faites-le délibérer de nouveau."
    )
    en = (
        "The envelope ({envelope}) is not enough for what the committee decided: raise it, or let "
        "it deliberate again."
    )


class AmountOutOfBounds(Refused):
    """What is granted is within the bounds of the call."""

    code = "call.out_of_bounds"
    fr = "Ce que le comité a décidé du dossier {dossier} est hors des bornes de l'appel."
    en = "What the committee decided of {dossier} is out of the bounds of the call."


class AnnounceResults(
    Momentary,
    name="call.announce",
    says="Annoncer les résultats d'une vague : chaque dossier reçoit sa décision.",
    by=ANNOUNCERS,
    refused=NotAnAnnouncer,
):
    """Announce what the committee decided, for every dossier of a wave at once.

    Said again of a wave that is announced, it decides on the dossiers that were reopened since.
    """

    call: CallId = Field(description="L'appel, par son code ou son identifiant.")
    wave: WaveId = Field(description="La vague.")
    announcement: Line | None = Field(
        None, description="Où les résultats sont annoncés : adresse, ou référence."
    )

    @override
    def execute(self, work: Work) -> UUID:
        must_have_happened()
        call = work.get(Call, self.call)
        is_again = call.announced_on(self.wave, date.max) is not None
        self._closed(work, call)
        awaited = awaiting(work, call, self.wave, all_of_them=not is_again)
        if is_again and not awaited:
            raise NothingToAnnounce
        decided = decisions_for(work, call, awaited)
        _affordable(work, call, awaited, decided)
        ranks = reserve_ranks(work, call, self.wave, decided)
        for dossier in awaited:
            work.allow(dossier, self.NAME)
            _decide(work, dossier, *decided[dossier.id], ranks.get(dossier.id))
        if not is_again:
            sessions = dict.fromkeys(session for session, _ in decided.values())
            call.announce(self.wave, sessions=[*sessions], announcement=self.announcement)
            work.save(call)
        return call.id

    def _closed(self, work: Work, call: Call) -> None:
        call.wave(self.wave)
        closing = call.closes_at(self.wave)
        if closing and (work.day < closing.day or recording().now < closing.over):
            raise WaveStillOpen(wave=self.wave, closing=closing)


def awaiting(work: Work, call: Call, wave: str, *, all_of_them: bool) -> list[Dossier]:
    """The dossiers of a wave in deliberation; refused where others still go towards it."""
    living = [dossier for dossier in dossiers_of(work, call, wave) if is_living(dossier)]
    there = [dossier for dossier in living if dossier.state_on(work.day) == DELIBERATION]
    elsewhere = [dossier.code for dossier in living if dossier not in there]
    if all_of_them and elsewhere:
        raise NotAllDeliberated(dossiers=", ".join(elsewhere))
    return there


Decided = tuple[UUID, SessionDecision]
"""What was decided, and in which session."""


def decisions_for(work: Work, call: Call, dossiers: Iterable[Dossier]) -> dict[UUID, Decided]:
    """The final decision on each of some dossiers, of sessions whose minutes are approved.

    Of one that was reopened, a decision that was already announced counts no more.
    """
    approved = [(session, session.decisions_on(work.day)) for session in sessions_of(work, call)]
    found: dict[UUID, Decided] = {}
    wanting = []
    for dossier in dossiers:
        new = [
            (session.id, decisions[dossier.id])
            for session, decisions in approved
            if dossier.id in decisions and not is_undone(work.get, session, dossier.id)
        ]
        if new:
            found[dossier.id] = max(new, key=lambda told: told[1].deliberated_on)
        else:
            wanting.append(dossier.code)
    if wanting:
        raise Undecided(dossiers=", ".join(wanting))
    return found


def _affordable(
    work: Work, call: Call, awaited: Sequence[Dossier], decided: dict[UUID, Decided]
) -> None:
    """Refuse what the envelope, the bounds or an earlier support do not allow."""
    least, most = call.bounds_on(work.day)
    asked = 0
    for dossier in awaited:
        _, told = decided[dossier.id]
        if told.outcome is not SessionOutcome.SELECTED:
            continue
        must_not_be_supported(work, dossier)
        amount = told.amount_cents
        if amount and ((least and amount < least) or (most and amount > most)):
            raise AmountOutOfBounds(dossier=dossier.code)
        asked += amount or 0
    envelope = call.least_envelope_from(work.day)
    if envelope is not None and granted(work, call) + asked > envelope:
        raise BeyondTheEnvelope(envelope=euros(envelope))


def reserve_ranks(
    work: Work, call: Call, wave: str, decided: Mapping[UUID, Decided]
) -> dict[UUID, int]:
    """The places on the reserve list of a wave that are announced now: from 1, without a gap.

    Those announced earlier keep theirs, and what is added comes after them.
    """
    known = (dossier.decision_on(date.max) for dossier in dossiers_of(work, call, wave))
    last = max((told.reserve_rank or 0 for told in known if told), default=0)
    listed = reserve_list((dossier, told) for dossier, (_, told) in decided.items())
    return {dossier: last + place for place, dossier in listed}


def _decide(
    work: Work, dossier: Dossier, session: UUID, told: SessionDecision, rank: int | None
) -> None:
    """Record what is announced of one dossier, with its step and the support of its project."""
    is_selected = told.outcome is SessionOutcome.SELECTED
    dossier.decide(
        outcome=DossierOutcome.SELECTED if is_selected else DossierOutcome.NOT_SELECTED,
        amount=told.amount_cents,
        support=told.support,
        motive=told.motive,
        session=session,
        deliberated_on=told.deliberated_on,
        reserve_rank=rank,
        day=work.day,
    )
    work.take(dossier, "select" if is_selected else "decline")
    work.save(dossier)
    if is_selected:
        project = work.get(Project, dossier.project)
        project.support(dossier=dossier.id, call=dossier.call, amount=told.amount_cents)
        work.save(project)


class NotifyDecision(
    DossierCommand,
    Statement,
    name="dossier.notify",
    says="Enregistrer la notification d'une décision : lettre, date, voies de recours.",
    by=(Role.INSTRUCTOR, Role.SECRETARY, Role.REGISTRAR),
):
    """Record the letter by which a decision is made known, once it is announced."""

    channel: NotificationChannel = Field(description="Comment elle est notifiée.")
    document: DocumentId | None = Field(None, description="La lettre, déposée au registre.")
    sent_on: date | None = Field(None, description="Jour de l'envoi ; celui du fait sinon.")
    received_on: date | None = Field(
        None, description="Jour de la réception, d'où courent les délais de recours."
    )
    remedies: Prose | None = Field(
        None, description="Les voies et délais de recours ; le texte usuel sinon."
    )

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        sent_on = self.sent_on or work.day
        must_have_happened(sent_on, self.received_on)
        dossier.notify(
            channel=self.channel,
            document=self.document,
            sent_on=sent_on,
            received_on=self.received_on,
            remedies=self.remedies or REMEDIES,
            day=work.day,
        )


class WithdrawAward(
    DossierCommand,
    Statement,
    name="dossier.withdraw_award",
    says="Retirer un soutien accordé : illégal et dans les quatre mois, ou conditions non "
    "remplies, le pôle entendu.",
    by=ANNOUNCERS,
):
    """Withdraw an award, on one of two grounds. To be confirmed by a lawyer (product rule).

    Every commitment that follows it, and every condition of others that counts on one of those, is
    named. Nothing more is promised or paid of the former; what was paid may be asked back.
    """

    award_ground: WithdrawalGround = Field(
        description="Décision illégale (unlawful), ou conditions non remplies."
    )
    reasons: Prose = Field(description="Pourquoi, sans nommer de personne.")
    heard_on: date = Field(description="Jour où le pôle a été entendu.")

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        must_have_happened(self.heard_on)
        project = work.get(Project, dossier.project)
        lost = losing(work.get, dossier)
        dossier.take_back(
            ground=self.award_ground,
            reasons=self.reasons,
            heard_on=self.heard_on,
            touches=tuple(touched_by_loss(lost, commitments_of(work, project), work.day)),
            day=work.day,
        )
        work.take(dossier, "withdraw_award")
        for commitment in lost:
            commitment.lose_award(ground=self.award_ground, reasons=self.reasons)
            count_what_was_approved(work, commitment, self.reasons)
            work.save(commitment)
        project.withdraw_support(dossier=dossier.id, call=dossier.call)
        work.save(project)
