"""What a pole counts over time: its members by kind, and the money promised to it."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from application.commitment_list import COMMITMENTS
from application.member import AddMember, EndMembership
from application.over_time import MOST, YEARS, some_days, year_ends
from application.pictures.steps import OverdueMark, StepLane, steps
from application.pole import MovePole
from domain.dates import PartialDate
from domain.membership import MemberId, MemberKind
from domain.money import euros
from domain.values import Personal
from interfaces.wiring import Product
from tests.application.commitments import TRANCHES, decide, draft, pole, sign
from tests.interfaces.conftest import registry
from tests.interfaces.money import promise
from tests.interfaces.test_web import Pages, a_pole

MEMBERS = "/poles/pole-des-deux-rives/membres"


@pytest.fixture
def pages(bare: Product) -> Pages:
    """Two researchers come in 2021, one leaves in 2023; a citizen comes in 2022."""
    by, pole = bare.operator(), a_pole(bare, occurred_on=PartialDate("2020-01-10"))
    came = PartialDate("2021-05-01")
    kind = MemberKind.RESEARCH
    one = AddMember(pole=pole, member_kind=kind, name="Laboratoire A", occurred_on=came)
    other = AddMember(pole=pole, member_kind=kind, name="Laboratoire B", occurred_on=came)
    citizen = AddMember(
        pole=pole,
        member_kind=MemberKind.CITIZEN,
        person=Personal(text="Jeanne Secret"),
        occurred_on=PartialDate("2022-02-02"),
    )
    gone = MemberId(bare.do(one, by).answer)
    for command in (other, citizen):
        bare.do(command, by)
    left = EndMembership(pole=pole, member=gone, occurred_on=PartialDate("2023-03-03"))
    bare.do(left, by)
    return Pages(bare)


def test_members_are_counted_by_kind_at_each_end_of_year(pages: Pages) -> None:
    page = pages.read(f"{MEMBERS}?in_force=2024-06-01")

    rows = re.findall(r"(31 décembre \d{4}|1er juin 2024)\s?(\d)\s?(\d)\s?(\d)", page.text)
    assert rows == [
        ("31 décembre 2021", "2", "0", "2"),
        ("31 décembre 2022", "2", "1", "3"),
        ("31 décembre 2023", "1", "1", "2"),
        ("1er juin 2024", "1", "1", "2"),
    ]
    assert page.all("svg", **{"class": "chart"})
    assert "Secret" not in page.text


def test_a_pole_that_has_ended_has_no_member_any_more(bare: Product, pages: Pages) -> None:
    pole, day = bare.find("pole-des-deux-rives"), PartialDate("2024-02-01")
    end = MovePole(pole=pole, transition="end", input={"reason": "dissolved"}, occurred_on=day)
    bare.do(end, bare.operator())

    page = pages.read(f"{MEMBERS}?in_force=2024-06-01")

    assert re.search(r"1er juin 2024\s?0\s?0\s?0", page.text)
    assert re.search(r"31 décembre 2023\s?1\s?1\s?2", page.text)


def test_where_nobody_is_recorded_it_is_said(pages: Pages) -> None:
    page = pages.read(f"{MEMBERS}?in_force=2020-06-01")

    assert "Aucun membre n'a été enregistré à cette date" in page.text
    assert not page.all("svg")


@pytest.fixture(scope="module")
def promised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with closing(registry(tmp_path_factory.mktemp("promised"))) as product:
        promise(product)
        product.follower.catch_up()
        yield product


def test_what_is_left_is_what_the_ledger_says(promised: Product) -> None:
    """The list of commitments is kept by itself: its lines are an independent truth."""
    (line,) = promised.listed(COMMITMENTS, promised.moment(), pole="pole-d-essai")

    page = Pages(promised).read("/poles/pole-d-essai/argent")
    found = promised.burn_down("pole-d-essai", promised.moment())

    (one,) = found.commitments
    assert (one.promised, one.paid, one.justified) == (
        line.agreed_cents,
        line.paid_cents,
        line.justified_cents,
    )
    assert found.changes[-1].left == line.agreed_cents - line.paid_cents > 0
    assert " ".join(euros(found.changes[-1].left).split()) in page.text


def test_it_was_otherwise_before_the_first_payment(promised: Product) -> None:
    before = promised.burn_down("pole-d-essai", promised.moment(in_force="2024-01-31"))
    after = promised.burn_down("pole-d-essai", promised.moment(in_force="2024-02-01"))

    assert before.changes[-1].paid == 0
    assert before.changes[-1].left == before.changes[-1].promised
    assert after.changes[-1].left == after.changes[-1].promised - after.changes[-1].paid
    assert after.changes[-1].paid > 0


def test_what_is_late_is_marked_with_its_day(tmp_path: Path) -> None:
    first, balance = ({**tranche} for tranche in TRANCHES)
    due = ({**first, "due_on": date(2024, 6, 1)}, {**balance, "due_on": date(2025, 6, 1)})
    with closing(registry(tmp_path)) as product:
        made = decide(product.registry, pole(product.registry))
        draft(product.registry, made, tranches=due)
        sign(product.registry, made)
        product.follower.catch_up()
        pages = Pages(product)

        on_time = pages.read("/poles/pole-d-essai/argent?in_force=2024-06-01")
        late = pages.read("/poles/pole-d-essai/argent?in_force=2024-06-02")

    assert not on_time.all("path", **{"class": "overdue"})
    assert len(late.all("path", **{"class": "overdue"})) == 1
    assert "40 000 € Première tranche : échéance 1er juin 2024" in late.text
    assert "Solde : échéance" not in late.text


def test_a_pole_to_which_nothing_was_promised_says_so(pages: Pages) -> None:
    page = pages.read("/poles/pole-des-deux-rives/argent")

    assert "Aucun engagement en argent n'est enregistré" in page.text


# --- bounds ---------------------------------------------------------------------------------------


def test_an_image_has_a_bounded_number_of_days_and_keeps_both_ends() -> None:
    first, until = date(2012, 1, 1), date(2026, 1, 1)
    days = [first + timedelta(days=n) for n in range(3000)]

    some = some_days(days, until)

    assert len(some) == MOST + 1
    assert (some[0], some[-2], some[-1]) == (first, days[-1], until)
    assert some == sorted(set(some))


def test_a_table_has_a_bounded_number_of_years() -> None:
    assert len(year_ends([date(1901, 1, 1)], date(2026, 6, 1))) == YEARS
    assert year_ends([], date(2026, 6, 1)) == [date(2026, 6, 1)]


def test_every_lane_is_on_the_same_scale() -> None:
    days = [date(2024, 1, 1), date(2025, 1, 1)]
    lanes = [StepLane("A & B", [0, 10], "10"), StepLane("C", [5, 5], "5")]

    image = steps(days, lanes, title="T", prefix="p", overdue=[OverdueMark(days[1], "Solde")])

    tops = [
        float(floor) - float(top)
        for floor, top in re.findall(r'd="M[\d.]+,([\d.]+)[^"]*H[\d.]+V([\d.]+)V', image)
    ]
    assert tops[0] == pytest.approx(2 * tops[1], abs=0.2)
    assert "A &amp; B" in image
    assert image.count('class="overdue"') == 1
    assert "style=" not in image
