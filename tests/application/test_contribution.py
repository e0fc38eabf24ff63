"""Contributions: sent, read by somebody else, and only then shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from application.contribution import (
    LONGEST,
    NotAModerator,
    NotItsDay,
    PublishContribution,
    ReceivedLater,
    RefuseContribution,
    SendContribution,
    TakeDownContribution,
    WithdrawContribution,
    may_read,
    queue,
)
from application.contribution_list import (
    CONTRIBUTIONS,
    GONE,
    contribution_sheet,
    waiting,
)
from application.history_in_words import pole_history
from application.mandate import GiveMandate
from application.personal import ERASED
from application.register import pole_sheet
from domain.contribution import (
    AboutWhat,
    Contribution,
    ContributionId,
    ContributionStanding,
    NotItsAuthor,
    OwnContribution,
)
from domain.errors import Forbidden, NotFound
from domain.mandate import NoLongerInForce, OutsideItsReach
from domain.pole import PoleId
from domain.provenance import MandateId
from domain.roles import Role
from domain.values import Personal
from tests import make
from tests.application.desk import Desk, desk, person

AUTHOR, MODERATOR = person(1, Role.PUBLIC), person(2, Role.MODERATOR)
WORDS = "Camille Exemple y fait du bon travail."


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def sends(pole: PoleId | None = None, **more: Any) -> SendContribution:
    return SendContribution.model_validate(
        {"pole": pole, "author": "Dominique Exemple", "text": WORDS, **more}
    )


def sent(at: Desk, pole: PoleId | None = None, **more: Any) -> ContributionId:
    return ContributionId(at.do(sends(pole, **more), by=AUTHOR))


def publish(at: Desk, id_: ContributionId) -> None:
    at.do(PublishContribution(contribution=id_), by=MODERATOR)


def titles(at: Desk, pole: PoleId) -> list[str]:
    return [line.title for line in pole_history(at.registry, pole, at.moment())][1:]


# --- before, and after --------------------------------------------------------------------------


def test_a_contribution_is_invisible_until_it_is_published(at: Desk) -> None:
    pole = at.pole()
    sheet = pole_sheet(at.registry, pole, at.moment())
    id_ = sent(at, pole, public_name="Une habitante")

    assert at.lines(CONTRIBUTIONS) == []
    assert titles(at, pole) == []
    assert pole_sheet(at.registry, pole, at.moment()) == sheet

    publish(at, id_)

    (line,) = at.lines(CONTRIBUTIONS)
    assert (line.text, line.public_name, line.about) == (WORDS, "Une habitante", "Pôle fictif")
    assert titles(at, pole) == ["Contribution parue"]


def test_it_appears_on_the_day_of_its_publication_whenever_it_was_received(at: Desk) -> None:
    pole = at.pole()
    id_ = ContributionId(at.do(sends(pole), "2024-01-01", AUTHOR))
    size = at.size
    publish(at, id_)

    for moment in (at.moment("2024-06-02"), at.moment(known=size)):
        assert at.lines(CONTRIBUTIONS, moment.in_force.isoformat(), moment.known) == []
        assert len(pole_history(at.registry, pole, moment)) == 1
    assert len(at.lines(CONTRIBUTIONS)) == 1
    assert at.rebuilt()


def test_one_that_is_not_kept_never_appears_and_its_motive_is_sealed(at: Desk) -> None:
    pole = at.pole()
    id_ = sent(at, pole)
    motive = Personal(text="Camille Exemple y est mise en cause.")
    at.do(RefuseContribution(contribution=id_, motive=motive), by=MODERATOR)

    assert at.lines(CONTRIBUTIONS) == []
    assert titles(at, pole) == []
    assert contribution_sheet(at.registry, id_).motive == motive.text


def test_one_that_is_taken_down_is_read_at_no_date(at: Desk) -> None:
    pole = at.pole()
    id_ = sent(at, pole)
    publish(at, id_)
    size = at.size
    at.pass_days(2)
    at.do(TakeDownContribution(contribution=id_, motive="hors sujet"), by=MODERATOR)

    assert at.lines(CONTRIBUTIONS, "2024-06-05") == []
    for line in (*at.lines(CONTRIBUTIONS), *at.lines(CONTRIBUTIONS, known=size)):
        assert (line.text, line.public_name, line.is_readable) == (GONE, None, False)
    told = pole_history(at.registry, pole, at.moment("2024-06-05"))
    assert [(line.title, line.detail) for line in told[1:]] == [
        ("Contribution parue", "au sujet de : Pôle fictif"),
        ("Contribution dépubliée", "hors sujet"),
    ]
    assert at.rebuilt()


def test_its_author_takes_it_back_and_nobody_else(at: Desk) -> None:
    id_ = sent(at, at.pole())
    publish(at, id_)

    with pytest.raises(NotItsAuthor):
        at.do(WithdrawContribution(contribution=id_), by=person(8, Role.PUBLIC))
    at.do(WithdrawContribution(contribution=id_), by=AUTHOR)

    assert at.lines(CONTRIBUTIONS) == []
    assert contribution_sheet(at.registry, id_).standing is ContributionStanding.WITHDRAWN


def test_words_that_were_erased_are_said_to_be(at: Desk) -> None:
    id_ = sent(at, at.pole(), public_name="Une habitante")
    publish(at, id_)
    at.erase(id_)

    (line,) = at.lines(CONTRIBUTIONS)

    assert (line.text, line.public_name, line.is_readable) == (ERASED, None, False)
    assert contribution_sheet(at.registry, id_).author == ERASED


def test_no_word_of_it_is_in_an_event_or_a_table(at: Desk) -> None:
    id_ = sent(at, at.pole(), public_name="Une habitante", about=None)
    publish(at, id_)
    at.follower.catch_up()

    query = at.registry.journal.query
    kept = [*query("SELECT state FROM event"), *query("SELECT * FROM contribution")]

    for text in (WORDS, "Dominique", "habitante"):
        assert all(text.encode() not in repr(tuple(row)).encode() for row in kept)


# --- who decides --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MODERATOR])
def test_only_a_moderator_decides_and_the_refusal_says_so(at: Desk, role: Role) -> None:
    id_, by = sent(at, at.pole()), person(2, role)

    for command in (
        PublishContribution(contribution=id_),
        RefuseContribution(contribution=id_, motive=Personal(text="hors sujet")),
        TakeDownContribution(contribution=id_, motive="hors sujet"),
    ):
        with pytest.raises(Forbidden, match="modération"):
            at.do(command, by=by)
    with pytest.raises(NotAModerator):
        may_read(at.registry, by, id_, make.TODAY)
    with pytest.raises(NotAModerator):
        queue(at.registry, by, at.moment(), make.TODAY)


def test_whoever_moderates_under_a_mandate_stays_within_it(at: Desk) -> None:
    pole, other = at.pole(), at.pole("Autre pôle fictif")
    here, there, of_none = sent(at, pole), sent(at, other), sent(at, about="le registre")
    told = {"holder": UUID(int=7), "principal": "organisation:CRESS fictive"}
    given = {**told, "for_role": "moderator", "relation": f"pole:{pole}", "valid_to": "2024-07-01"}
    mandate = MandateId(at.do(GiveMandate.model_validate(given), "2024-01-01", person(1)))
    alone = person(7, Role.MODERATOR)
    under = alone.model_copy(update={"on_behalf_of": mandate})

    assert queue(at.registry, alone, at.moment(), make.TODAY) == [here, there, of_none]
    assert queue(at.registry, under, at.moment(), make.TODAY) == [here]
    may_read(at.registry, under, here, make.TODAY)
    for id_ in (there, of_none):
        may_read(at.registry, alone, id_, make.TODAY)
        with pytest.raises(OutsideItsReach):
            may_read(at.registry, under, id_, make.TODAY)
    with pytest.raises(NoLongerInForce):
        may_read(at.registry, under, here, make.day("2024-07-01"))
    with pytest.raises(NoLongerInForce):
        queue(at.registry, under, at.moment(), make.day("2024-07-01"))


def test_nobody_moderates_what_they_sent(at: Desk) -> None:
    id_ = sent(at, at.pole())

    with pytest.raises(OwnContribution, match="une autre personne"):
        at.do(PublishContribution(contribution=id_), by=person(1, Role.MODERATOR))

    assert at.lines(CONTRIBUTIONS) == []


@pytest.mark.parametrize("on", ["2024-06-02", "2024-06-04", "2020", "unknown"])
def test_a_decision_is_of_the_day_on_which_it_is_recorded(at: Desk, on: str) -> None:
    id_ = sent(at, at.pole())

    with pytest.raises(NotItsDay):
        at.do(PublishContribution(contribution=id_), on, MODERATOR)
    with pytest.raises(ValidationError, match="ne prend pas fin"):
        PublishContribution(contribution=id_, valid_to=make.day("2030-01-01"))
    at.do(PublishContribution(contribution=id_), "2024-06-03", MODERATOR)


# --- what waits ---------------------------------------------------------------------------------


def test_the_queue_is_what_nobody_has_decided_of(at: Desk) -> None:
    pole = at.pole()
    ids = [sent(at, pole), sent(at, about="le registre"), sent(at, pole), sent(at, pole)]
    before = at.size
    publish(at, ids[0])
    at.do(RefuseContribution(contribution=ids[2], motive=Personal(text="non")), by=MODERATOR)
    at.do(WithdrawContribution(contribution=ids[3]), by=AUTHOR)

    assert waiting(at.registry, at.moment()) == [ids[1]]
    assert waiting(at.registry, at.moment(known=before)) == ids
    assert waiting(at.registry, at.moment("2024-06-02")) == []
    sheet = contribution_sheet(at.registry, ids[1])
    assert (sheet.author, sheet.text, sheet.about) == ("Dominique Exemple", WORDS, "le registre")


def test_what_is_no_contribution_is_not_found(at: Desk) -> None:
    for id_ in (uuid4(), at.pole()):
        with pytest.raises(NotFound):
            contribution_sheet(at.registry, id_)
        with pytest.raises(NotFound):
            publish(at, ContributionId(id_))


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  ", "x" * (LONGEST + 1), "a\x00b", "\x1b[2J", "\u202etxt"])
def test_a_text_that_cannot_be_one(text: str) -> None:
    with pytest.raises(ValidationError):
        sends(PoleId(UUID(int=1)), text=text)


@pytest.mark.parametrize("name", ["", "x" * 201, "a\nb", "a\tb", "a\x07"])
@pytest.mark.parametrize("field", ["author", "public_name"])
def test_a_name_that_cannot_be_one(field: str, name: str) -> None:
    with pytest.raises(ValidationError):
        sends(PoleId(UUID(int=1)), **{field: name})


def test_the_longest_text_and_strange_ones_are_kept_as_they_are(at: Desk) -> None:
    pole = at.pole()
    texts = ["x" * LONGEST, "<script>alert(1)</script>", "{{ 7*7 }} {gras}", "ligne\n\nligne", "😀"]
    for text in texts:
        publish(at, sent(at, pole, text=text))

    assert sorted(line.text for line in at.lines(CONTRIBUTIONS)) == sorted(texts)


def test_it_is_about_one_thing(at: Desk) -> None:
    pole = at.pole()

    with pytest.raises(AboutWhat):
        at.do(sends(None), by=AUTHOR)
    with pytest.raises(AboutWhat):
        at.do(sends(pole, about="le registre"), by=AUTHOR)
    with pytest.raises(NotFound):
        at.do(sends(PoleId(uuid4())), by=AUTHOR)


def test_it_is_not_received_before_it_comes(at: Desk) -> None:
    with pytest.raises(ReceivedLater):
        at.do(sends(at.pole()), "2024-06-04", by=AUTHOR)


def test_a_rehearsal_keeps_nothing(at: Desk) -> None:
    pole = at.pole()
    size = at.size

    done = at.done(sends(pole), by=AUTHOR, dry_run=True)

    assert [event.TOPIC for event in done.events] == [Contribution.Received.TOPIC]
    assert at.size == size
    assert at.registry.journal.query("SELECT ref FROM sealed") == []
