"""Members: periods that never overlap, and what the quality of each rests on."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import PartialDate
from domain.identifiers import Identifier, Scheme
from domain.legal_form import (
    ByLaw,
    CannotBeEss,
    EssEvidence,
    EssStatus,
    EssUnchecked,
    EssUnproven,
    EvidenceUnsourced,
    IsEssByLaw,
    LegalForm,
    NotAPublicBody,
)
from domain.membership import (
    AlreadyMember,
    MemberId,
    MemberKind,
    NotAMember,
    NotClaimed,
    NothingChanges,
    OtherIdentifier,
    PersonStays,
    PersonUnnamed,
)
from domain.pole import Pole
from domain.values import Sealed
from tests import make
from tests.examples import settings

ESS, OTHER = MemberKind.ESS_ENTERPRISE, MemberKind.OTHER_ENTERPRISE
PERSON = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
KBIS = EssEvidence(words="extrait du registre portant la mention")

SIREN = Identifier(scheme=Scheme.SIREN, number="732829320")
SAME_SIRET = Identifier(scheme=Scheme.SIRET, number="73282932000074")
LA_POSTE = Identifier(scheme=Scheme.SIREN, number="356000000")
RNA = Identifier(scheme=Scheme.RNA, number="W9R1011072")


def form(status: ByLaw, label: str = "Forme fictive", code: str = "9999") -> LegalForm:
    return LegalForm(code=code, label=label, status=status, ground="pour les besoins de l'essai")


ASSOCIATION = form(ByLaw.BY_FORM, "Association fictive")
COMPANY = form(ByLaw.CONDITIONAL, "Société fictive")
CONGREGATION = form(ByLaw.TO_CHECK)
COMMUNE = form(ByLaw.NO, code="7999")


def join(
    pole: Pole,
    name: str = "Évaléco",
    on: str = "2023",
    until: str | None = None,
    kind: MemberKind = ESS,
    source: str | None = None,
    reason: str | None = None,
    **told: Any,
) -> MemberId:
    with recorded(on, until, source, reason):
        return pole.add_member(member_kind=kind, name=name, person=None, **told)


def recorded(
    on: str, until: str | None = None, source: str | None = None, reason: str | None = None
) -> Any:
    about = make.context().provenance.model_copy(update={"source": source, "reason": reason})
    return make.on(on, valid_to=make.day(until) if until else None, provenance=about)


def ess(pole: Pole, member: MemberId, on: str) -> EssStatus:
    return pole.members[member].ess_on(make.day(on))


# Periods.


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2019", None),
        ("2019", "2020-01-02"),
        ("2020", "2021-01-01"),
        ("2020-06", "2020-07-01"),
        ("2020-12-31", None),
    ],
)
def test_a_past_membership_recorded_late_does_not_overlap_another(
    since: str, until: str | None
) -> None:
    pole = make.pole("2018")
    join(pole, on="2020", until="2021-01-01")
    version = pole.version

    with pytest.raises(
        AlreadyMember,
        match=r"« Évaléco » est déjà membre du pôle \(début : 2020, fin : 1er janvier 2021\)",
    ):
        join(pole, on=since, until=until)

    assert pole.version == version


@pytest.mark.parametrize(("since", "until"), [("2019", "2020-01-01"), ("2021-01-01", None)])
def test_an_organisation_may_have_been_a_member_before_and_be_one_again(
    since: str, until: str | None
) -> None:
    pole = make.pole("2018")
    join(pole, on="2020", until="2021-01-01")

    join(pole, on=since, until=until)

    assert len(pole.members) == 2


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"identifier": SIREN}, {"identifier": SAME_SIRET}, "sous le nom « Évaléco »"),
        ({"siren": "732829320"}, {"identifier": SIREN}, "sous le nom « Évaléco »"),
        ({"identifier": RNA}, {"identifier": RNA}, "sous le nom « Évaléco »"),
    ],
)
def test_an_organisation_is_known_by_its_number_under_another_name(
    first: dict[str, Any], second: dict[str, Any], said: str
) -> None:
    pole = make.pole("2018")
    join(pole, **first)

    with pytest.raises(AlreadyMember, match=said):
        join(pole, "Évaléco Développement", on="2024", **second)


@pytest.mark.parametrize("name", ["évaléco", "  Évaléco ", "ÉVALÉCO"])
def test_capitals_and_spaces_do_not_make_another_organisation(name: str) -> None:
    pole = make.pole("2018")
    join(pole)

    with pytest.raises(AlreadyMember):
        join(pole, name)


def test_two_numbers_of_one_register_tell_two_organisations_of_one_name_apart() -> None:
    pole = make.pole("2018")
    join(pole, "Foyer rural", identifier=SIREN)

    join(pole, "Foyer rural", identifier=LA_POSTE)

    assert len(pole.members) == 2


def test_a_number_and_a_siren_given_together_are_of_one_organisation() -> None:
    pole = make.pole("2018")
    join(pole, siren="732829320", identifier=SAME_SIRET)

    with pytest.raises(OtherIdentifier, match="deux organisations différentes"):
        join(pole, "Autre", siren="356000000", identifier=SAME_SIRET)


def test_persons_are_not_compared_and_have_no_number_here() -> None:
    pole = make.pole("2018")
    with make.on("2023"):
        for _ in range(2):
            pole.add_member(member_kind=MemberKind.CITIZEN, name=None, person=PERSON)
        for told in ({"identifier": SIREN}, {"siren": "732829320"}, {"legal_form": COMPANY}):
            with pytest.raises(PersonUnnamed, match="Une personne n'a ici ni identifiant"):
                pole.add_member(member_kind=MemberKind.CITIZEN, name=None, person=PERSON, **told)

    assert len(pole.members) == 2


DAYS = st.dates(date(2020, 1, 1), date(2020, 2, 9))
ORGANISATIONS = st.sampled_from(
    [
        ("Alpha", None),
        ("Alpha", SIREN),
        ("Alpha SCIC", SAME_SIRET),
        ("Bêta", LA_POSTE),
        ("Gamma", RNA),
    ]
)
ACTS = st.tuples(
    st.sampled_from(["join", "join", "leave", "name"]), ORGANISATIONS, DAYS, st.none() | DAYS
)


@settings(deadline=None, max_examples=150)
@given(acts=st.lists(ACTS, max_size=14), data=st.data())
def test_no_sequence_of_acts_makes_two_periods_of_one_organisation_overlap(
    acts: list[Any], data: st.DataObject
) -> None:
    pole = make.pole("2019")
    for act, (name, identifier), day, until in acts:
        known = list(pole.members)
        if act != "join" and not known:
            continue
        with suppress(AlreadyMember, NotAMember):
            if act == "join":
                end = until if until and until > day else None
                with make.on(day.isoformat(), valid_to=end):
                    pole.add_member(member_kind=ESS, name=name, person=None, identifier=identifier)
            else:
                member = data.draw(st.sampled_from(known))
                with make.on(day.isoformat()):
                    if act == "leave":
                        pole.end_membership(member, occurred_on=PartialDate.on(day))
                    elif identifier:
                        pole.change_member(member, identifier=identifier)

    for day in days_between(date(2020, 1, 1), date(2020, 2, 10)):
        present = [m for _, m in pole.members_on(day)]
        numbers = [m.identifier.organisation for m in present if m.identifier]
        unnumbered = [m.name for m in present if not m.identifier]
        assert len(set(numbers)) == len(numbers)
        assert len(set(unnumbered)) == len(unnumbered)
        assert not set(unnumbered) & {m.name for m in present if m.identifier}
        assert pole.member_facts_on(day).ess_enterprises in (len(present), None)
    replayed = Pole.replay(pole.id, make.history(pole))
    assert replayed
    assert replayed.members == pole.members


def days_between(start: date, end: date) -> Iterator[date]:
    while start < end:
        yield start
        start += timedelta(days=1)


# What the quality rests on.


def test_some_forms_are_of_the_social_economy_by_law() -> None:
    pole = make.pole("2018")
    member = join(pole, legal_form=ASSOCIATION)

    assert ess(pole, member, "2023-06-01") is EssStatus.BY_FORM
    with pytest.raises(IsEssByLaw, match="par sa forme juridique, « Association fictive »"):
        join(pole, "Autre", kind=OTHER, legal_form=ASSOCIATION)


def test_a_company_is_of_the_social_economy_on_evidence_only() -> None:
    pole = make.pole("2018")

    with pytest.raises(
        EssUnproven, match=r"« Évaléco », « Société fictive » .*loi n° 2014-856 .* II, 2° et III"
    ):
        join(pole, legal_form=COMPANY)
    member = join(pole, legal_form=COMPANY, ess_evidence=KBIS, source="registre du commerce")

    assert ess(pole, member, "2023-06-01") is EssStatus.EVIDENCED


def test_words_are_evidence_when_one_knows_where_they_come_from() -> None:
    pole = make.pole("2018")

    with pytest.raises(EvidenceUnsourced):
        join(pole, legal_form=COMPANY, ess_evidence=KBIS)
    join(pole, legal_form=COMPANY, ess_evidence=EssEvidence(document=pole.id))


def test_a_form_to_check_asks_for_evidence_or_a_reason() -> None:
    pole = make.pole("2018")

    with pytest.raises(EssUnchecked, match="donnez un justificatif, ou le motif"):
        join(pole, legal_form=CONGREGATION)
    explained = join(pole, legal_form=CONGREGATION, reason="statuts lus")
    evidenced = join(pole, "Autre", legal_form=CONGREGATION, ess_evidence=KBIS, source="statuts")

    assert ess(pole, explained, "2023-06-01") is EssStatus.TO_CONFIRM
    assert ess(pole, evidenced, "2023-06-01") is EssStatus.EVIDENCED


def test_some_forms_cannot_be_of_the_social_economy_whatever_is_shown() -> None:
    pole = make.pole("2018")

    with pytest.raises(CannotBeEss, match="article 1er"):
        join(pole, legal_form=COMMUNE, ess_evidence=KBIS, source="statuts", reason="motif")
    member = join(pole, kind=MemberKind.LOCAL_AUTHORITY, legal_form=COMMUNE)

    assert ess(pole, member, "2023-06-01") is EssStatus.NO


def test_a_local_authority_is_a_legal_person_of_public_law() -> None:
    with pytest.raises(NotAPublicBody, match="n'est pas de droit public"):
        join(make.pole("2018"), kind=MemberKind.LOCAL_AUTHORITY, legal_form=ASSOCIATION)


def test_a_company_that_is_no_longer_of_the_social_economy_keeps_no_evidence_of_it() -> None:
    pole = make.pole("2018")
    member = join(pole, legal_form=COMPANY, ess_evidence=KBIS, source="registre")

    with recorded("2024-01-01"):
        pole.change_member(member, member_kind=OTHER)

    assert ess(pole, member, "2023-12-31") is EssStatus.EVIDENCED
    assert ess(pole, member, "2024-01-01") is EssStatus.NO
    with recorded("2025-01-01"), pytest.raises(EssUnproven):
        pole.change_member(member, member_kind=ESS)


def test_without_a_legal_form_the_quality_waits_for_its_evidence() -> None:
    pole = make.pole("2018")
    member = join(pole)

    with recorded("2024-03-01", source="registre du commerce"):
        pole.confirm_ess(member, ess_evidence=KBIS)

    assert ess(pole, member, "2024-02-29") is EssStatus.TO_CONFIRM
    assert ess(pole, member, "2024-03-01") is EssStatus.EVIDENCED


def test_evidence_may_hold_for_a_time() -> None:
    pole = make.pole("2018")
    member = join(pole)

    with recorded("2023-03-01", until="2024-03-01", source="registre du commerce"):
        pole.confirm_ess(member, ess_evidence=KBIS)

    days = ("2023-02-28", "2023-03-01", "2024-02-29", "2024-03-01")
    assert [ess(pole, member, day).value for day in days] == [
        *("to_confirm", "evidenced", "evidenced", "to_confirm")
    ]


def test_only_what_is_claimed_is_confirmed_and_only_of_a_member() -> None:
    pole = make.pole("2018")
    other = join(pole, "Société", kind=OTHER)
    left = join(pole, "Partie", on="2020", until="2021-01-01")

    with recorded("2024", source="statuts"):
        with pytest.raises(NotClaimed, match="« Société » n'est pas enregistré"):
            pole.confirm_ess(other, ess_evidence=KBIS)
        with pytest.raises(NotAMember):
            pole.confirm_ess(left, ess_evidence=KBIS)
        with pytest.raises(NotAMember):
            pole.confirm_ess(MemberId(pole.id), ess_evidence=KBIS)


def test_a_company_that_gets_the_mention_becomes_an_enterprise_of_the_social_economy() -> None:
    pole = make.pole("2018")
    member = join(pole, kind=OTHER, legal_form=COMPANY)

    with recorded("2024-03-01"), pytest.raises(EssUnproven):
        pole.change_member(member, member_kind=ESS)
    with recorded("2024-03-01", source="registre du commerce"):
        pole.change_member(member, member_kind=ESS, ess_evidence=KBIS)

    before, after = (pole.member_facts_on(make.day(d)) for d in ("2024-02-29", "2024-03-01"))
    assert (before.ess_enterprises, before.other_enterprises, before.total) == (0, 1, 1)
    assert (after.ess_enterprises, after.other_enterprises, after.total) == (1, 0, 1)
    assert ess(pole, member, "2024-02-29") is EssStatus.NO
    assert ess(pole, member, "2024-03-01") is EssStatus.EVIDENCED


def test_the_evidence_of_a_form_shows_nothing_of_another() -> None:
    pole = make.pole("2018")
    member = join(pole, legal_form=COMPANY, ess_evidence=KBIS, source="registre du commerce")

    with recorded("2024-03-01"):
        with pytest.raises(EssUnproven):
            pole.change_member(member, legal_form=form(ByLaw.CONDITIONAL))
        pole.change_member(member, legal_form=CONGREGATION, member_kind=MemberKind.OTHER)

    assert ess(pole, member, "2024-02-29") is EssStatus.EVIDENCED
    assert ess(pole, member, "2024-03-01") is EssStatus.NO


def test_a_change_says_what_changes_and_a_person_stays_one() -> None:
    pole = make.pole("2018")
    member = join(pole)
    with make.on("2023"):
        person = pole.add_member(member_kind=MemberKind.CITIZEN, name=None, person=PERSON)

    with make.on("2024"):
        with pytest.raises(NothingChanges):
            pole.change_member(member)
        with pytest.raises(PersonStays):
            pole.change_member(member, member_kind=MemberKind.CITIZEN)
        with pytest.raises(PersonStays):
            pole.change_member(person, identifier=SIREN)


def test_a_number_learnt_later_is_compared_too() -> None:
    pole = make.pole("2018")
    join(pole, "Alpha", identifier=SIREN)
    other = join(pole, "Alpha SCIC")

    with make.on("2024"), pytest.raises(AlreadyMember, match="sous le nom « Alpha »"):
        pole.change_member(other, identifier=SAME_SIRET)
    with make.on("2024"):
        pole.change_member(other, identifier=LA_POSTE)

    assert pole.members[other].siren == "356000000"


def test_a_member_who_left_before_changing_no_longer_counts() -> None:
    pole = make.pole("2018")
    member = join(pole, on="2020")
    with make.on("2022"):
        pole.change_member(member, member_kind=OTHER)

    with make.on("2021"):
        pole.end_membership(member, occurred_on=PartialDate("2021"))

    counted = [pole.member_facts_on(make.day(f"{year}-06-01")).total for year in (2020, 2021, 2022)]
    assert counted == [1, 0, 0]


# Who carries it.


def test_a_carrier_that_moves_is_the_same_carrier() -> None:
    pole = make.pole("2018")
    moved = replace_number(SAME_SIRET, "73282932000082")
    for on, name, identifier in (
        ("2019", "Association fictive", RNA),
        ("2020", "SCIC fictive", SAME_SIRET),
        ("2022-05", "SCIC fictive", moved),
    ):
        with make.on(on):
            pole.designate_carrier(name=name, siret=None, identifier=identifier)

    assert pole.carrier_on(make.day("2023-01-01")) == ("SCIC fictive", "73282932000082")
    assert str(pole.carrier_since(make.day("2023-01-01"))) == "2020"
    assert str(pole.carrier_since(make.day("2019-06-01"))) == "2019"
    assert pole.carrier_since(make.day("2018-06-01")) is None


def replace_number(identifier: Identifier, number: str) -> Identifier:
    return Identifier(scheme=identifier.scheme, number=number)


def test_a_carrier_is_named_by_one_organisation() -> None:
    pole = make.pole("2018")

    with make.on("2020"), pytest.raises(OtherIdentifier):
        pole.designate_carrier(name="SCIC", siret="73282932000074", identifier=LA_POSTE)
    with make.on("2020"):
        pole.designate_carrier(name="SCIC", siret="73282932000074")

    assert pole.carrier_identifier_on(make.day("2021-01-01")) == SAME_SIRET
