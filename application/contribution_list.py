"""What is read of contributions: by anybody once they have appeared, by a moderator before."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from application.awaited import Awaited, Pending, identity
from application.listing import Listed, Listing, listing
from application.personal import ERASED, WHY, opened
from application.wording import WORDS, tells
from application.world import Moment, World
from domain.contribution import Contribution, ContributionStanding
from domain.errors import NotFound
from domain.kernel import Event, Recorded
from domain.pole import Pole
from domain.roles import Role
from domain.values import Frozen

GONE = "retirée depuis"
"""What stands where the words were, once they appear no longer."""

STANDINGS: Mapping[str, str] = {
    ContributionStanding.RECEIVED: "en attente de lecture",
    ContributionStanding.PUBLISHED: "publiée",
    ContributionStanding.REFUSED: "non retenue",
    ContributionStanding.WITHDRAWN: "retirée par son auteur",
    ContributionStanding.TAKEN_DOWN: "dépubliée",
}
WORDS[ContributionStanding] = STANDINGS

# --- what has appeared --------------------------------------------------------------------------


class ContributionListed(Listed):
    """A contribution that has appeared, as its table keeps it: never its words."""

    about: str = Field(title="Au sujet de")


class ContributionLine(ContributionListed):
    """The same, with its words opened for whoever reads."""

    text: str = Field("", title="Contribution")
    """« effacé » once erased; « retirée depuis » where it no longer appears."""
    is_readable: bool = False
    public_name: str | None = Field(None, title="Par")


def with_words(world: World, line: ContributionLine) -> ContributionLine:
    """Open the words of a line. What appears no longer is opened at no date."""
    contribution = world.load(Contribution, line.id)
    if contribution is None or contribution.standing is not ContributionStanding.PUBLISHED:
        return line.model_copy(update={"text": GONE})
    text, name = (
        sealed and opened(world, sealed, event=Contribution.Received, field=field)
        for sealed, field in (
            (contribution.text, "text"),
            (contribution.public_name, "public_name"),
        )
    )
    return line.model_copy(
        update={
            "text": text,
            "is_readable": text not in WHY,
            "public_name": None if name == ERASED else name,
        }
    )


class ContributionWaiting(Frozen):
    """A contribution that nobody has read: that there is one, since when, and of which pole."""

    id: UUID
    pole: UUID | None
    received_on: date


def _unread(world: World, moment: Moment) -> Iterator[ContributionWaiting]:
    for recorded in _waiting(world, moment):
        if isinstance(recorded.event, Contribution.Received):
            yield ContributionWaiting(
                id=recorded.stream,
                pole=recorded.event.pole,
                received_on=recorded.in_force_from,
            )


def _awaits_moderation(world: World, line: ContributionWaiting, moment: Moment) -> Pending | None:
    contribution = world.load(Contribution, line.id, moment.known)
    # What it is about may be in its author's own words: nothing of it is shown before it is read.
    return Pending(
        since=line.received_on,
        says="elle n'apparaît pas avant d'avoir été lue",
        out=contribution.senders if contribution else (),
    )


CONTRIBUTIONS = listing(
    Listing(
        name="contribution",
        line=ContributionLine,
        title="Contributions",
        says="Ce que le public dit des pôles, des appels et du registre. Chaque contribution est "
        "lue par la modération avant de paraître ; rien n'y est modifié.",
        path="/contributions",
        columns=("about", "text", "public_name", "occurred_on"),
        headings={"occurred_on": "Parue"},
        empty="Aucune contribution n'a paru.",
        begun_by="contribution.send",
        complete=with_words,
        sorts={"text": "", "public_name": ""},
        thing="Contribution",
        awaits=(
            Awaited(
                id="moderation",
                title="Lire une contribution : la publier, ou l'écarter",
                by=(Role.MODERATOR,),
                command="contribution.publish",
                pending=_awaits_moderation,
                given=identity("contribution"),
                ask=_unread,
                is_public=False,
            ),
        ),
    )
)


# --- what waits ---------------------------------------------------------------------------------


class ContributionSheet(Frozen):
    """A contribution with everything in it, for whoever moderates."""

    id: UUID
    pole: UUID | None
    pole_name: str | None
    about: str
    standing: ContributionStanding
    occurred_on: str
    recorded_at: datetime
    author: str
    text: str
    public_name: str | None
    sender: str
    motive: str | None = None
    """Of one that was not kept: why."""


def check_contribution(
    world: World, id_: UUID, moment: Moment | None = None
) -> tuple[Recorded, Contribution.Received]:
    """That there is such a contribution, at a moment; nothing of it is opened."""
    history = world.history(id_, moment.known if moment else None)
    event = history[0].event if history else None
    if not isinstance(event, Contribution.Received):
        raise NotFound(name=id_)
    if moment and history[0].in_force_from > moment.in_force:
        raise NotFound(name=id_)
    return history[0], event


def contribution_sheet(world: World, id_: UUID, moment: Moment | None = None) -> ContributionSheet:
    """One contribution with its words opened. Whoever asks is noted by whoever calls this."""
    recorded, event = check_contribution(world, id_, moment)
    known = moment.known if moment else None
    contribution = world.load(Contribution, id_, known) or Contribution(id_)
    pole = world.load(Pole, event.pole) if event.pole else None
    return ContributionSheet(
        id=id_,
        pole=event.pole,
        pole_name=pole.names[-1].value if pole else None,
        about=event.about,
        standing=contribution.standing,
        occurred_on=str(event.occurred_on),
        recorded_at=recorded.recorded_at,
        author=opened(world, event.author, event=Contribution.Received, field="author"),
        text=opened(world, event.text, event=Contribution.Received, field="text"),
        public_name=event.public_name
        and opened(world, event.public_name, event=Contribution.Received, field="public_name"),
        sender=event.sender,
        motive=contribution.motive
        and opened(world, contribution.motive, event=Contribution.Refused, field="motive"),
    )


def waiting(world: World, moment: Moment) -> list[UUID]:
    """The contributions that nobody had decided of then, those received first coming first."""
    return [recorded.stream for recorded in _waiting(world, moment)]


def _waiting(world: World, moment: Moment) -> Iterator[Recorded]:
    decisions = (Contribution.Published, Contribution.Refused, Contribution.Withdrawn)
    found: dict[UUID, Recorded] = {}
    for recorded in world.told(Contribution.Received, *decisions, until=moment.known):
        if recorded.in_force_from > moment.in_force:
            continue
        if isinstance(recorded.event, Contribution.Received):
            found[recorded.stream] = recorded
        else:
            found.pop(recorded.stream, None)
    yield from found.values()


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Contribution.Received():
            return "Contribution reçue", "elle n'apparaît pas avant d'avoir été lue"
        case Contribution.Published(about=about):
            return "Contribution parue", f"au sujet de : {about}"
        case Contribution.Refused():
            return "Contribution non retenue", ""
        case Contribution.Withdrawn():
            return "Contribution retirée par son auteur", ""
        case Contribution.TakenDown(motive=motive):
            return "Contribution dépubliée", motive
        case _:
            return None
