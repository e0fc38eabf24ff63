"""Members as people record them and as lists show them, on both axes of time."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from application.command import Command
from application.history_in_words import pole_history
from application.identifiers import identifier_in_words
from application.legal_form import evidence_of
from application.member import MEMBERS_LIST, AddMember, ChangeMember, ConfirmEss, EndMembership
from application.pole import DesignateCarrier
from application.register import pole_sheet
from application.wording import tell
from domain.errors import JalonError
from domain.identifiers import Identifier
from domain.legal_form import (
    ByLaw,
    EssEvidence,
    EssStatus,
    EvidenceNotOnFile,
    LegalForm,
    UnknownLegalForm,
)
from domain.membership import MemberId, MemberKind
from domain.pole import Pole, PoleId
from domain.values import Personal
from infrastructure.read_models.member import MemberModel
from tests import make
from tests.application.desk import Desk, desk
from tests.examples import settings

NBSP = "\u00a0"
ESS, OTHER = MemberKind.ESS_ENTERPRISE, MemberKind.OTHER_ENTERPRISE


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def joins(pole: PoleId, name: str | None = "Société fictive", **told: Any) -> AddMember:
    return AddMember.model_validate({"pole": pole, "member_kind": ESS, "name": name, **told})


def confirms(pole: PoleId, member: UUID, **told: Any) -> ConfirmEss:
    evidence = {"ess_evidence": "mention au registre", "source": "greffe fictif"}
    return ConfirmEss.model_validate({"pole": pole, "member": member, **evidence, **told})


def test_the_list_says_of_each_member_what_its_quality_rests_on(office: Desk) -> None:
    pole = office.pole(on="2020")
    office.do(
        joins(pole, "Association fictive", legal_form="9220", identifier="W9R1011072"), "2021"
    )
    office.do(
        joins(
            pole,
            legal_form="5499",
            siren="732829320",
            ess_evidence="statuts et mention",
            source="greffe fictif",
        ),
        "2022",
    )
    office.do(joins(pole, "Incertaine"), "2023")
    office.do(joins(pole, "Commune fictive", member_kind="local_authority", legal_form="7210"))
    citizen = Personal(text="Jeanne Secret")
    office.do(joins(pole, None, member_kind="citizen", person=citizen), "2024-06-02")

    lines = office.lines(MEMBERS_LIST, pole=pole)

    assert [(line.name, line.ess, line.identifier, line.legal_form_code) for line in lines] == [
        ("Association fictive", EssStatus.BY_FORM, f"RNA{NBSP}W9R1011072", "9220"),
        (
            "Société fictive",
            EssStatus.EVIDENCED,
            f"SIREN{NBSP}732{NBSP}829{NBSP}320",
            "5499",
        ),
        ("Incertaine", EssStatus.TO_CONFIRM, None, None),
        ("une personne physique", EssStatus.NO, None, None),
        ("Commune fictive", EssStatus.NO, None, "7210"),
    ]
    assert lines[1].ess_evidence == "statuts et mention (greffe fictif)"
    assert office.rebuilt()


def test_a_list_is_asked_at_a_past_date_on_either_axis(office: Desk) -> None:
    pole = office.pole(on="2020")
    member = office.do(joins(pole), "2021")
    before = office.size
    office.do(confirms(pole, member), "2023-03-01")
    office.do(EndMembership(pole=pole, member=MemberId(member)), "2024-01-01")

    def told(on: str, known: int | None = None) -> list[EssStatus]:
        return [line.ess for line in office.lines(MEMBERS_LIST, on, known)]

    assert told("2020-12-31") == []
    assert told("2023-02-28") == [EssStatus.TO_CONFIRM]
    assert told("2023-03-01") == [EssStatus.EVIDENCED]
    assert told("2024-01-01") == []
    assert told("2024-01-01", before) == [EssStatus.TO_CONFIRM]
    assert office.rebuilt()


def test_lists_are_asked_for_those_whose_quality_is_to_be_confirmed(office: Desk) -> None:
    pole = office.pole()
    office.do(joins(pole, "Association fictive", legal_form="9220"))
    office.do(joins(pole, "Incertaine"))

    waiting = office.lines(MEMBERS_LIST, ess=EssStatus.TO_CONFIRM)

    assert [line.name for line in waiting] == ["Incertaine"]


def test_a_legal_form_is_one_of_the_insee_list(office: Desk) -> None:
    pole = office.pole()

    for code in ("9999", "abc", "922", "SARL"):
        with pytest.raises(UnknownLegalForm, match=f"« {code} » n'est pas une catégorie"):
            office.do(joins(pole, legal_form=code))
    office.do(joins(pole, legal_form=" 9220 "))


def test_a_document_is_evidence_when_it_is_on_the_file_of_the_pole(office: Desk) -> None:
    pole, document = office.pole(), uuid4()

    with pytest.raises(EvidenceNotOnFile):
        office.do(joins(pole, legal_form="5499", ess_evidence=str(document)))
    held = make.pole()
    with make.on():
        held.attach("document", document, is_news=True)

    assert evidence_of(held, str(document)) == EssEvidence(document=document)
    assert evidence_of(held, "statuts") == EssEvidence(words="statuts")


def test_a_past_membership_may_be_recorded_late(office: Desk) -> None:
    pole = office.pole(on="2018")
    office.do(joins(pole, valid_to="2023-01-01"), "2022")
    office.do(joins(pole, valid_to="2022-01-01"), "2020")
    size = office.size

    with pytest.raises(JalonError, match="est déjà membre du pôle"):
        office.do(joins(pole, valid_to="2022-01-02"), "2021-06")

    assert office.size == size
    assert [
        len(office.lines(MEMBERS_LIST, f"{year}-06-01")) for year in (2019, 2020, 2022, 2023)
    ] == [*(0, 1, 1, 0)]


def test_the_sheet_and_the_history_tell_the_number_and_the_quality(office: Desk) -> None:
    pole = office.pole(on="2020")
    member = office.do(joins(pole, siren="732829320"), "2021")
    office.do(confirms(pole, member), "2022-03-01")
    change = ChangeMember(pole=pole, member=MemberId(member), legal_form="5710", reason="SCIC")
    office.do(change.model_copy(update={"ess_evidence": "statuts", "source": "greffe"}), "2023")
    office.do(
        DesignateCarrier(
            pole=pole, name="SCIC fictive", identifier=Identifier.model_validate("SIREN 732829320")
        ),
        "2023",
    )

    sheet = pole_sheet(office.registry, pole, office.moment())
    told = [
        (line.title, line.detail) for line in pole_history(office.registry, pole, office.moment())
    ]

    (shown,) = sheet.members
    assert shown.identifier == f"SIREN{NBSP}732{NBSP}829{NBSP}320"
    assert (shown.ess, shown.legal_form) == (
        EssStatus.EVIDENCED,
        "SAS, société par actions simplifiée",
    )
    assert (sheet.carrier, sheet.carrier_since) == ("SCIC fictive", "2023")
    assert (
        "Qualité d'entreprise de l'ESS confirmée",
        "Société fictive : mention au registre",
    ) in told
    assert (
        "Changement d'un membre",
        "Société fictive : forme juridique : SAS, société par actions simplifiée ; "
        "justificatif : statuts",
    ) in told


def test_a_citizen_is_named_by_no_list_and_no_event(office: Desk) -> None:
    pole = office.pole()
    office.do(joins(pole, None, member_kind="citizen", person=Personal(text="Jeanne Secret")))

    (line,) = office.lines(MEMBERS_LIST)

    assert line.name == "une personne physique"
    assert "Jeanne" not in line.model_dump_json()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("siren 732829320", "SIREN 732 829 320"),
        ("siret 73282932000074", "SIRET 732 829 320 00074"),
        ("RIDET 123456", "RIDET 123 456"),
        ("RIDET 1234567001", "RIDET 1 234 567.001"),
        ("tahiti a12345001", "numéro Tahiti A12345-001"),
        ("étranger 12, Registre fictif, Pays fictif", "12, Registre fictif (Pays fictif)"),
        ("aucun : non déclaré", "sans identifiant (non déclaré)"),
    ],
)
def test_an_identifier_is_said_as_it_is_usually_written(written: str, said: str) -> None:
    words = identifier_in_words(Identifier.model_validate(written))

    assert words
    assert words.replace(NBSP, " ") == said


# Whatever is recorded, the list is what the histories say.

Fresh = Callable[[], AbstractContextManager[Desk]]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Gives a new registry at each call, copied from one whose rules were published once."""
    template = tmp_path_factory.mktemp("template")
    with desk(template):
        pass

    @contextmanager
    def opened() -> Iterator[Desk]:
        folder = tmp_path_factory.mktemp("registry")
        shutil.copytree(template, folder, dirs_exist_ok=True)
        with desk(folder, publish=False) as made:
            yield made
        shutil.rmtree(folder)

    return opened


DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 20))
FORMS = st.none() | st.sampled_from(["9220", "5499", "9240", "7210"])
KINDS = st.none() | st.sampled_from([ESS, OTHER, MemberKind.RESEARCH])
ACTS = st.fixed_dictionaries(
    {
        "act": st.sampled_from(["join", "leave", "change", "confirm"]),
        "day": DAYS,
        "until": st.none() | DAYS,
        "name": st.sampled_from(["Alpha", "Bêta"]),
        "identifier": st.none() | st.sampled_from(["SIREN 732829320", "RNA W9R1011072"]),
        "form": FORMS,
        "kind": KINDS,
        "evidence": st.none() | st.sampled_from(["statuts", "mention"]),
        "which": st.integers(0, 3),
    }
)


def command(act: dict[str, Any], pole: PoleId, members: list[UUID]) -> Command:
    """An act as a command, which may well be refused."""
    told: dict[str, Any] = {"pole": pole, "occurred_on": act["day"].isoformat(), "source": "essai"}
    if act["until"] and act["until"] > act["day"] and act["act"] != "leave":
        told["valid_to"] = act["until"]
    if act["act"] != "join":
        told["member"] = members[act["which"] % len(members)]
    what = {
        "identifier": act["identifier"],
        "legal_form": act["form"],
        "ess_evidence": act["evidence"],
    }
    match act["act"]:
        case "join":
            kind = act["kind"] or ESS
            return AddMember.model_validate(
                {**told, **what, "member_kind": kind, "name": act["name"]}
            )
        case "leave":
            return EndMembership.model_validate(told)
        case "change":
            return ChangeMember.model_validate({**told, **what, "member_kind": act["kind"]})
        case _:
            return ConfirmEss.model_validate({**told, "ess_evidence": act["evidence"] or "statuts"})


@settings(deadline=None, max_examples=20)
@given(acts=st.lists(ACTS, min_size=2, max_size=12))
def test_the_list_is_at_any_moment_what_the_history_of_the_pole_says(
    fresh: Fresh, acts: list[dict[str, Any]]
) -> None:
    with fresh() as office:
        pole, members = office.pole(on="2019"), list[UUID]()
        first = office.size
        for act in acts:
            if act["act"] != "join" and not members:
                continue
            with suppress(JalonError):
                answer = office.do(command(act, pole, members))
                if act["act"] == "join":
                    members.append(answer)

        for known in range(max(first, office.size - 3), office.size + 1):
            for day in (date(2020, 1, n) for n in range(1, 24, 2)):
                folded = office.registry.load(Pole, pole, known)
                assert folded
                told = {
                    (
                        id_,
                        m.name,
                        m.kind_on(day),
                        m.ess_on(day),
                        form.code if (form := m.form_on(day)) else None,
                        identifier_in_words(m.identifier),
                        bool(m.evidence_on(day)),
                        m.until,
                    )
                    for id_, m in folded.members_on(day)
                }
                listed = {
                    (
                        line.id,
                        line.name,
                        line.member_kind,
                        line.ess,
                        line.legal_form_code,
                        line.identifier,
                        bool(line.ess_evidence),
                        line.until,
                    )
                    for line in office.lines(MEMBERS_LIST, day.isoformat(), known)
                }
                assert listed == told
        assert office.rebuilt()


def test_evidence_is_a_document_or_words() -> None:
    for told in ({}, {"document": uuid4(), "words": "statuts"}):
        with pytest.raises(ValueError, match="soit un document versé, soit quelques mots"):
            EssEvidence.model_validate(told)


def test_an_organisation_recorded_before_its_number_was_kept_still_shows_its_siren(
    office: Desk,
) -> None:
    pole = office.pole()
    office.do(joins(pole, siren="732829320"))

    (line,) = office.lines(MEMBERS_LIST)
    membership = next(iter(office.load(pole).members.values()))

    assert line.identifier == f"SIREN{NBSP}732{NBSP}829{NBSP}320"
    assert membership.siren == "732829320"


def test_a_sole_trader_recorded_by_name_before_is_named_no_more() -> None:
    """An earlier version kept their name and their number in clear: neither is shown."""
    form = LegalForm(code="1000", label="Entrepreneur individuel", status=ByLaw.NO, ground="loi")
    pole = make.pole()
    with make.on("2023-01-01"):
        pole._member_joined(  # an event as it was recorded then
            member=MemberId(uuid4()),
            member_kind=MemberKind.OTHER_ENTERPRISE,
            name="Camille Exemple",
            person=None,
            siren="732829320",
            identifier=None,
            legal_form=form,
            ess_evidence=None,
        )
    model, engine = MemberModel(), sa.create_engine("sqlite://")
    model.table.create(engine)

    with engine.begin() as tx:
        for recorded in make.history(pole):
            if isinstance(recorded.event, model.events):
                model.apply(tx, recorded)
        (row,) = tx.execute(sa.select(model.table)).mappings().all()

    assert (row["name"], row["identifier"]) == ("un entrepreneur individuel", None)
    assert "Camille" not in str(dict(row))
    title, detail = tell(pole.pending[-1])
    assert title == "Nouveau membre"
    assert "Camille" not in detail
    assert "732" not in detail
