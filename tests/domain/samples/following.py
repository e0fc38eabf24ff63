"""Every event about those who follow a pole, and those who speak with it or about it."""

from collections.abc import Iterator
from uuid import UUID

from domain.accompaniment import Accompaniment
from domain.campaign import Campaign, UpdateRequest
from domain.contribution import Contribution
from domain.dates import PartialDate
from domain.exchange import Channel, Direction, Exchange
from domain.following import Following, Seat
from domain.kernel import Aggregate
from domain.provenance import AccountId
from domain.values import Sealed
from tests import make

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
PARTY = f"account:{OTHER}"


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Aggregates that recorded every event of these concepts, with every field given."""
    day, until = make.day("2023-05-01"), make.day("2033-05-01")
    following = Following(OTHER)
    following.assign(
        pole=OTHER,
        place=Seat.PRINCIPAL,
        follower=AccountId(OTHER),
        organisation="CRESS fictive",
        day=day,
        until=until,
    )
    following.finish(Seat.PRINCIPAL, day=day)
    yield following
    exchange = Exchange(OTHER)
    exchange.record(
        pole=OTHER,
        channel=Channel.VISIT,
        direction=Direction.TO_POLE,
        reached=True,
        participants=("CRESS fictive", "Structure porteuse fictive"),
        summary=SEALED,
        next_step="relire la stratégie commune",
    )
    yield exchange
    accompaniment = Accompaniment.grant(
        pole=OTHER, offer="bouquet de services", provider="Réseau fictif", half_days=9
    )
    accompaniment.use(3, words="atelier sur le modèle économique", day=day)
    accompaniment.hand(title="Note de cadrage", document=OTHER, day=day)
    accompaniment.extend(half_days=2, until=make.day("2034-05-01"), motive="à sa demande", day=day)
    accompaniment.finish(motive="tout est fait", day=day)
    yield accompaniment
    yield from _campaign()
    yield from _contributions()


def _campaign() -> Iterator[Aggregate]:
    day = make.day("2023-05-01")
    campaign = Campaign(OTHER)
    campaign.open(
        year=2023,
        question="Ce que le registre dit de vous vaut-il encore ?",
        due=make.day("2023-06-30"),
        day=day,
    )
    campaign.close(day=day)
    yield campaign
    for fact in (None, OTHER):
        request = UpdateRequest(OTHER)
        request.send(pole=OTHER, year=2023)
        request.remind(day=day)
        if fact:
            request.record_update(fact, day=day)
        else:
            request.confirm(day=day)
        yield request


def _contributions() -> Iterator[Aggregate]:
    def received(*, pole: UUID | None, about: str) -> Contribution:
        contribution = Contribution.new()
        contribution.receive(
            pole=pole, about=about, author=SEALED, text=SEALED, public_name=SEALED, persons=(PARTY,)
        )
        return contribution

    moderator = f"account:{make.ACTOR}"
    published = received(pole=OTHER, about="Pôle fictif")
    published.publish(persons=(moderator,))
    published.take_down(persons=(moderator,), motive="une personne y était nommée")
    yield published
    refused = received(pole=None, about="le registre")
    refused.refuse(persons=(moderator,), motive=SEALED)
    yield refused
    withdrawn = received(pole=OTHER, about="Pôle fictif")
    withdrawn.withdraw(party=PARTY)
    yield withdrawn
