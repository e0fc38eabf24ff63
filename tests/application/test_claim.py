"""Claims with figures: never without a source, corrected on the record, laid side by side."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.choosing import UnknownValue
from application.claim import CorrectClaim, NotAPeriod, RecordClaim, RetractClaim
from application.command import By
from application.contest import CONTESTS_LISTED, AnswerContest, ContestFact
from application.pole import RegisterPole
from application.register import pole_sheet
from domain.claim import AlreadyCorrected, Claim, ClaimWithoutSource
from domain.contest import ContestedBy, ContestOutcome
from domain.dates import PartialDate
from domain.pole import PoleId
from domain.provenance import AccountId, Kind
from domain.roles import Role
from domain.values import Personal
from interfaces.wiring import Product
from tests import make

OTHER = AccountId(UUID("f3f1c1de-3a55-4d0e-9d1b-8a5a8d7f6c21"))


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with make.product(tmp_path / "home") as made:
        made.clock = made.registry.clock = make.Clock()
        yield made


def a_pole(product: Product) -> PoleId:
    command = RegisterPole(name="Pôle fictif", occurred_on=PartialDate("2020"))
    return PoleId(product.do(command, make.by()).answer)


def say(product: Product, author: str, **given: Any) -> UUID:
    said = {
        "statement": f"{author} compte les emplois créés.",
        "author": author,
        "measure": "jobs_created",
        "period": "2023",
        "source": f"rapport de {author}",
        "occurred_on": "2024-01",
        **given,
    }
    return product.do(RecordClaim.model_validate(said), make.by()).answer


def test_a_measure_is_named_by_its_code_or_its_words(product: Product) -> None:
    say(product, "Une revue", value="400")
    say(product, "Une revue", measure="nuits_offertes", value="3")
    now = product.moment()

    for name in ("jobs_created", "emplois créés", "Emplois crees"):
        assert [group.measure for group in product.compared(now, measure=name)] == ["jobs_created"]
    assert len(product.compared(now, measure="nuits offertes")) == 1
    assert product.compared(now, measure="lauréats") == []
    assert product.declared(now) == ["emplois créés", "nuits offertes"]
    with pytest.raises(UnknownValue, match="« emplois créés »"):
        product.compared(now, measure="licornes")


def test_what_disagrees_stands_side_by_side_with_its_author_date_and_source(
    product: Product,
) -> None:
    pole = a_pole(product)
    say(product, "Une revue", about=pole, value="12", figures="douze emplois")
    say(product, "Le pôle", about=pole, value="20", comparator="about")
    say(product, "Un réseau", about=pole, value="10", comparator="more_than")
    say(product, "Une revue", about=pole, value="3", period="2022")
    say(product, "Une revue", value="400")

    found = product.compared(
        product.moment(), measure="jobs_created", period="2023", pole=str(pole)
    )

    (group,) = found
    assert [line.says for line in group.figures if line.contradicted] != []
    assert group.disagreeing == 2
    assert {line.author for line in group.figures if line.contradicted} == {"Une revue", "Le pôle"}
    assert all(line.author and line.source and line.occurred_on for line in group.figures)
    assert {line.says for line in group.figures} == {"douze emplois", "environ 20", "plus de 10"}
    assert "3 déclarations, dont 2 ne disent pas le même chiffre" in group.sentence
    assert len(product.compared(product.moment(), measure="jobs_created")) == 3
    assert product.sheet(str(pole), product.moment()).figures[0].measure == "jobs_created"
    with pytest.raises(NotAPeriod):
        product.compared(product.moment(), period="hier")


def test_a_correction_takes_the_place_of_a_claim_which_stays_readable(product: Product) -> None:
    pole = a_pole(product)
    first = say(product, "Une revue", about=pole, value="12", figures="douze emplois")
    before = product.moment()
    done = product.do(
        CorrectClaim(claim=first, reason="Chiffre mal relevé.", value="21", measure="jobs_created"),
        make.by(),
    )
    (corrected,) = [e for e in done.events if isinstance(e, Claim.Recorded)]

    assert (corrected.kind, corrected.meta.reason) == (Kind.CORRECT, "Chiffre mal relevé.")
    assert corrected.corrects == product.registry.history(first)[0].event.meta.event_id
    assert (corrected.author, str(corrected.occurred_on)) == ("Une revue", "2024-01")
    assert corrected.meta.source == "rapport de Une revue"
    (line,) = product.claims.lines(product.moment(), about=pole)
    assert (line.id, line.value, line.motive) == (done.answer, "21", "Chiffre mal relevé.")
    (was,) = product.claims.lines(before, about=pole)
    assert (was.id, was.value) == (first, "12")
    with pytest.raises(AlreadyCorrected):
        product.do(RetractClaim(claim=first), make.by())
    assert len(product.sheet(str(pole), product.moment()).figures) == 1


def test_no_figure_is_recorded_without_its_source(product: Product) -> None:
    for given in ({"value": "12"}, {"measure": None, "period": None, "figures": "douze"}):
        with pytest.raises(ClaimWithoutSource):
            say(product, "Une revue", source=None, **given)


def test_the_national_claims_are_those_about_no_pole(product: Product) -> None:
    pole = a_pole(product)
    of_pole, national = say(product, "A", about=pole, value="1"), say(product, "B", value="2")

    def ids(**asked: Any) -> list[UUID]:
        return [line.id for line in product.claims.lines(product.moment(), **asked)]

    assert ids() == [national]
    assert ids(about=pole) == [of_pole]
    assert set(ids(everywhere=True)) == {of_pole, national}
    assert ids(measure="candidates") == []


def test_a_contest_is_listed_and_marks_what_it_is_about_until_the_answer(product: Product) -> None:
    pole = a_pole(product)
    claim = say(product, "Une revue", about=pole, value="12")
    fact = product.registry.history(claim)[0].event.meta.event_id
    before = product.moment()
    contest = product.do(
        ContestFact(
            about=fact,
            by_kind=ContestedBy.POLE,
            version=Personal(text="Neuf."),
            occurred_on=PartialDate("2024-05-10"),
        ),
        make.by(),
    ).answer
    open_ = product.moment()
    product.do(
        AnswerContest(contest=contest, outcome=ContestOutcome.UPHELD, reasons="Neuf, en effet."),
        make.by().model_copy(update={"actor": OTHER, "role": Role.REGISTRAR}),
    )

    def marks(moment: Any) -> list[bool]:
        return [line.contested for line in product.claims.lines(moment, about=pole)]

    def listed(moment: Any) -> list[tuple[str, str | None]]:
        lines = product.listed(CONTESTS_LISTED, moment)
        return [(line.status.value, line.answer) for line in lines]

    assert (marks(before), marks(open_), marks(product.moment())) == ([False], [True], [False])
    assert listed(before) == []
    assert listed(open_) == [("open", None)]
    assert listed(product.moment()) == [("answered", "upheld")]
    assert listed(product.moment(in_force="2024-05-09")) == []
    assert listed(product.moment(in_force="2024-05-10")) == [("open", None)]
    kept = product.follower.digests()
    product.follower.rebuild()
    assert product.follower.digests() == kept


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (ContestOutcome.PARTLY, "contesté le 3 juin 2024, réponse : fondée en partie"),
        (ContestOutcome.UPHELD, "contesté le 3 juin 2024, réponse : fondée"),
        (ContestOutcome.REJECTED, "contesté le 3 juin 2024, réponse : non retenue"),
        (ContestOutcome.WITHDRAWN, ""),
    ],
)
def test_what_was_answered_to_whoever_contested_a_figure_stays_beside_it(
    product: Product, outcome: ContestOutcome, said: str
) -> None:
    pole = a_pole(product)
    claim = say(product, "réseau", value="51", about=pole)
    fact = product.registry.history(claim)[0].event.meta.event_id
    held = ContestFact(about=fact, by_kind=ContestedBy.POLE, version=Personal(text="Douze."))
    contest = product.do(held, make.by()).answer

    def beside() -> set[tuple[bool, str]]:
        moment = product.moment()
        (listed,) = product.claims.lines(moment, about=pole)
        (laid,) = product.compared(moment, pole=str(pole))
        (shown,) = pole_sheet(product.registry, pole, moment).figures
        lines = (listed, laid.figures[0], shown.figures[0])
        return {(line.contested, line.contest_answered) for line in lines}

    assert beside() == {(True, "")}
    product.do(
        AnswerContest(contest=contest, outcome=outcome, reasons="Vu.", source="lettre"),
        By(actor=OTHER, role=Role.REGISTRAR),
    )
    assert beside() == {(False, said)}
