"""The lists of charters, signatories and undertakings: at any date, and the same when rebuilt."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from application.charter import CHARTER_LIST, PublishCharter
from application.charter_signature import (
    SIGNATURE_LIST,
    SignAsNetwork,
    SignCharter,
    WithdrawSignature,
)
from application.pole import RegisterPole
from application.undertaking import (
    UNDERTAKINGS,
    AssessUndertaking,
    ExtendUndertaking,
    ReleaseUndertaking,
    ReportUndertaking,
)
from application.world import Moment
from domain.charter import CharterSignature, CharterSignatureId
from domain.charter_text import CharterKind
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.undertaking import Undertaking, UndertakingFinding, UndertakingId
from interfaces.wiring import Product
from tests import make

TEXT = (
    "Charte fictive\n\nI. Engagements\n\nLes signataires s'engagent à :\n\n"
    "- se réunir ;\n- rendre compte.\n"
)
ACT: dict[str, Any] = {"capacity": "president", "place": "Romans", "signatory": "Jeanne Exemple"}


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with make.product(tmp_path) as made:
        yield made


def publish(product: Product, version: str) -> UUID:
    command = PublishCharter(
        text=TEXT, charter_kind=CharterKind.NATIONAL, version=PartialDate(version)
    )
    return product.do(command, product.operator()).answer


def pole(product: Product) -> UUID:
    command = RegisterPole(name="Tétris", occurred_on=PartialDate("2013"))
    return product.do(command, product.operator()).answer


def sign(product: Product, who: UUID | str, version: str, on: str) -> UUID:
    fields = {**ACT, "charter": version, "occurred_on": on, "follow_up": True}
    command: Any = (
        SignAsNetwork.model_validate({**fields, "network": who})
        if isinstance(who, str)
        else SignCharter.model_validate({**fields, "pole": who, "variant": "existing_pole"})
    )
    return product.do(command, product.operator()).answer


def withdraw(product: Product, signature: UUID, on: str) -> None:
    command = WithdrawSignature(
        signature=CharterSignatureId(signature), motive="statuts", occurred_on=PartialDate(on)
    )
    product.do(command, product.operator())


def standing(product: Product, day: str, known: int | None = None) -> set[UUID]:
    moment = product.moment(in_force=day)
    if known is not None:
        moment = Moment(known=known, in_force=moment.in_force, is_today=False)
    return {line.id for line in product.listed(SIGNATURE_LIST, moment)}


def test_a_text_is_listed_from_the_date_of_its_version(product: Product) -> None:
    first, second = publish(product, "2014-09-19"), publish(product, "2021-06")

    def listed(day: str) -> list[UUID]:
        return [line.id for line in product.listed(CHARTER_LIST, product.moment(in_force=day))]

    assert listed("2014-09-18") == []
    assert listed("2014-09-19") == [first]
    assert listed("2021-06-01") == [first, second]
    lines = product.listed(CHARTER_LIST, product.moment())
    assert [(line.articles, line.undertakings) for line in lines] == [(1, 2)] * 2


def test_the_signatories_at_any_date_are_those_who_stood_by_it_then(product: Product) -> None:
    publish(product, "2014-09-19")
    network = sign(product, "rtes", "2014-09-19", "2014-09-19")
    before = product.journal.size()
    one = sign(product, pole(product), "2014-09-19", "2015-02-01")
    withdraw(product, one, "2018-01-01")

    assert standing(product, "2014-09-18") == set()
    assert standing(product, "2014-12-31") == {network}
    assert standing(product, "2015-02-01") == {network, one}
    assert standing(product, "2018-01-01") == {network}
    assert standing(product, "2016-01-01", known=before) == {network}


def test_a_newer_version_takes_the_place_of_the_older_in_the_list(product: Product) -> None:
    publish(product, "2014-09-19")
    publish(product, "2021-06")
    who = pole(product)
    newer = sign(product, who, "2021-06", "2022-01-01")
    older = sign(product, who, "2014-09-19", "2015-01-01")

    assert standing(product, "2021-12-31") == {older}
    assert standing(product, "2022-01-01") == {newer}


def test_signatories_are_found_by_kind_version_and_pole(product: Product) -> None:
    publish(product, "2014-09-19")
    network = sign(product, "mes", "2014-09-19", "2014-09-19")
    who = pole(product)
    one = sign(product, who, "2014-09-19", "2015-01-01")
    moment = product.moment()

    def found(**more: Any) -> list[UUID]:
        return [line.id for line in product.listed(SIGNATURE_LIST, moment, **more)]

    assert found(signer="network") == [network]
    assert found(pole=str(who)) == [one]
    assert found(charter="2014-09-19") == [network, one]
    assert found(charter="2021-06") == []
    assert found(charter_kind="local") == []


TRIES = 60


@pytest.mark.parametrize("seed", range(4))
def test_the_lists_tell_what_the_aggregates_say_on_any_day(product: Product, seed: int) -> None:
    """Whatever is done, and in whatever order, on every day around what was done."""
    draw = Random(seed)  # noqa: S311  # not a secret: the same tries every time
    for version in ("2014-09-19", "2021-06"):
        publish(product, version)
    who: list[Any] = [pole(product), "coorace"]
    signed: list[UUID] = []
    start = date(2022, 1, 1)
    for _ in range(TRIES):
        day = start + timedelta(days=draw.randrange(700))
        with suppress(JalonError):
            _try(product, draw, day, who, signed)

    product.follower.catch_up()
    owed = [id_ for s in signed for id_ in _signature(product, s).undertakings]
    for number in range(-5, 1100, 11):
        moment = product.moment(in_force=(start + timedelta(days=number)).isoformat())
        day = moment.in_force
        assert {line.id for line in product.listed(SIGNATURE_LIST, moment)} == {
            s for s in signed if _signature(product, s).in_force_on(day)
        }
        lines = {line.id: line for line in product.listed(UNDERTAKINGS, moment)}
        for id_ in owed:
            undertaking = product.registry.load(Undertaking, id_)
            assert undertaking
            line = lines.pop(id_, None)
            stands = undertaking.standing_on(day)
            assert (line.standing if line else None) == stands
            if line:
                assert (line.due, line.late) == (
                    undertaking.due_on(day),
                    undertaking.is_late_on(day),
                )
        assert lines == {}

    kept = product.follower.digests()
    product.follower.rebuild()
    assert product.follower.digests() == kept


def _signature(product: Product, id_: UUID) -> CharterSignature:
    found = product.registry.load(CharterSignature, id_)
    assert found
    return found


def _try(product: Product, draw: Random, day: date, who: list[Any], signed: list[UUID]) -> None:
    on = day.isoformat()
    if not signed or draw.random() < 0.25:
        version = draw.choice(["2014-09-19", "2021-06"])
        signed.append(sign(product, draw.choice(who), version, on))
        return
    one = draw.choice(signed)
    if draw.random() < 0.1:
        withdraw(product, one, on)
        return
    owed = UndertakingId(draw.choice(_signature(product, one).undertakings))
    fields: dict[str, Any] = {"undertaking": owed, "occurred_on": PartialDate(on)}
    command: Any = draw.choice(
        [
            ReportUndertaking(words="fait", **fields),
            AssessUndertaking(assessment=UndertakingFinding.NOT_KEPT, reasons="vu", **fields),
            ExtendUndertaking(due=day + timedelta(days=40), reasons="vu", **fields),
            ExtendUndertaking(due=day + timedelta(days=90), reasons="vu", **fields),
            *([ReleaseUndertaking(motive="fin", **fields)] if draw.random() < 0.3 else []),
        ]
    )
    product.do(command, product.operator())


def test_what_is_late_is_asked_for_by_that(product: Product) -> None:
    publish(product, "2014-09-19")
    id_ = sign(product, pole(product), "2014-09-19", "2022-01-01")
    one, other = _signature(product, id_).undertakings
    extend = ExtendUndertaking(
        undertaking=UndertakingId(one),
        due=date(2022, 6, 30),
        reasons="à convenir",
        occurred_on=PartialDate("2022-02-01"),
    )
    product.do(extend, product.operator())

    def found(day: str, **more: Any) -> list[UUID]:
        return [
            line.id for line in product.listed(UNDERTAKINGS, product.moment(in_force=day), **more)
        ]

    assert found("2022-06-30", late=True) == []
    assert found("2022-07-01", late=True) == [one]
    assert found("2022-07-01", late=False) == [other]
