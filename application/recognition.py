"""Recognitions: who recognised a pole, on which ground, and that it ended; findings by two."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.awaited import Awaited, Pending, identity, said_on
from application.command import Command, Work
from application.correction import Statement
from application.fact import must_be_undone_by_two
from application.listing import Listed, Listing, listing
from application.mandate import account_in_words
from application.wording import RECOGNITIONS, WORDS, capital, party_in_words, tells
from application.world import Moment, World
from domain.case import BreaksPath
from domain.dates import PartialDate, days_after
from domain.distinct import Persons
from domain.kernel import Event
from domain.pole import Pole, PoleId
from domain.recognised import RECOGNISED
from domain.recognition import (
    ARTICLE_9,
    DAYS_TO_REPLY,
    FollowsRulesBeforeTheLaw,
    NotOfThePole,
    PoleReply,
    Recognition,
    RecognitionId,
    RecognitionKind,
)
from domain.recording import recording
from domain.roles import Role
from domain.values import Line, Personal, Prose
from domain.words import Name

ARTICLE_9_I = "loi n° 2014-856 du 31 juillet 2014, article 9, I"
WORDS[PoleReply] = {
    PoleReply.AGREES: "d'accord",
    PoleReply.OBSERVES: "observations",
    PoleReply.OBJECTS: "désaccord",
}


RECOGNISERS = (Role.COORDINATOR, Role.SECRETARY, Role.REGISTRAR)
"""Who puts on record what those who recognise poles decided."""


def attach(work: Work, pole: Pole, recognition: Recognition) -> None:
    """Let a pole know of its recognition and, under article 9, take the step that rests on it.

    Where a step is wanting, its clauses are those of the journey that the pole follows: what they
    refuse is not recorded. A sourced one of the past is judged by the rules of its day.
    """
    kind = recognition.recognition_kind
    pole.attach_recognition(recognition.id, code=recognition.code, recognition_kind=kind)
    if kind not in ARTICLE_9:
        return
    recorded = pole.main.states.in_force(work.day)
    if recorded is None or recorded.value != RECOGNISED:
        past = work.day < work.today and work.is_sourced
        if not past:
            _ensure_known(work, pole)
        with work.dated(work.occurred_on):  # a step has no end: the next one is its end
            work.put_on_record(pole, "recognise", past=past)
    put_lapses_on_record(work, pole)


def _ensure_known(work: Work, pole: Pole) -> None:
    """Refuse a recognition that the journey followed on the day knows nothing of."""
    followed = pole.main.journey_on(work.day) or pole.main.journey
    if "recognise" in work.compiled(followed).journey.transition:
        return
    rules = work.rulebook()
    for ref in (rules.in_force(pole.main.id, day) for day in (work.day, work.today)):
        if "recognise" in work.compiled(ref).journey.transition:
            raise FollowsRulesBeforeTheLaw(followed=followed, to=ref, day=work.day)


def put_lapses_on_record(work: Work, pole: Pole) -> None:
    """Record each day, up to today, on which the last recognition in force had ended.

    Nothing follows by itself from what is contested: while a recognition, its end or the step by
    which the pole was recognised is, nothing is recorded, though on the axis of what was in force
    the stage has ended with it. Once answered, it is recorded of the day on which it ended.
    """
    if pole.is_disputed("recognitions", work.today):
        return
    for day in pole.lapses(work.today):
        if pole.is_entry_disputed(day, work.today):
            continue
        # Where a step recorded since leaves from elsewhere, the stage tells of the end by itself.
        with suppress(BreaksPath), work.dated(PartialDate.on(day)):
            work.put_on_record(pole, "lapse")


class RecordRecognition(
    Statement,
    name="recognition.record",
    says="Enregistrer une reconnaissance, avec qui reconnaît et sur quel fondement.",
    by=RECOGNISERS,
):
    """Record a recognition with its issuer and its ground. It is never a label."""

    pole: PoleId = Field(description="Le pôle reconnu.")
    recognition_kind: RecognitionKind = Field(description="Sur quoi elle repose.")
    code: Name = Field(description="Code court : temoin_2012, ami_2023…")
    issuer: Line = Field(description="Qui reconnaît.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        recognition = Recognition.issue(
            pole=self.pole,
            recognition_kind=self.recognition_kind,
            code=self.code,
            issuer=self.issuer,
            ground=recording().provenance.ground,
            occurred_on=work.occurred_on,
            valid_to=recording().valid_to,
        )
        work.save(recognition, pole)
        attach(work, pole, recognition)
        return recognition.id


class ProposeFinding(
    Command,
    name="recognition.propose_finding",
    says="Proposer un constat de composition (article 9, I) : ni un agrément, ni un label.",
    by=(Role.REGISTRAR,),
):
    """Find, as the first of two persons, that a pole is composed as article 9 I says."""

    pole: PoleId = Field(description="Le pôle dont la composition est constatée.")
    code: Name = Field(description="Code court : constat_2026…")
    issuer: Line = Field(description="Qui tient le registre et constate.")
    evidence: tuple[Line, ...] = Field(
        description="Les pièces sur lesquelles il repose, une au moins.", min_length=1
    )

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        recognition = Recognition.propose(
            pole=self.pole,
            code=self.code,
            issuer=self.issuer,
            evidence=self.evidence,
            persons=work.persons,
            asked_on=work.today,
        )
        pole.attach("recognition", recognition.id, is_news=False)
        work.save(recognition, pole)
        return recognition.id


def _allow(work: Work, recognition: Recognition, permission: str) -> None:
    """Refuse what the state of the pole gives to others."""
    if recognition.pole:
        work.allow(work.get(Pole, recognition.pole), permission)


class FindingCommand(Command):
    """Something done with a finding that is not confirmed yet."""

    recognition: RecognitionId = Field(description="Identifiant du constat.")


class ReplyToFinding(
    FindingCommand,
    name="recognition.reply",
    says="Enregistrer la réponse du pôle à un constat de composition.",
    by=(Role.POLE_REPRESENTATIVE, Role.REGISTRAR),
    refused=NotOfThePole,
):
    """Record what the pole replies to a finding about its composition.

    It replies through its representative, who acts under a mandate, or through who keeps the
    register on its behalf; never through who proposed the finding (product rule).
    """

    position: PoleReply = Field(description="D'accord, avec des observations, ou en désaccord.")
    words: Personal | None = Field(None, description="Ce que le pôle répond (scellé).")

    @override
    def execute(self, work: Work) -> UUID:
        roles, recognition = work.who.roles, work.get(Recognition, self.recognition)
        is_of_pole = Role.POLE_REPRESENTATIVE in roles and work.authority.is_bounded
        if not is_of_pole and Role.REGISTRAR not in roles:
            raise NotOfThePole(roles="")
        _allow(work, recognition, self.NAME)
        sealed = None
        if self.words:
            sealed = work.seal(
                self.words,
                event=Recognition.Replied,
                field="words",
                subject=uuid4(),
            )
        recognition.reply(position=self.position, words=sealed, persons=work.persons)
        work.save(recognition)
        return recognition.id


class ConfirmFinding(
    FindingCommand,
    name="recognition.confirm_finding",
    says="Confirmer, en seconde personne, un constat de composition ; il prend alors effet.",
    by=(Role.REGISTRAR,),
):
    """Make a finding, as the second of two persons, the pole heard; the pole takes its step."""

    @override
    def execute(self, work: Work) -> UUID:
        recognition = work.get(Recognition, self.recognition)
        ground = self.ground or ARTICLE_9_I
        with work.dated(work.occurred_on, valid_to=self.valid_to, ground=ground):
            pole_id = recognition.confirm(
                persons=work.persons,
                occurred_on=work.occurred_on,
                today=work.today,
                valid_to=self.valid_to,
            )
            pole = work.get(Pole, pole_id)
            work.allow(pole, self.NAME)
            work.save(recognition, pole)
            attach(work, pole, recognition)
        return recognition.id


class AbandonFinding(
    FindingCommand,
    name="recognition.abandon_finding",
    says="Renoncer à un constat de composition qui n'est pas confirmé.",
    by=(Role.REGISTRAR,),
):
    """Give up a finding that was not confirmed."""

    motive: Prose = Field(description="Pourquoi.")

    @override
    def execute(self, work: Work) -> UUID:
        recognition = work.get(Recognition, self.recognition)
        _allow(work, recognition, self.NAME)
        recognition.abandon(motive=self.motive)
        work.save(recognition)
        return recognition.id


class EndRecognition(
    Statement,
    name="recognition.end",
    says="Enregistrer la fin ou le retrait d'une reconnaissance.",
    by=RECOGNISERS,
):
    """Record that a recognition ended, or was withdrawn; the last one takes the stage with it.

    What two persons found ends before its term as it is taken back: contested by one of them, and
    the contest upheld by another.
    """

    recognition: RecognitionId = Field(description="Identifiant de la reconnaissance.")
    motive: Prose = Field(description="Pourquoi elle prend fin.")
    withdrawn: bool = Field(False, description="Retirée, et non venue à terme.")

    @override
    def execute(self, work: Work) -> UUID:
        recognition = work.get(Recognition, self.recognition)
        at_term = work.day == recognition.end  # told, and not decided
        recognition.finish(
            motive=self.motive,
            withdrawn=self.withdrawn,
            occurred_on=work.occurred_on,
            today=work.today,
        )
        if not at_term:
            for one in work.history(recognition.id):
                must_be_undone_by_two(work.world, one.event)
        work.save(recognition)
        pole = recognition.pole and work.find(Pole, recognition.pole)
        if pole:
            work.allow(pole, self.NAME)
            pole.end_recognition(recognition.id)
            work.save(pole)
            put_lapses_on_record(work, pole)
        return recognition.id


def finders_in_words(finders: Iterable[Persons]) -> tuple[str, ...]:
    """Who made a finding, each by the account that did it and for whom it did; nobody is named.

    Before November 2026 only for whom it was made was kept.
    """
    return tuple(
        _person(done_by[-1])
        + (f", sous mandat pour {_person(done_by[0])}" if len(done_by) > 1 else "")
        for done_by in finders
    )


def _person(party: str) -> str:
    kind, _, id_ = party.partition(":")
    return f"compte {account_in_words(UUID(id_))}" if kind == "account" else party_in_words(party)


@tells
def _told(event: Event) -> tuple[str, str] | None:
    match event:
        case Recognition.Proposed(issuer=issuer, evidence=evidence):
            pieces = " ; ".join(evidence)
            return "Constat de composition proposé", f"par : {issuer}, sur pièces : {pieces}"
        case Recognition.Replied(position=position):
            return "Réponse du pôle au constat", capital(WORDS[PoleReply][position])
        case Recognition.Abandoned(motive=motive):
            return "Constat de composition abandonné", motive
        case Recognition.Issued(
            recognition_kind=kind, issuer=issuer, found_by=found_by, finders=finders
        ):
            two = " et ".join(finders_in_words(finders or [(one,) for one in found_by]))
            said = f" ; constaté par deux personnes distinctes : {two}" if two else ""
            return "Reconnaissance", f"{RECOGNITIONS[kind]}, par : {issuer}{said}"
        case Recognition.Ended(motive=motive, withdrawn=withdrawn):
            what = "Retrait de la reconnaissance" if withdrawn else "Fin de la reconnaissance"
            return what, motive
        case Pole.RecognitionEnded():
            return "Fin d'une reconnaissance du pôle", ""
        case _:
            return None


class RecognitionListed(Listed):
    """A recognition as lists show it."""

    recognition_kind: RecognitionKind = Field(title="Nature")
    code: str = Field(title="Code")
    issuer: str = Field(title="Par")
    ground: str | None = Field(None, title="Fondement")
    evidence: tuple[str, ...] = Field((), title="Pièces")
    found_by: tuple[str, ...] = Field((), title="Constaté par deux personnes distinctes")
    """Of a finding: the two accounts, each with whom it acted for."""


RECOGNITION_LIST = listing(
    Listing(
        name="recognition",
        line=RecognitionListed,
        title="Reconnaissances",
        says="Qui a reconnu quel pôle, sur quel fondement et jusqu'à quand. "
        "Une reconnaissance est un fait daté : ni un agrément, ni un label.",
        path="/reconnaissances",
        columns=(
            *("pole_name", "recognition_kind", "issuer", "ground", "evidence", "found_by"),
            *("occurred_on", "until", "source"),
        ),
        filters=("recognition_kind",),
        empty="Aucune reconnaissance n'est enregistrée comme en vigueur.",
        begun_by="recognition.record",
        ends_with_pole=True,
    )
)


class FindingListed(Listed):
    """A composition finding that waits for the pole's reply, or for a second person."""

    code: str = Field(title="Code")
    issuer: str = Field(title="Par")
    evidence: tuple[str, ...] = Field((), title="Pièces")
    reply: PoleReply | None = Field(None, title="Réponse du pôle")
    confirmed_from: date | None = Field(None, title="Sans réponse, se confirme à partir du")
    """Of one to which the pole has not replied."""

    def may_be_confirmed(self, day: date) -> bool:
        """Whether the pole was heard by a day, or had the time to be."""
        return self.confirmed_from is None or day >= self.confirmed_from


def _awaits_reply(world: World, line: FindingListed, moment: Moment) -> Pending | None:
    if line.confirmed_from is None or line.may_be_confirmed(moment.in_force):
        return None
    asked = days_after(line.confirmed_from, -DAYS_TO_REPLY)
    return Pending(since=asked, says=f"par : {line.issuer}", out=_first(world, line, moment))


def _awaits_second(world: World, line: FindingListed, moment: Moment) -> Pending | None:
    if not line.may_be_confirmed(moment.in_force):
        return None
    said = f"réponse du pôle : {WORDS[PoleReply][line.reply]}" if line.reply else "sans réponse"
    finding = world.load(Recognition, line.id, moment.known)
    answered_by = finding.answered_by if finding else moment.in_force
    return Pending(
        since=min(answered_by, said_on(world, line)) if line.reply else answered_by,
        says=f"par : {line.issuer} ; {said}",
        out=_first(world, line, moment),
    )


def _first(world: World, line: FindingListed, moment: Moment) -> Persons:
    """Who made a finding first; the pole and the second person are others."""
    finding = world.load(Recognition, line.id, moment.known)
    return finding.proposed_by if finding else ()


FINDINGS = listing(
    Listing(
        name="finding",
        line=FindingListed,
        title="Constats de composition en cours",
        says="Les constats proposés au titre de l'article 9, I, qui attendent la réponse du pôle "
        "ou une seconde personne. Un constat n'est ni un agrément, ni un label.",
        path="/constats",
        columns=(
            *("pole_name", "issuer", "evidence", "reply"),
            *("confirmed_from", "occurred_on", "source"),
        ),
        empty="Aucun constat n'est enregistré comme en cours.",
        begun_by="recognition.propose_finding",
        ends_with_pole=True,
        thing="Constat de composition",
        awaits=(
            Awaited(
                id="reply",
                title="Répondre au constat, pour le pôle",
                by=(Role.POLE_REPRESENTATIVE, Role.REGISTRAR),
                command="recognition.reply",
                pending=_awaits_reply,
                given=identity("recognition"),
            ),
            Awaited(
                id="second_person",
                title="Confirmer le constat en seconde personne, ou y renoncer",
                by=(Role.REGISTRAR,),
                command="recognition.confirm_finding",
                pending=_awaits_second,
                given=identity("recognition"),
            ),
        ),
    )
)
