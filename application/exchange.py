"""Record exchanges with a pole, list them, and open the summary of one."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.absent import absent
from application.command import By, Work
from application.correction import Statement
from application.listing import Listed, Listing, listing
from application.momentary import Momentary
from application.offices import RECORDERS
from application.personal import opened
from application.private_reading import Readers, may_ask_of_all, within
from application.wording import WORDS, tells
from application.world import Moment, World
from domain.errors import Forbidden, NotFound
from domain.exchange import Channel, Direction, Exchange, Organisations
from domain.kernel import Event
from domain.pole import Pole, PoleId
from domain.roles import ROLES, Role
from domain.values import Frozen, Line, Personal

WATCHERS = (Role.REGISTRAR, Role.AUDITOR, Role.DPO)
"""Who may ask who read what is not public (product rule)."""

FOLLOWERS = frozenset({Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.NETWORK})
"""Who follows poles, and opens the summaries of one under a mandate in force that covers it
(product rule)."""


class NotAFollower(Forbidden):
    """Summaries are for those who follow the pole."""

    code = "exchange.reader"
    fr = (
        "Un compte rendu se lit en tenant ou en auditant le registre, en protégeant ses données, "
        "ou en suivant le pôle sous un mandat en vigueur : votre rôle ne le permet pas."
    )
    en = (
        "A summary is read by those who keep or audit the register or protect its data, or who "
        "follow the pole under a mandate in force: your role does not allow it."
    )


class SummaryMandateWanted(Forbidden):
    """One follows a pole under a mandate."""

    code = "exchange.mandate"
    fr = (
        "Dans ce rôle, un compte rendu se lit sous un mandat en vigueur qui couvre le pôle : "
        "dites lequel."
    )
    en = "In this role, a summary is read under a mandate in force that covers the pole: say which."


READERS = Readers(frozenset(WATCHERS), FOLLOWERS, refused=NotAFollower, wanted=SummaryMandateWanted)
"""Who may open a summary: those who follow the pole, and those who watch over what is kept of
persons (product rule)."""

CHANNELS: Mapping[str, str] = {
    Channel.CALL: "appel",
    Channel.VISIT: "visite",
    Channel.MAIL: "courrier",
    Channel.EMAIL: "courriel",
    Channel.MEETING: "réunion",
    Channel.VIDEO: "visioconférence",
}
WORDS[Channel] = CHANNELS
DIRECTIONS: Mapping[str, str] = {
    Direction.TO_POLE: "vers le pôle",
    Direction.FROM_POLE: "venu du pôle",
}
WORDS[Direction] = DIRECTIONS


class RecordExchange(
    Momentary,
    Statement,
    name="exchange.record",
    says="Enregistrer un échange avec un pôle, ou une tentative ; son compte rendu est scellé.",
    by=RECORDERS,
):
    """Record an exchange with a pole. One that did not reach it is an attempt to contact it.

    One that reached the pole is news of it; one that did not is none.
    """

    pole: PoleId = Field(description="Le pôle.")
    channel: Channel = Field(description="Par quel moyen.")
    reached: bool = Field(
        False, description="À dire si le pôle a été joint ; sinon, c'est une tentative."
    )
    direction: Direction = Field(
        Direction.TO_POLE, description="Vers le pôle, ou venu de lui (from_pole)."
    )
    participants: Organisations = Field(
        default=(), description="Les organisations présentes ; aucune personne n'est nommée."
    )
    summary: Personal | None = Field(
        None,
        description="Compte rendu (scellé : le lisent ceux qui tiennent ou auditent le registre, "
        "ceux qui en protègent les données, et ceux qui suivent le pôle sous mandat).",
    )
    next_step: Line | None = Field(None, description="La suite convenue, sans nommer personne.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        pole.must_live()
        exchange = Exchange.new()
        sealed = None
        if self.summary:
            sealed = work.seal(
                self.summary,
                event=Exchange.Recorded,
                field="summary",
                subject=exchange.id,
            )
        exchange.record(
            pole=self.pole,
            channel=self.channel,
            direction=self.direction,
            reached=self.reached,
            participants=self.participants,
            summary=sealed,
            next_step=self.next_step,
        )
        pole.attach("exchange", exchange.id, is_news=self.reached)
        if not self.reached:
            pole.attempt_contact(
                channel=CHANNELS[self.channel], outcome="le pôle n'a pas été joint"
            )
        work.save(exchange, pole)
        return exchange.id


class ExchangeListed(Listed):
    """An exchange as lists show it: never its summary."""

    channel: Channel = Field(title="Moyen")
    direction: Direction = Field(title="Sens")
    reached: bool = Field(title="Pôle joint")
    participants: tuple[str, ...] = Field((), title="Organisations présentes")
    next_step: str | None = Field(None, title="Suite convenue")
    has_summary: bool = Field(title="Compte rendu")


EXCHANGES = listing(
    Listing(
        name="exchange",
        line=ExchangeListed,
        title="Échanges",
        says="Les appels, visites et courriers échangés avec les pôles. "
        "Le compte rendu d'un échange est privé : il ne se lit pas ici.",
        path="/echanges",
        columns=(
            *("pole_name", "channel", "direction", "reached", "participants"),
            *("next_step", "occurred_on"),
        ),
        headings={"occurred_on": "Date"},
        filters=("channel", "direction"),
        empty="Aucun échange n'est enregistré.",
        begun_by="exchange.record",
    )
)


class ExchangeSheet(Frozen):
    """An exchange with its summary, for whoever may read it."""

    id: UUID
    pole: UUID
    occurred_on: str
    channel: Channel
    direction: Direction
    reached: bool
    participants: tuple[str, ...]
    next_step: str | None
    summary: str | None
    """Its words; « effacé » once they are erased; none where none were written."""


def may_watch(world: World, by: By, day: date) -> None:
    """Refuse whoever does not watch over what is read, on a day."""
    if by.role not in WATCHERS:
        raise Forbidden(roles=", ".join(ROLES[watcher] for watcher in WATCHERS))
    may_ask_of_all(world, by, day)


def check_exchange(world: World, id_: UUID, moment: Moment | None = None) -> Exchange.Recorded:
    """That there is such an exchange, at a moment; nothing of it is opened."""
    history = world.history(id_, moment.known if moment else None)
    event = history[0].event if history else None
    if not isinstance(event, Exchange.Recorded):
        raise absent(world, id_, NotFound(name=id_), moment.known if moment else None)
    if moment and history[0].in_force_from > moment.in_force:
        raise NotFound(name=id_)
    return event


def may_read(world: World, by: By, id_: UUID, day: date) -> None:
    """Refuse whoever may not open the summary of an exchange, on a day.

    Who reads none is told so first, whether there is such an exchange or not.
    """
    reader = READERS.authority(world, by, day)
    told = world.everything(id_)
    first = told[0].event if told else None
    if not isinstance(first, Exchange.Recorded):
        raise NotFound(name=id_)
    within(world, reader, first.pole, day)


def exchange_sheet(world: World, id_: UUID, moment: Moment | None = None) -> ExchangeSheet:
    """One exchange with its summary opened. Whoever asks is noted by whoever calls this."""
    event = check_exchange(world, id_, moment)
    return ExchangeSheet(
        id=id_,
        pole=event.pole,
        occurred_on=str(event.occurred_on),
        channel=event.channel,
        direction=event.direction,
        reached=event.reached,
        participants=event.participants,
        next_step=event.next_step,
        summary=event.summary
        and opened(world, event.summary, event=Exchange.Recorded, field="summary"),
    )


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Exchange.Recorded(channel=channel, direction=direction, reached=reached):
            outcome = "" if reached else ", sans joindre le pôle"
            return "Échange", f"{CHANNELS[channel]}, {DIRECTIONS[direction]}{outcome}"
        case _:
            return None
