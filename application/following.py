"""Say who follows a pole, and ask which poles are followed by nobody."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.awaited import Awaited, Pending
from application.command import Work
from application.correction import Statement
from application.listing import Listed, Listing, listing
from application.momentary import Momentary
from application.offices import RECORDERS
from application.register import PoleLine
from application.wording import WORDS, date_in_words, tells
from application.world import Moment, World
from domain.following import Following, Seat, following_of
from domain.kernel import Event
from domain.period import end_of
from domain.pole import Pole, PoleId
from domain.provenance import AccountId
from domain.roles import Role
from domain.values import Line

PLACES: Mapping[str, str] = {
    Seat.PRINCIPAL: "référente ou référent",
    Seat.DEPUTY: "suppléante ou suppléant",
}
WORDS[Seat] = PLACES


class AssignFollower(
    Statement,
    name="following.assign",
    says="Confier le suivi d'un pôle à quelqu'un, à partir d'un jour ; qui le tenait est relayé.",
    by=RECORDERS,
):
    """Let an account follow a pole for its organisation, as principal or as deputy."""

    pole: PoleId = Field(description="Le pôle suivi.")
    follower: AccountId = Field(description="Le compte de qui suit le pôle.")
    organisation: Line = Field(description="Son organisation : CRESS, CRA, réseau…")
    place: Seat = Field(Seat.PRINCIPAL, description="À quelle place : principal ou deputy.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        pole.must_live()
        id_ = following_of(pole.id)
        following = work.find(Following, id_) or Following(id_)
        if not following.version:
            pole.attach("following", id_, is_news=False)
        stint = following.assign(
            pole=pole.id,
            place=self.place,
            follower=self.follower,
            organisation=self.organisation,
            day=work.day,
            until=self.valid_to,
        )
        work.relate(following, pole.relations_on(work.day))
        work.save(following, pole)
        return stint


class EndFollowing(
    Momentary,
    Statement,
    name="following.end",
    says="Enregistrer que plus personne ne suit un pôle à cette place, à partir d'un jour.",
    by=RECORDERS,
):
    """Let nobody hold a place from a day on."""

    pole: PoleId = Field(description="Le pôle suivi.")
    place: Seat = Field(Seat.PRINCIPAL, description="Quelle place : principal ou deputy.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        id_ = following_of(pole.id)
        following = work.find(Following, id_) or Following(id_)
        stint = following.finish(self.place, day=work.day)
        work.relate(following, pole.relations_on(work.day))
        work.save(following, pole)
        return stint


class FollowingListed(Listed):
    """Who follows a pole, as lists show it."""

    place: Seat = Field(title="Place")
    organisation: str = Field(title="Organisation")
    follower: UUID = Field(title="Compte")


QUIET = "6 months"
"""How long without news of a pole until who follows it is to look for it (product rule)."""


def _awaits_contact(world: World, line: FollowingListed, moment: Moment) -> Pending | None:
    """Until the pole was heard of, or looked for; afterwards its journey says what follows."""
    pole = world.load(Pole, line.pole, moment.known) if line.pole else None
    if pole is None:
        return None
    day = moment.in_force
    heard = max((heard for heard in pole.heard if heard <= day), default=day)
    since = end_of(QUIET, heard, extended=False)
    if since > day or pole.silence_on(day).days_since_attempt is not None:
        return None
    quiet = date_in_words(heard.isoformat())
    return Pending(
        since=since,
        says=f"sans nouvelle ni prise de contact depuis {quiet} ; suivi par : {line.organisation}",
        account=line.follower,
    )


def _its_pole(line: FollowingListed) -> Mapping[str, str]:
    return {"pole": str(line.pole)}


FOLLOWINGS = listing(
    Listing(
        name="following",
        line=FollowingListed,
        title="Suivi des pôles",
        says="Qui suit quel pôle, pour quelle organisation, et qui le supplée. "
        "Une place n'est tenue que par une personne à la fois.",
        path="/suivi",
        columns=("pole_name", "place", "organisation", "occurred_on", "until"),
        filters=("place", "organisation"),
        empty="Aucun suivi n'est enregistré.",
        begun_by="following.assign",
        ends_with_pole=True,
        thing="Suivi d'un pôle",
        own=frozenset({"page"}),
        awaits=(
            Awaited(
                id="contact",
                title="Prendre des nouvelles du pôle",
                by=(Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.NETWORK),
                command="exchange.record",
                pending=_awaits_contact,
                given=_its_pole,
                where={"place": Seat.PRINCIPAL},
            ),
        ),
        beside={"/suivi/sans-referent": "Pôles sans référente ni référent"},
    )
)


def unfollowed(poles: Iterable[PoleLine], followed: Collection[UUID]) -> list[PoleLine]:
    """Of some poles, those that nobody follows as principal; what has ended needs nobody."""
    return [pole for pole in poles if pole.stage != "ended" and pole.id not in followed]


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Following.Assigned(place=place, organisation=organisation):
            return "Suivi du pôle", f"{organisation} ({PLACES[place]})"
        case Following.Ended(place=place, handed_over=handed_over):
            return (
                "Relais dans le suivi du pôle" if handed_over else "Fin du suivi du pôle",
                PLACES[place],
            )
        case _:
            return None
