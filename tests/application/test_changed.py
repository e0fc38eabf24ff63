"""What changed in what is shown of a case, and whence comes each value: always an event."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from application import catalogue as catalogue
from application.blame import NoSuchValue, ValueBlame, blame
from application.changed import CaseChanges, Compared, MadeBy, ValueChange, changes_of
from application.command import Command
from application.following import AssignFollower
from application.member import AddMember, EndMembership
from application.pole import (
    DescribeActivity,
    DesignateCarrier,
    LocatePole,
    MovePole,
    NoteContact,
    RenamePole,
)
from application.recognition import RecordRecognition
from application.register import NotYet
from application.retraction import RetractFact
from application.shown import DATED, SHEETS, shown, title_of
from application.shown_words import IN_PLAIN, TITLES
from application.succession import MergePoles
from application.wording import WORDS
from application.world import Moment
from domain.following import Following
from domain.membership import MemberId, MemberKind
from domain.pole import Pole, PoleId, Territory
from domain.recognition import Recognition
from tests import make
from tests.application.desk import Desk, desk
from tests.examples import settings


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def learned(at: Desk, pole: PoleId, since: int, on: str = "2024-06-01") -> CaseChanges:
    """What was learned of a day, from a size of the journal on."""
    return changes_of(
        at.registry, "pole", pole, at.moment(on, since), at.moment(on), Compared.KNOWLEDGE
    )


def passed(at: Desk, pole: PoleId, first: str, last: str) -> CaseChanges:
    """What came to pass from one day to another, as known now."""
    days = at.moment(first), at.moment(last)
    return changes_of(at.registry, "pole", pole, *days, Compared.REALITY)


def told(change: ValueChange) -> tuple[str, str | None, str | None, MadeBy, int | None]:
    position = change.origin.position if change.origin else None
    return change.path, change.before, change.after, change.made_by, position


def origins(at: Desk, pole: PoleId, field: str | None = None) -> dict[str, int | None]:
    found = blame(at.registry, "pole", pole, at.moment(), field)
    return {one.path: one.origin.position if one.origin else None for one in found}


# --- differences --------------------------------------------------------------------------------


def test_what_is_learned_late_is_a_difference_of_knowledge_and_names_its_event(at: Desk) -> None:
    pole, size = at.pole("Ancien"), at.size
    at.do(RenamePole(pole=pole, name="Nouveau"), "2023-01-01")

    found = learned(at, pole, size)

    assert [told(one) for one in found.changes] == [
        ("name", "Ancien", "Nouveau", MadeBy.EVENT, size + 1)
    ]
    (change,) = found.changes
    assert change.origin
    assert change.origin.event
    assert change.origin.on_page
    assert change.origin.event.event_id == at.registry.history(pole)[-1].event.meta.event_id
    assert (change.title, change.origin.event.occurred_on) == ("Nom", "2023-01-01")
    assert learned(at, pole, size, "2022-12-31").changes == ()


def test_what_happens_between_two_days_is_a_difference_of_reality(at: Desk) -> None:
    pole = at.pole("Ancien")
    at.do(RenamePole(pole=pole, name="Nouveau"), "2023-01-01")
    renamed = at.size

    assert [told(one) for one in passed(at, pole, "2022-12-31", "2023-01-01").changes] == [
        ("name", "Ancien", "Nouveau", MadeBy.EVENT, renamed)
    ]
    assert passed(at, pole, "2023-01-01", "2024-06-01").changes == ()


def test_a_thing_that_comes_or_goes_is_one_line(at: Desk) -> None:
    pole = at.pole()
    kind = MemberKind.OTHER_ENTERPRISE
    member = MemberId(
        at.do(AddMember(pole=pole, member_kind=kind, name="Atelier fictif"), "2023-01-01")
    )
    joined = at.size
    at.do(EndMembership(pole=pole, member=member), "2023-06-01")

    came = passed(at, pole, "2022-06-01", "2023-02-01").changes
    went = passed(at, pole, "2023-02-01", "2023-07-01").changes

    where = f"members[{member}]"
    assert [told(one) for one in came] == [(where, None, "Atelier fictif", MadeBy.EVENT, joined)]
    assert [told(one) for one in went] == [
        (where, "Atelier fictif", None, MadeBy.EVENT, joined + 1)
    ]
    assert came[0].title == "Membre « Atelier fictif »"


def test_to_take_a_fact_back_makes_nothing_come_to_pass(at: Desk) -> None:
    pole = at.pole("Ancien", on="2023-06-01")
    named = origins(at, pole, "name")["name"]
    at.do(RenamePole(pole=pole, name="Faux"), "2023-09-01")
    (mistake,) = (one for one in at.registry.history(pole) if one.position == at.size)
    at.do(RetractFact(event=mistake.event.meta.event_id, reason="erreur"))

    found = passed(at, pole, "2023-01-01", "2030-01-01")

    (change,) = (one for one in found.changes if one.path == "name")
    assert told(change) == ("name", None, "Ancien", MadeBy.EVENT, named)


def test_an_end_that_was_said_beforehand_names_the_event_that_said_it(at: Desk) -> None:
    pole = at.pole("Durable")
    for_a_while = RenamePole(pole=pole, name="Passager", valid_to=make.day("2023-06-01"))
    at.do(for_a_while, "2023-01-01")

    found = passed(at, pole, "2023-02-01", "2023-07-01")

    assert [told(one) for one in found.changes] == [
        ("name", "Passager", "Durable", MadeBy.END, at.size)
    ]
    assert found.changes[0].why == "par la fin que disait déjà cet événement"


def test_what_days_alone_change_is_said_so(at: Desk) -> None:
    pole = at.pole()
    at.do(NoteContact(pole=pole, channel="appel", outcome="sans réponse"), "2024-03-01")
    at.do(MovePole(pole=pole, transition="fall_silent"), "2024-03-01")

    found = {one.path: one for one in passed(at, pole, "2024-03-10", "2024-04-10").changes}

    stage = found["stage_title"]
    assert (stage.before, stage.after) == ("Émergence", "Sans nouvelle")
    assert (stage.made_by, stage.origin and stage.origin.position) == (MadeBy.DAYS, at.size)
    assert stage.why == "par le seul passage des jours, comptés d'après cet événement"


def test_an_event_recorded_before_one_of_an_earlier_day_is_still_found(at: Desk) -> None:
    pole = at.pole()
    at.do(LocatePole(pole=pole, territory=Territory(words="Pays", region="Bretagne")), "2023-05-01")
    moved = at.size
    at.do(LocatePole(pole=pole, territory=Territory(words="Pays")), "2022-05-01")

    found = {one.path: one for one in passed(at, pole, "2022-06-01", "2024-01-01").changes}

    assert all(one.made_by is not MadeBy.DAYS for one in found.values())
    assert {one.origin.position for one in found.values() if one.origin} <= {moved, at.size}


def test_a_pole_that_was_not_there_is_refused_and_one_that_came_is_told_whole(at: Desk) -> None:
    before = at.size
    pole = at.pole("Nouveau", on="2023-01-01")

    with pytest.raises(NotYet):
        passed(at, pole, "2020-01-01", "2022-01-01")
    with pytest.raises(NotYet):
        blame(at.registry, "pole", pole, at.moment(known=before))
    found = {one.path: one for one in learned(at, pole, before).changes}
    assert (found["name"].before, found["name"].after) == (None, "Nouveau")


# --- whence it comes ----------------------------------------------------------------------------


def test_a_value_that_was_given_up_and_came_back_comes_from_its_return(at: Desk) -> None:
    pole = at.pole("Un")
    for name in ("Deux", "Un"):
        at.do(RenamePole(pole=pole, name=name), "2023-01-01")

    assert origins(at, pole, "name") == {"name": at.size}


def test_each_value_tells_who_answers_for_it(at: Desk) -> None:
    pole = at.pole()
    command = DescribeActivity(
        pole=pole, words="réemploi", source="Rapport fictif", ground="loi fictive, article 1"
    )
    at.do(command, "2023-01-01")

    (found,) = blame(at.registry, "pole", pole, at.moment(), "activity")

    event = found.origin.event if found.origin else None
    assert isinstance(found, ValueBlame)
    assert event
    assert (found.title, found.said) == ("Activité", "réemploi")
    assert (event.source, event.ground) == ("Rapport fictif", "loi fictive, article 1")
    assert (event.actor, event.role) == (make.ACTOR, "registrar")


def test_a_path_that_no_sheet_shows_is_refused_and_an_empty_one_is_empty(at: Desk) -> None:
    pole = at.pole()

    with pytest.raises(NoSuchValue, match="stage_title"):
        blame(at.registry, "pole", pole, at.moment(), "nom")
    assert blame(at.registry, "pole", pole, at.moment(), "members,carrier") == []


WORDS_GIVEN = st.sampled_from(["Un", "Deux", "Trois"])
DAYS = st.sampled_from(["2022-02-01", "2022-06-01", "2023-01-01", "2023-06-01", "2024-01-01"])
DEEDS = st.lists(st.tuples(st.sampled_from("nalc"), WORDS_GIVEN, DAYS), max_size=7)


def deed(pole: PoleId, what: str, words: str) -> Command:
    match what:
        case "n":
            return RenamePole(pole=pole, name=words)
        case "a":
            return DescribeActivity(pole=pole, words=words)
        case "l":
            return LocatePole(pole=pole, territory=Territory(words=words, region="Bretagne"))
    return DesignateCarrier(pole=pole, name=words, siret=None)


@settings(max_examples=40, deadline=None)
@given(deeds=DEEDS, on=DAYS)
def test_every_origin_is_the_one_found_by_asking_at_every_size(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, str, str]], on: str
) -> None:
    with desk(tmp_path_factory.mktemp("desk")) as at:
        pole = at.pole("Un", on="2022-01-01")
        for what, words, day in deeds:
            at.do(deed(pole, what, words), day)
        at.pole("Autre pôle")

        found = blame(at.registry, "pole", pole, at.moment(on))

        sheets = [
            {path: one.said for path, one in shown(at.registry, "pole", pole, moment).items()}
            for moment in (at.moment(on, known) for known in range(at.size + 1))
        ]
        for one in found:
            told = [one.path, DATED.get(one.path, one.path)]
            changed = [
                size
                for size in range(1, at.size + 1)
                if any(sheets[size].get(path) != sheets[size - 1].get(path) for path in told)
            ]
            assert one.origin
            assert (one.said, one.origin.position) == (sheets[-1][one.path], changed[-1])


# --- words --------------------------------------------------------------------------------------


def models(kind: Any) -> Iterator[type[Any]]:
    if isinstance(kind, type):
        yield kind
    for part in get_args(kind):
        yield from models(part)


def reachable() -> set[tuple[type[BaseModel], str, Any]]:
    """Every field of every sheet, and of what stands in one, that may be shown."""
    found: set[tuple[type[BaseModel], str, Any]] = set()
    left = [model for sheets in SHEETS.values() for model in sheets]
    seen = set(left)
    while left:
        model = left.pop()
        for name, field in model.model_fields.items():
            if title_of(model, name) is None:
                continue
            for kind in models(field.annotation):
                found.add((model, name, kind))
                if issubclass(kind, BaseModel) and kind.__name__ not in IN_PLAIN | {"PartialDate"}:
                    left += [kind] if kind not in seen else []
                    seen.add(kind)
    return found


def test_every_value_that_may_be_shown_has_a_word_in_french() -> None:
    fields = reachable()  # `title_of` knows no word for a field: it would not get this far

    assert len(fields) > 250
    codes = {kind for _, _, kind in fields if issubclass(kind, StrEnum)}
    assert {code.__name__ for code in codes if code not in WORDS} == set()
    used = {name for _, name, _ in fields} | {f"{of.__name__}.{name}" for of, name, _ in fields}
    assert set(TITLES) - used == set(), "words that nothing bears"


def test_a_moment_is_not_asked_of_what_is_shown_twice(at: Desk) -> None:
    pole = at.pole("Seul")
    moment = Moment(known=at.size, in_force=make.TODAY)

    found = shown(at.registry, "pole", pole, moment)

    assert [one.said for one in found.values()].count("Seul") == 1


# --- commands that tell of several things ---------------------------------------------------------


def test_each_value_that_one_command_gave_names_its_own_event(at: Desk) -> None:
    """In the middle of a command no sheet could be shown: its values are not all of one event."""
    pole = at.pole("Pôle fictif")
    named = at.size
    given = {"recognition_kind": "witness_2012", "code": "temoin", "issuer": "Réseau fictif"}
    recognition = RecordRecognition(pole=pole, ground="Fondement fictif", **given)
    at.do(recognition, "2023-01-01")

    found = origins(at, pole)

    issued = next(at.registry.told(Recognition.Issued)).position
    assert found["name"] == named
    assert {found[path] for path in found if path.startswith("recognitions")} == {issued}


def test_what_stands_beside_a_pole_names_its_events_too(at: Desk) -> None:
    pole, other = at.pole("Pôle fictif"), at.pole("Autre pôle fictif")
    assigned = {"follower": make.ACTOR, "organisation": "Réseau fictif"}
    at.do(AssignFollower(pole=pole, **assigned), "2023-01-01")
    at.do(MergePoles(poles=(other,), into=pole), "2023-06-01")

    found = origins(at, pole, "followers,succeeds")

    (followed,) = at.registry.told(Following.Assigned)
    (succeeded,) = at.registry.told(Pole.Succeeded)
    assert found["followers[principal]"] == followed.position
    assert found[f"succeeds[{other}]"] == succeeded.position
    (changed,) = passed(at, pole, "2023-02-01", "2023-07-01").changes
    assert (changed.title, changed.after) == (
        "Succède à « Autre pôle fictif »",
        "Autre pôle fictif",
    )
