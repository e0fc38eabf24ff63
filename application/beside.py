"""What stands beside a pole at a moment: who follows it, what it signed, its commitments, its line.

Read of the histories themselves, so that each of these, too, has an event by which it is so.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from application.absent import absent
from application.commitment_award import commitments_to
from application.commitment_sheet import commitment_sheet
from application.wording import of_date
from application.world import Moment, World
from domain.charter import CharterSignature
from domain.dates import PartialDate
from domain.errors import NotFound
from domain.following import Following, Seat, following_of
from domain.kernel import Recorded
from domain.pole import Pole
from domain.succession import Succeeding
from domain.track import NotBegun
from domain.values import Frozen


class FollowerLine(Frozen):
    """Who holds a place in following a pole; the account is told to those who may read it."""

    place: Seat
    organisation: str


class SignatureLine(Frozen):
    """A charter that the pole signed and stands by."""

    id: UUID
    charter: str
    signed_on: PartialDate


class PromiseLine(Frozen):
    """A commitment to the pole, and how far it is."""

    id: UUID
    object: str
    funder: str
    stage_title: str
    agreed_cents: int


class KinLine(Frozen):
    """A pole that came before this one, or comes after it, directly."""

    id: UUID
    name: str
    how: Succeeding
    occurred_on: PartialDate


class Beside(Frozen):
    """What stands beside a pole."""

    followers: tuple[FollowerLine, ...]
    signatures: tuple[SignatureLine, ...]
    commitments: tuple[PromiseLine, ...]
    succeeds: tuple[KinLine, ...]
    succeeded_by: tuple[KinLine, ...]


def beside(world: World, id_: UUID, moment: Moment) -> Beside:
    """What stands beside a pole; refused of what is no pole."""
    pole = world.load(Pole, id_, moment.known)
    if pole is None:
        raise absent(world, id_, NotFound(name=id_), moment.known)
    told = [*world.told(Pole.Succeeded, until=moment.known)]
    return Beside(
        followers=tuple(_followers(world, id_, moment)),
        signatures=tuple(_signatures(world, pole, moment)),
        commitments=tuple(_commitments(world, pole, moment)),
        succeeds=tuple(_kin(world, told, moment, of=id_, is_before=True)),
        succeeded_by=tuple(_kin(world, told, moment, of=id_, is_before=False)),
    )


def _followers(world: World, pole: UUID, moment: Moment) -> Iterator[FollowerLine]:
    following = world.load(Following, following_of(pole), moment.known)
    for place in Seat if following else ():
        held = following.holder_on(place, moment.in_force) if following else None
        if held:
            yield FollowerLine(place=place, organisation=held.organisation)


def _signatures(world: World, pole: Pole, moment: Moment) -> Iterator[SignatureLine]:
    for id_ in pole.signatures:
        signed = world.load(CharterSignature, id_, moment.known)
        if signed and signed.in_force_on(moment.in_force):
            named = f"version {of_date(str(signed.charter))}"
            yield SignatureLine(id=id_, charter=named, signed_on=signed.signed_on)


def _commitments(world: World, pole: Pole, moment: Moment) -> Iterator[PromiseLine]:
    for id_ in commitments_to(pole):
        try:
            sheet = commitment_sheet(world, id_, moment)
        except (NotFound, NotBegun):  # not decided yet on that day
            continue
        yield PromiseLine(
            id=id_,
            object=sheet.object,
            funder=sheet.funder.name,
            stage_title=sheet.stage_title,
            agreed_cents=sheet.amounts.agreed_cents,
        )


def _kin(
    world: World, told: list[Recorded], moment: Moment, *, of: UUID, is_before: bool
) -> Iterator[KinLine]:
    for one in told:
        event = one.event
        if not isinstance(event, Pole.Succeeded) or one.in_force_from > moment.in_force:
            continue
        after, before = one.stream, event.predecessor
        asked, other = (after, before) if is_before else (before, after)
        if asked == of:
            name = _name(world, other, moment.known, moment.in_force)
            yield KinLine(id=other, name=name, how=event.how, occurred_on=event.occurred_on)


def _name(world: World, pole: UUID, known: int, day: date) -> str:
    found = world.load(Pole, pole, known)
    return found.name_on(day) if found else ""
