"""What is kept of persons, for how long, what falls due by a day, and what keeps it longer."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.appeal import LodgeAppeal, MoveAppeal
from application.contribution import PublishContribution, SendContribution
from application.document import FileDocument
from application.exchange import RecordExchange
from application.legal_hold import disputes
from application.member import AddMember, EndMembership
from application.personal import places
from application.pole import RegisterPole
from application.retention import CONTENT, DueField, DueReport, due_report
from application.world import Moment
from domain.appeal import Appeal, AppealId, AppealKind
from domain.contribution import Contribution, ContributionId
from domain.document import Document
from domain.exchange import Channel, Exchange
from domain.filing import DocumentChannel, DocumentKind
from domain.kernel import MARKED
from domain.membership import MemberId, MemberKind
from domain.personal import marking_of
from domain.pole import Pole, PoleId
from domain.retention import PERIODS, SOURCES, Retention, kept_until
from domain.roles import Role
from domain.values import Personal
from tests import documents, make
from tests.application.desk import Desk, desk, person
from tests.application.dossiers import POLE, REJECT, SELECT, season

NAME = "Camille Exemple"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def exchange(at: Desk, pole: PoleId) -> UUID:
    said = Personal(text=f"{NAME} hésite.")
    return at.do(RecordExchange(pole=pole, channel=Channel.CALL, reached=True, summary=said))


def citizen(at: Desk, pole: PoleId) -> MemberId:
    joins = AddMember(pole=pole, member_kind=MemberKind.CITIZEN, person=Personal(text=NAME))
    return MemberId(at.do(joins, "2024-01-10"))


def due(at: Desk, day: str) -> DueReport:
    return due_report(at.registry, at.moment(day))


def of(report: DueReport, topic: str, field: str) -> DueField:
    (found,) = (one for one in report.fields if (one.topic, one.field) == (topic, field))
    return found


SUMMARY = (Exchange.Recorded.TOPIC, "summary")
PERSON = (Pole.MemberJoined.TOPIC, "person")


def test_a_value_falls_due_the_day_after_its_last_one(at: Desk) -> None:
    """Recorded on 3 June 2024, and kept five years: to 3 June 2029, that day included."""
    exchange(at, at.pole())

    eve, after = of(due(at, "2029-06-03"), *SUMMARY), of(due(at, "2029-06-04"), *SUMMARY)

    assert (eve.kept, eve.past, str(eve.next_due)) == (1, 0, "2029-06-03")
    assert (after.kept, after.past, after.next_due) == (1, 1, None)
    assert str(after.oldest) == "2024-06-03"
    assert due(at, "2029-06-04").things[0].until == make.day("2029-06-03")


def test_its_time_runs_from_the_fact_as_whoever_looks_for_the_person_is_told(at: Desk) -> None:
    """Joined on 10 January 2024, and recorded in June: kept to 10 January 2029."""
    citizen(at, at.pole())
    subjects = at.registry.journal.subjects_of([*at.registry.journal.sealed()])

    (place,) = places(at.registry, subjects)
    eve, after = of(due(at, "2029-01-10"), *PERSON), due(at, "2029-01-11")

    assert str(place.keep_until) == "2029-01-10"
    assert eve.next_due == place.keep_until
    assert [thing.until for thing in after.things] == [place.keep_until]


def test_the_report_tells_nothing_of_what_is_kept(at: Desk) -> None:
    pole = at.pole()
    exchange(at, pole)
    citizen(at, pole)

    assert NAME not in due(at, "2040-01-01").model_dump_json()


def test_what_is_erased_or_missing_is_counted_apart(at: Desk) -> None:
    gone, taken, left = (exchange(at, at.pole(name)) for name in ("Un", "Deux", "Trois"))
    at.erase(gone)
    at.registry.keys.destroy(taken, "exchange")

    found = of(due(at, "2040-01-01"), *SUMMARY)

    assert (found.kept, found.erased, found.missing, found.past) == (1, 1, 1, 1)
    assert [thing.thing for thing in due(at, "2040-01-01").things] == [left]


def test_a_person_who_is_still_a_member_is_held_until_they_leave(at: Desk) -> None:
    pole = at.pole()
    member = citizen(at, pole)
    report = due(at, "2030-01-01")
    assert (of(report, *PERSON).past, of(report, *PERSON).held) == (0, 1)
    assert report.things[0].held == "la personne est membre du pôle"

    at.do(EndMembership(pole=pole, member=member), "2024-05-01")

    report = due(at, "2030-01-01")
    assert (of(report, *PERSON).past, of(report, *PERSON).held) == (1, 0)


def test_a_contribution_that_shows_is_held(at: Desk) -> None:
    sent = SendContribution(
        about="le registre", author=Personal(text=NAME), text=Personal(text="Oui.")
    )
    id_ = ContributionId(at.do(sent, by=person(5, Role.PUBLIC)))
    key = (Contribution.Received.TOPIC, "author")
    assert of(due(at, "2030-01-01"), *key).past == 1

    at.do(PublishContribution(contribution=id_), by=person(6, Role.MODERATOR))

    assert of(due(at, "2030-01-01"), *key).held == 1


def test_documents_are_counted_by_their_class(at: Desk) -> None:
    pole = at.pole()
    for retention, text in ((Retention.TWO_YEARS, "Un"), (Retention.PERMANENT, "Deux")):
        at.do(
            FileDocument(
                pole=pole,
                kind=DocumentKind.OTHER,
                title=text,
                content=documents.pdf(text),
                channel=DocumentChannel.UPLOAD,
                retention=retention,
            ),
            "2024-01-01",
        )

    fields = [one for one in due(at, "2026-01-02").fields if one.field == CONTENT]

    assert [one.topic for one in fields] == [Document.Filed.TOPIC] * 2
    assert {one.retention: (one.past, one.kept) for one in fields} == {
        Retention.TWO_YEARS: (1, 1),
        Retention.PERMANENT: (0, 1),
    }


def test_what_an_appeal_under_way_keeps_is_held_and_nothing_else_of_its_pole(
    tmp_path: Path,
) -> None:
    """RGPD, article 17(3)(e): the appeal and its dossier, as long as it is under way."""
    with season(tmp_path) as here:
        first, second = here.deliberated(2)
        here.session({first: SELECT, second: REJECT})
        here.announce()
        at, pole = here.desk, here.load(second).pole
        exchange(at, PoleId(pole))
        words = Personal(text="Je demande que le refus soit revu.")
        lodged = LodgeAppeal(dossier=second, appeal_kind=AppealKind.GRACIOUS, grounds=words)
        appeal = AppealId(here.do(lodged, POLE))
        grounds = (Appeal.Lodged.TOPIC, "grounds")

        report = due(at, "2040-01-01")
        assert (of(report, *SUMMARY).past, of(report, *SUMMARY).held) == (1, 0)
        assert (of(report, *grounds).past, of(report, *grounds).held) == (0, 1)
        held = disputes(at.registry, make.day("2040-01-01"))
        assert held == {appeal: "un recours est en cours", second: "un recours est en cours"}

        here.do(MoveAppeal(appeal=appeal, transition="withdraw"), POLE)
        assert of(due(at, "2040-01-01"), *grounds).past == 1
        assert disputes(at.registry, make.day("2040-01-01")) == {}


def test_what_is_kept_is_told_on_each_engine(database_url: str, tmp_path: Path) -> None:
    with make.registry(tmp_path, url=database_url) as registry:
        pole = PoleId(registry.do(RegisterPole(name="Pôle fictif"), make.by()).answer)
        joins = AddMember(pole=pole, member_kind=MemberKind.CITIZEN, person=Personal(text=NAME))
        member = registry.do(joins, make.by()).answer
        moment = Moment(known=registry.journal.size(), in_force=make.day("2040-01-01"))
        registry.do(EndMembership(pole=pole, member=MemberId(member)), make.by())

        (field,) = due_report(registry, moment).fields
        assert (field.kept, field.erased, field.held) == (1, 0, 1)
        after = moment.model_copy(update={"known": registry.journal.size()})
        assert due_report(registry, after).past == 1


def test_what_was_not_known_yet_is_not_told(at: Desk) -> None:
    pole = at.pole()
    size = at.size
    exchange(at, pole)

    assert due_report(at.registry, at.moment("2040-01-01", known=size)).fields == ()


def test_every_field_that_is_marked_has_a_class_with_a_period_and_a_source() -> None:
    """A class without a source would be somebody's habit, not a rule."""
    assert set(PERIODS) == set(SOURCES) == set(Retention)
    assert MARKED
    for key in MARKED:
        of_field = marking_of(*key)
        assert of_field.retention is not Retention.PERMANENT, f"{key}: a person is not an archive"
        assert of_field.holds.fr
        assert of_field.persons.fr


@given(st.dates(make.day("2000-01-01"), make.day("2100-01-01")), st.sampled_from(Retention))
@settings(max_examples=50)
def test_a_longer_class_never_ends_before_a_shorter_one(since: object, of_class: Retention) -> None:
    assert isinstance(since, type(make.TODAY))
    until = kept_until(of_class, since, None)
    shortest = kept_until(Retention.ONE_YEAR, since, None)

    assert shortest
    assert until is None or until >= shortest
    assert shortest - since in (timedelta(days=365), timedelta(days=366))
