"""A history told to people: year by year, no figure without its source, for whom it was done."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from application.accompaniment import GrantAccompaniment
from application.assessment import RecordAssessment, ReviseAssessment
from application.command import By
from application.history_in_words import UNDATED, HistoryLine, by_year, common_source, pole_history
from application.legal_form import ess_in_words
from application.mandate import GiveMandate
from application.member import AddMember, ChangeMember, EndMembership
from application.pole import FileEvidence, NoteContact
from application.succession import SplitPole
from domain.assessment import AssessmentId, Found
from domain.dates import PartialDate
from domain.legal_form import ByLaw, EssEvidence, EssStatus, LegalForm
from domain.membership import MemberId, MemberKind
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.values import Personal
from tests import make
from tests.application import rounds
from tests.application.desk import Desk, desk


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def told(at: Desk, pole: UUID) -> list[HistoryLine]:
    return pole_history(at.registry, pole, at.moment())


def test_a_history_is_told_year_by_year_and_what_has_no_date_comes_last(at: Desk) -> None:
    pole = at.pole(on="2022-01-01")
    at.do(NoteContact(pole=pole, channel="courriel", outcome="joint"), "2023-05-01")
    at.do(FileEvidence(pole=pole, evidence="strategy", title="Stratégie"), "unknown")
    at.do(NoteContact(pole=pole, channel="appel", outcome="joint"), "2023-06")

    years = by_year(told(at, pole))

    assert [(year, len(lines)) for year, lines in years.items()] == [
        ("2022", 1),
        ("2023", 2),
        (UNDATED, 1),
    ]
    assert years[UNDATED][0].detail == "Stratégie (document de stratégie commune)"


def test_only_what_counts_something_of_the_world_is_a_figure(at: Desk) -> None:
    pole = at.pole(on="2022-01-01")
    days = GrantAccompaniment(pole=pole, offer="appui", provider="Réseau fictif", days="2")
    at.do(days, "2023-05-01")

    assert [line.says_a_figure for line in told(at, pole)] == [False, True]


def test_what_was_done_under_a_mandate_says_for_whom(at: Desk) -> None:
    pole = at.pole("Pôle des Deux Rives", on="2022-01-01")
    mandate = at.do(
        GiveMandate(
            holder=AccountId(UUID(int=7)),
            principal=f"pole:{pole}",
            for_role=Role.NETWORK,
            relation="everywhere",
            occurred_on=PartialDate("2022-02-01"),
        )
    )
    contact = NoteContact(pole=pole, channel="courriel", outcome="joint")
    holder = AccountId(UUID(int=7))
    by = By(actor=holder, role=Role.NETWORK, on_behalf_of=MandateId(mandate))
    at.do(contact, "2023-05-01", by)

    assert [line.on_behalf_of for line in told(at, pole)] == [
        None,
        "le pôle « Pôle des Deux Rives »",
    ]


FORM = LegalForm(code="5710", label="SAS", status=ByLaw.CONDITIONAL, ground="mention au registre")
BY_LAW = LegalForm(code="9220", label="Association", status=ByLaw.BY_FORM, ground="la loi la cite")


@pytest.mark.parametrize(
    ("kind", "form", "status", "evidence", "said"),
    [
        (
            MemberKind.ESS_ENTERPRISE,
            BY_LAW,
            EssStatus.BY_FORM,
            None,
            "par la forme juridique : la loi la cite",
        ),
        (
            MemberKind.ESS_ENTERPRISE,
            FORM,
            EssStatus.EVIDENCED,
            EssEvidence(words="statuts de 2020"),
            "sur justificatif : statuts de 2020",
        ),
        (
            MemberKind.ESS_ENTERPRISE,
            FORM,
            EssStatus.TO_CONFIRM,
            None,
            "à confirmer : aucun justificatif n'est versé ; mention au registre",
        ),
        (
            MemberKind.OTHER_ENTERPRISE,
            FORM,
            EssStatus.NO,
            None,
            "non : aucun justificatif n'est versé ; mention au registre",
        ),
        (MemberKind.LOCAL_AUTHORITY, None, EssStatus.NO, None, "sans objet"),
    ],
)
def test_the_quality_of_a_member_comes_with_its_reason_or_with_what_is_missing(
    kind: MemberKind,
    form: LegalForm | None,
    status: EssStatus,
    evidence: EssEvidence | None,
    said: str,
) -> None:
    assert ess_in_words(kind, form, status, evidence) == said


# --- names instead of codes ---------------------------------------------------------------------


def detail_of(at: Desk, pole: UUID, title: str) -> str:
    (line,) = [line for line in told(at, pole) if line.title == title]
    return line.detail


def test_who_left_or_changed_is_named_but_for_a_person(at: Desk) -> None:
    pole = at.pole(on="2022-01-01")
    kind = MemberKind.OTHER_ENTERPRISE
    firm = at.do(AddMember(pole=pole, member_kind=kind, name="Voilerie fictive"), "2022-01-02")
    citizen = AddMember(
        pole=pole, member_kind=MemberKind.CITIZEN, person=Personal(text="Jeanne Secret")
    )
    someone = at.do(citizen, "2022-01-02")
    changed = ChangeMember(pole=pole, member=MemberId(firm), member_kind=MemberKind.RESEARCH)
    at.do(changed, "2022-03-01")
    at.do(EndMembership(pole=pole, member=MemberId(firm)), "2023-01-01")
    at.do(EndMembership(pole=pole, member=MemberId(someone)), "2023-02-01")

    assert detail_of(at, pole, "Changement d'un membre").startswith("Voilerie fictive : nature")
    left = [line.detail for line in told(at, pole) if line.title == "Départ d'un membre"]
    assert left == ["Voilerie fictive", "une personne physique"]


def test_a_pole_that_is_succeeded_is_called_by_its_name(at: Desk) -> None:
    old, north, south = (at.pole(name, on="2022-01-01") for name in ("Vieux", "Nord", "Sud"))
    at.do(SplitPole(predecessor=old, into=(north, south)), "2023-01-01")

    assert detail_of(at, north, "Succède à un autre pôle") == "Vieux, par scission"


def test_a_criterion_is_called_by_its_words(tmp_path: Path) -> None:
    with rounds.registry(tmp_path) as registry:
        pole = rounds.pole(registry)
        made = RecordAssessment(
            pole=pole,
            name="Réseau fictif",
            criterion="MIX",
            reasons="vu",
            found=Found.MET,
        )
        id_ = AssessmentId(rounds.do(registry, made, on="2024-01-01"))
        again = ReviseAssessment(assessment=id_, found=Found.NOT_MET, reasons="revu", evidence=())
        rounds.do(registry, again, on="2024-02-01")

        lines = pole_history(registry, pole, rounds.at(registry))

    words = [line.detail for line in lines if line.topic.startswith("assessment.")]
    assert len(words) == 2
    assert words[0].endswith(" » : rempli, par : Réseau fictif")
    assert all(said.startswith("« ") and "MIX" not in said for said in words)


# --- sources, said once -------------------------------------------------------------------------


def line_from(source: str | None) -> HistoryLine:
    return HistoryLine(
        position=1,
        event_id=UUID(int=1),
        topic="x",
        recorded_at=make.NOW,
        occurred_on="2022",
        title="Un fait",
        detail="",
        role=Role.REGISTRAR,
        actor=UUID(int=1),
        ground=None,
        source=source,
        confidence=None,
        reason=None,
    )


@pytest.mark.parametrize(
    ("sources", "common"),
    [
        (["a", "b", "a"], "a"),
        (["a", "b"], None),
        ([None, None, "a"], None),
        ([None, "a", "a", "b", "b", "b"], "b"),
        ([], None),
    ],
)
def test_a_source_is_said_once_where_several_facts_share_it(
    sources: list[str | None], common: str | None
) -> None:
    assert common_source(map(line_from, sources)) == common
