"""The questions of auditors: each finds what rules would have kept out, had they been asked."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.audit_answer import AuditAnswer, AuditAsked, AuditScope
from application.audit_ask import QUESTIONS
from application.audit_evidence import NOT_ASSESSED
from application.audit_interest import COUNTS, DONE_AGAIN, STRUCK
from application.audit_open_data import DIFFERS, NOT_IN_FILE, NOT_IN_LOG
from application.audit_suspended import (
    AFTERWARDS,
    DURING,
    IMPORTED,
    OTHERWISE_DATED,
    suspensions,
)
from application.claim import CorrectClaim, RecordClaim
from application.document import EraseDocument, FileDocument
from application.dossier_review import AssessCondition, DeclareDossierInterest
from application.mandate import GiveMandate
from application.payment import ImportPayments
from application.payment_file import PaymentGiven
from application.scdl import COLUMNS as SCDL
from application.scdl_export import export
from application.session_vote import DeclareInterest
from domain.call_terms import CallKind
from domain.case import Moved
from domain.claim import ClaimId
from domain.commitment import CommitmentId
from domain.document import Document
from domain.dossier import DossierId
from domain.eligibility import ConditionId
from domain.filing import DocumentKind
from domain.kernel import Recorded
from domain.provenance import MandateId
from domain.roles import Role
from domain.session import Session
from domain.vote import Choice
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import commitments as money
from tests.application import committees, dossiers
from tests.application.committees import HELD, convene, member
from tests.application.desk import person
from tests.application.dossiers import INSTRUCTOR, REGISTRAR
from tests.documents import base64, pdf
from tests.examples import settings


def ask(
    registry: Registry,
    question: str,
    on: str = "2025-06-03",
    known: int | None = None,
    published: bytes = b"",
    **limits: UUID | str,
) -> AuditAnswer:
    moment = money.at(registry, on, known)
    scope = AuditScope.model_validate(limits)
    return QUESTIONS[question].answer(AuditAsked(registry, moment, scope, published=published), "")


def findings(answer: AuditAnswer) -> list[str]:
    return [line.says[answer.columns[0]] for line in answer.lines]


def rests_on_what_is_there(registry: Registry, answer: AuditAnswer) -> bool:
    """Whether each line names events that are at the index it says."""
    named = [one for line in answer.lines for one in line.events]
    known = [registry.fact(one.event) for one in named]
    places = [one.position - 1 for one in known if one]
    return bool(named) and places == [one.index for one in named]


# --- paid while suspended ----------------------------------------------------------------------


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Registry]:
    with money.registry(tmp_path) as made:
        yield made


@pytest.fixture
def suspended(books: Registry) -> CommitmentId:
    """A commitment of which a tranche is approved, suspended since 1 March 2024."""
    made = money.in_force(books, money.pole(books))
    money.meet(books, made, "statutes")
    money.claim(books, made, "first")
    money.approve(books, made, "first")
    money.suspend(books, made, "2024-03-01", "2024-02-20")
    return made


def pay_against_the_rules(books: Registry, commitment: UUID, on: str) -> None:
    """Record a payment as the commitment itself would never let it be."""
    found = money.load(books, commitment)
    with make.on(on):
        found._paid(
            tranche="first",
            amount_cents=40_000_00,
            reference=f"VIR-{on}",
            is_whole=True,
            persons=("account:x",),
        )
    books.save(found)


def test_a_payment_during_a_suspension_is_found(books: Registry, suspended: CommitmentId) -> None:
    before = ask(books, "paye-suspendu")
    known = books.journal.size()
    pay_against_the_rules(books, suspended, "2024-03-05")

    found = ask(books, "paye-suspendu")

    assert (findings(before), before.holds) == ([], True)
    assert before.sentence == (
        "Aucun versement pendant une suspension, sur 1 engagement financier examiné, 1 suspension "
        "et 0 versement."
    )
    assert (findings(found), found.holds) == ([DURING], False)
    assert rests_on_what_is_there(books, found)
    assert findings(ask(books, "paye-suspendu", known=known)) == []
    assert findings(ask(books, "paye-suspendu", on="2024-03-04")) == []


def test_a_payment_of_before_that_was_recorded_later_is_told_apart(
    books: Registry, suspended: CommitmentId
) -> None:
    money.pay(books, suspended, "first", "2024-02-15")

    found = ask(books, "paye-suspendu")

    assert (findings(found), found.holds) == ([AFTERWARDS], True)
    assert "1 autre, daté d'avant mais enregistré pendant" in found.sentence


def test_a_payment_on_the_day_the_suspension_ends_is_none_of_it(
    books: Registry, suspended: CommitmentId
) -> None:
    money.move(books, suspended, "lift_suspension", "2024-04-01", reasons="les emplois sont créés")
    pay_against_the_rules(books, suspended, "2024-04-01")

    assert findings(ask(books, "paye-suspendu")) == []


@pytest.mark.parametrize(
    ("reference", "finding"), [("VIR-ailleurs", IMPORTED), ("VIR-2024-02-15", OTHERWISE_DATED)]
)
def test_what_the_accounts_of_the_funder_say_is_compared_too(
    books: Registry, suspended: CommitmentId, reference: str, finding: str
) -> None:
    pay_against_the_rules(books, suspended, "2024-02-15")
    row = PaymentGiven.model_validate(
        {
            "reference": reference,
            "paid_on": "2024-03-06",
            "amount": "40000",
            "siret": money.OTHER_SIRET,
        }
    )
    books.do(ImportPayments(digest="0" * 64, payer=None, rows=(row,)), person(8, Role.PAYER))

    found = ask(books, "paye-suspendu")

    assert sorted(findings(found)) == sorted([AFTERWARDS, finding])
    assert not found.holds


def test_a_question_is_limited_to_what_it_is_asked_of(
    books: Registry, suspended: CommitmentId
) -> None:
    pay_against_the_rules(books, suspended, "2024-03-05")
    other = money.pole(books, "Autre pôle d'essai")
    of = money.load(books, suspended).pole

    assert findings(ask(books, "paye-suspendu", pole=other)) == []
    assert findings(ask(books, "paye-suspendu", funder="Un autre ministère")) == []
    for limits in ({"pole": of}, {"commitment": suspended}, {"funder": money.SIRET}):
        assert findings(ask(books, "paye-suspendu", **limits)) == [DURING]


STEPS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["suspended", "in_force", "closed"])), max_size=8
)
FIRST = date(2024, 1, 1)


def step(to: str, day: date) -> Moved:
    about = {"from_": "in_force", "input": {}, "verdicts": (), "journey": "commitment@2013-07"}
    return Moved.model_construct(to=to, transition="step", valid_from=day, valid_to=None, **about)  # type: ignore[arg-type]  # made without being checked


@given(STEPS, st.integers(0, 31))
@settings()
def test_a_day_is_of_a_suspension_if_the_last_step_by_then_leads_to_one(
    steps: list[tuple[int, str]], day: int
) -> None:
    moved = [
        Recorded(
            place,
            make.NOW,
            UUID(int=1),
            place,
            step(to, FIRST + timedelta(days=after)),
        )
        for place, (after, to) in enumerate(steps, start=1)
    ]

    found = any(one.covers(FIRST + timedelta(days=day)) for one in suspensions(moved))

    by_then = [(after, place, to) for place, (after, to) in enumerate(steps) if after <= day]
    assert found == (bool(by_then) and max(by_then)[2] == "suspended")


# --- interests ---------------------------------------------------------------------------------


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Registry]:
    with committees.registry(tmp_path) as made:
        yield made


def voted(table: Registry) -> tuple[UUID, DossierId]:
    call = committees.call(table)
    (dossier,) = committees.dossiers(table, call, 1)
    session = convene(table, call, [dossier])
    committees.open_(table, session)
    committees.decide(table, session, dossier)
    return session, dossier


def declare(table: Registry, session: UUID, dossier: UUID, seat: str) -> None:
    declared = DeclareInterest.model_validate({"session": session, "dossier": dossier})
    committees.do(table, declared, member(seat), HELD)


def test_a_ballot_that_fell_with_an_interest_is_told_and_does_not_count(table: Registry) -> None:
    session, dossier = voted(table)
    before = ask(table, "interets")
    declare(table, session, dossier, "two")

    found = ask(table, "interets", dossier=dossier)

    assert before.sentence.startswith(
        "Aucun acte d'une personne intéressée ne compte, sur 1 dossier"
    )
    assert "4 voix" in before.sentence
    assert (findings(found), found.holds) == ([STRUCK], True)
    assert rests_on_what_is_there(table, found)


def test_a_ballot_of_who_had_declared_an_interest_is_found(table: Registry) -> None:
    session, dossier = voted(table)
    declare(table, session, dossier, "two")
    held = table.load(Session, session)
    assert held
    with make.on(HELD):
        held._ballot_cast(
            dossier=dossier, seat="two", choice=Choice.FOR, cast_by=None, persons=("account:x",)
        )
    table.save(held)

    found = ask(table, "interets")

    assert (findings(found), found.holds) == ([STRUCK, COUNTS], False)
    assert "1 acte d'une personne intéressée, qui pèse encore" in found.sentence


def test_what_an_interested_person_examined_counts_until_others_do_it_again(
    tmp_path: Path,
) -> None:
    with dossiers.season(tmp_path) as season:
        dossier, registry = season.submitted(), season.desk.registry
        season.assessed(dossier)
        declared = DeclareDossierInterest(dossier=dossier)
        season.do(declared, INSTRUCTOR)

        stands = ask(registry, "interets", "2024-12-31")
        again = {"dossier": dossier, "met": True, "reasons": "Revu.", "evidence": ("pièce",)}
        for condition in ConditionId:
            assess = AssessCondition.model_validate({"condition": condition, **again})
            season.do(assess, person(803, Role.INSTRUCTOR))
        done = ask(registry, "interets", "2024-12-31")

    assert (set(findings(stands)), stands.holds) == ({COUNTS}, False)
    assert (findings(done), done.holds) == ([DONE_AGAIN] * 6, True)
    assert done.sentence.endswith("; 6 actes, qui ne comptent plus.")


# --- evidence ----------------------------------------------------------------------------------


def test_the_evidence_of_a_day_is_what_had_been_found_by_then(tmp_path: Path) -> None:
    with dossiers.season(tmp_path) as season:
        dossier = season.eligible()
        registry = season.desk.registry
        on = season.load(dossier).conditions[ConditionId.D1][0].since

        found = ask(registry, "pieces-d-eligibilite", str(on))
        before = ask(registry, "pieces-d-eligibilite", str(on - timedelta(days=1)))
        none = ask(registry, "pieces-d-eligibilite", str(on - timedelta(days=60)))

    assert {line.says["Constat"] for line in found.lines} == {"remplie"}
    assert {line.says["Pièce"] for line in found.lines} == {"pièce fictive"}
    assert found.sentence == "6 pièces à l'appui de 6 constats, sur 1 dossier examiné."
    assert {line.says["Constat"] for line in before.lines} <= {NOT_ASSESSED}
    assert none.sentence == "Aucune condition n'était constatée, sur 0 dossier examiné."


def test_a_document_is_told_by_its_hash_and_what_became_of_it(tmp_path: Path) -> None:
    with dossiers.season(tmp_path) as season:
        dossier, registry = season.submitted(), season.desk.registry
        content = base64(pdf("Statuts d'essai"))
        filed = season.do(FileDocument(content=content, kind=DocumentKind.STATUTES), REGISTRAR)
        assess = AssessCondition(
            dossier=dossier, condition=ConditionId.D1, met=True, reasons="Vu.", documents=(filed,)
        )
        season.do(assess, INSTRUCTOR)
        on = str(season.desk.clock().date())
        there = ask(registry, "pieces-d-eligibilite", on)
        season.do(EraseDocument(document=filed, motive="Retirée.", ground="essai"), REGISTRAR)
        erased = ask(registry, "pieces-d-eligibilite", on)
        document = registry.load(Document, filed)

    (line,) = (line for line in there.lines if line.says["Pièce"])
    assert document
    assert document.content.ciphertext in line.says.values()
    assert line.says["État de la pièce"] == "déposée"
    (line,) = (line for line in erased.lines if line.says["Pièce"])
    assert line.says["État de la pièce"].startswith("effacée : son empreinte demeure")


# --- decisions ---------------------------------------------------------------------------------


def test_a_decision_is_told_with_its_voices_and_its_opinions(tmp_path: Path) -> None:
    with dossiers.season(tmp_path, kind=CallKind.DECREE) as season:
        (dossier,) = season.deliberated(1)
        session = season.session({dossier: dossiers.SELECT})
        season.announce()
        registry = season.desk.registry
        found = ask(registry, "qui-a-decide", "2024-12-31", dossier=dossier)
        held = registry.load(Session, session)
        known = rests_on_what_is_there(registry, found)

    told = {line.says["Décision"]: line.says for line in found.lines}
    assert held
    assert known
    assert told["Délibération"]["Voix"].startswith("4 pour, 0 contre, 0 abstention")
    assert f"chair : pour (compte {member('chair').actor})" in told["Délibération"]["Voix"]
    assert told["Décision annoncée"]["Avis"].count("réservé") == 11
    assert told["Décision annoncée"]["Avis"].count("demandé et non rendu") == 1
    assert told["Décision annoncée"]["Rôle"] == "secrétariat du comité"


def test_a_decision_under_a_mandate_says_which_and_for_whom(books: Registry) -> None:
    given = GiveMandate(
        holder=money.FUNDER.actor,
        principal="organisation:Ministère d'essai",
        for_role=Role.FUNDER,
        relation="everywhere",
        valid_to=date(2025, 1, 1),
    )
    mandate = MandateId(money.do(books, given, person(9)))
    by = money.FUNDER.model_copy(update={"on_behalf_of": mandate})
    made = money.decide(books, money.pole(books), by)

    found = ask(books, "qui-a-decide", commitment=made)

    (line,) = found.lines
    assert line.says["Mandat"] == f"mandat {mandate}, pour l'organisation Ministère d'essai"
    assert "1 décision, dont 1 sous un mandat" in found.sentence


# --- figures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "changes"), [("autre.example", 1), (" FICTIF.example", 0)])
def test_a_figure_that_is_corrected_from_another_source_has_changed(
    books: Registry, source: str, changes: int
) -> None:
    by = make.by()
    told = RecordClaim(statement="On compte.", author="Réseau fictif", figures="50 pôles")
    claim = ClaimId(books.do(told.model_copy(update={"source": "fictif.example"}), by).answer)
    before = ask(books, "chiffres")
    correct = CorrectClaim(claim=claim, reason="mal relevé", figures="60 pôles", source=source)
    books.do(correct, by)

    found = ask(books, "chiffres")

    assert before.sentence == (
        "Aucun chiffre n'a changé de source, sur 1 chiffre examiné, dont 0 valeur dite à nouveau."
    )
    assert len(found.lines) == changes
    assert "dont 1 valeur dite à nouveau" in found.sentence
    if changes:
        says = found.lines[0].says
        assert (says["Valeur avant"], says["Valeur après"]) == ("50 pôles", "60 pôles")
        assert (says["Source avant"], says["Source après"]) == ("fictif.example", source)


# --- open data ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Registry, bytes]]:
    """A registry with three signed conventions, and the file that it publishes."""
    with money.registry(tmp_path_factory.mktemp("published")) as books:
        pole = money.pole(books)
        for number in range(3):
            made = money.decide(books, pole)
            money.draft(books, made, reference=f"CONV-2024-{number}")
            money.sign(books, made)
        given = export(books, money.at(books))
        assert len(given.rows) == 3
        yield books, given.csv


def test_the_file_that_the_log_gives_is_equal_to_it(published: tuple[Registry, bytes]) -> None:
    books, file = published

    found = ask(books, "donnees-ouvertes", "2024-06-03", published=file)
    again = ask(books, "donnees-ouvertes", "2024-06-03", published=file.replace(b"\r\n", b"\n"))

    assert (findings(found), found.holds) == ([], True)
    assert "à l'octet près" in found.sentence
    assert (findings(again), again.holds) == ([], True)
    assert "il est écrit autrement" in again.sentence


@given(
    row=st.integers(0, 2),
    column=st.sampled_from(SCDL),
    value=st.sampled_from(["", "autre", "1.00", "2024-06-03"]),
    dropped=st.sets(st.integers(0, 2), max_size=2),
    added=st.booleans(),
)
@settings(max_examples=200)
def test_any_change_to_the_file_is_found_on_its_line(
    published: tuple[Registry, bytes],
    row: int,
    column: str,
    value: str,
    dropped: set[int],
    added: bool,
) -> None:
    books, file = published
    rows = list(csv.DictReader(io.StringIO(file.decode())))
    changed = rows[row][column] != value
    rows[row][column] = value
    kept = [one for place, one in enumerate(rows) if place not in dropped]
    if added:
        kept.append(dict.fromkeys(SCDL, "inventé"))
    out = io.StringIO()
    writer = csv.DictWriter(out, SCDL)
    writer.writeheader()
    writer.writerows(kept)

    found = ask(books, "donnees-ouvertes", "2024-06-03", published=out.getvalue().encode())

    told = findings(found)
    assert told.count(NOT_IN_FILE) == len(dropped)
    assert told.count(NOT_IN_LOG) == added
    assert told.count(DIFFERS) == (changed and row not in dropped)
    for line in found.lines:
        if line.says["Constat"] == DIFFERS:
            place = [n for n in range(3) if n not in dropped].index(row) + 2
            assert (line.says["Ligne du fichier"], line.says["Colonne"]) == (str(place), column)
            assert line.events
