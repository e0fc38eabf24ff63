"""The name of a member who is a person, for those who may read it; everybody else counts them."""

from datetime import date
from uuid import UUID

from application.command import By
from application.identifiers import identifier_in_words
from application.personal import opened
from application.private_reading import Readers, within
from application.world import Moment, World
from domain.errors import Forbidden, NotFound
from domain.kernel import Recorded
from domain.membership import MemberId, MemberKind
from domain.pole import Pole
from domain.roles import Role
from domain.values import Frozen


class NotANamer(Forbidden):
    """The name of a person who belongs to a pole is for few."""

    code = "member.reader"
    fr = (
        "Le nom d'une personne membre d'un pôle se lit en tenant le registre, en protégeant ses "
        "données, ou en représentant le pôle sous un mandat en vigueur : votre rôle ne le permet "
        "pas."
    )
    en = (
        "The name of a person who belongs to a pole is read by those who keep the register or "
        "protect its data, or represent the pole under a mandate in force: your role does not "
        "allow it."
    )


class NamerMandateWanted(Forbidden):
    """One represents a pole under a mandate."""

    code = "member.mandate"
    fr = "Dans ce rôle, ce nom se lit sous un mandat en vigueur qui couvre le pôle : dites lequel."
    en = "In this role, this name is read under a mandate in force that covers the pole: say which."


READERS = Readers(
    frozenset({Role.REGISTRAR, Role.DPO}),
    frozenset({Role.POLE_REPRESENTATIVE}),
    refused=NotANamer,
    wanted=NamerMandateWanted,
)
"""Who reads the names of members who are persons (product rule)."""


class UnknownMember(NotFound):
    """Nobody ever was a member under this identity."""

    code = "member.unknown"
    fr = "Aucun membre n'a l'identifiant « {name} »."
    en = "No member has the identity “{name}”."


class NamedMember(Frozen):
    """A member by its name, person or not."""

    id: UUID
    pole: UUID
    pole_name: str
    member_kind: MemberKind
    is_person: bool
    name: str
    """The name, or the word that stands in its place (`application.personal.WHY`)."""
    identifier: str | None


def may_name(world: World, by: By, id_: UUID, day: date) -> None:
    """Refuse whoever may not read the name of a member, on a day; who reads none is told first."""
    reader = READERS.authority(world, by, day)
    within(world, reader, _joined(world, id_).stream, day)


def named_member(world: World, id_: UUID, moment: Moment) -> NamedMember:
    """A member with its name opened. Whoever asks is noted by whoever calls this."""
    recorded, day = _joined(world, id_, moment.known), moment.in_force
    joined = recorded.event
    pole = world.load(Pole, recorded.stream, moment.known)
    if pole is None or not isinstance(joined, Pole.MemberJoined):
        raise UnknownMember(name=id_)
    member = pole.members[MemberId(id_)]
    name = member.name
    if joined.person:
        name = opened(world, joined.person, event=Pole.MemberJoined, field="person")
    return NamedMember(
        id=id_,
        pole=pole.id,
        pole_name=pole.name_on(day),
        member_kind=member.kind_on(day),
        is_person=member.is_person_on(day),
        name=name,
        identifier=identifier_in_words(member.identifier),
    )


def _joined(world: World, id_: UUID, known: int | None = None) -> Recorded:
    for recorded in world.told(Pole.MemberJoined, until=known):
        if isinstance(recorded.event, Pole.MemberJoined) and recorded.event.member == id_:
            return recorded
    raise UnknownMember(name=id_)
