"""Send a public comment, and moderate it before it appears."""

from abc import abstractmethod
from datetime import date
from uuid import UUID

from pydantic import Field, field_validator
from typing_extensions import override

from application.command import By, Work
from application.contribution_list import check_contribution, waiting
from application.momentary import Momentary
from application.private_reading import Readers, covered, within
from application.world import Moment, World
from domain.contribution import AboutWhat, Contribution, ContributionId
from domain.dates import PartialDate
from domain.distinct import Persons
from domain.errors import Forbidden, Invalid
from domain.pole import Pole, PoleId
from domain.roles import Role
from domain.values import Line, Personal, Prose, Sealed

LONGEST = 5_000
"""Characters of a contribution."""

LONGEST_NAME = 200


SENDERS = (Role.PUBLIC, Role.REGISTRAR)
"""Who sends one: whoever reads the register; and who keeps it, for what comes to it in writing."""


class NotItsDay(Invalid):
    """What is decided of a contribution is decided on the day on which it is recorded."""

    code = "contribution.day"
    fr = "Une contribution paraît, ou non, le jour où il en est décidé : ne donnez pas de date."
    en = "A contribution appears, or not, on the day it is decided: give no date."


class ReceivedLater(Invalid):
    """What has not come has not been received."""

    code = "contribution.later"
    fr = "Une contribution ne peut pas avoir été reçue {day} : ce jour n'est pas venu."
    en = "A contribution cannot have been received on {day}: that day has not come."


class SendContribution(
    Momentary,
    name="contribution.send",
    says="Envoyer une contribution ; elle n'apparaîtra qu'après avoir été lue par la modération.",
    by=SENDERS,
):
    """Send a comment on a pole, on the register or on a call; it is shown to nobody yet."""

    pole: PoleId | None = Field(None, description="Le pôle dont elle parle.")
    about: Line | None = Field(
        None, description="Ce dont elle parle, si ce n'est pas un pôle : le registre, un appel…"
    )
    author: Personal = Field(description="Qui l'écrit (scellé).")
    text: Personal = Field(description="Le texte (scellé), de 5 000 caractères au plus.")
    public_name: Personal | None = Field(
        None, description="Sous quel nom elle paraîtra (scellé) ; sans nom, sinon."
    )

    @field_validator("text")
    @classmethod
    def _short(cls, given: Personal) -> Personal:
        if len(given.text) > LONGEST:
            msg = f"« text » : une contribution compte {LONGEST} caractères au plus"
            raise ValueError(msg)
        return given

    @field_validator("author", "public_name")
    @classmethod
    def _one_line(cls, given: Personal | None) -> Personal | None:
        text = given.text if given else ""
        if len(text) > LONGEST_NAME or len(text.splitlines()) > 1 or "\t" in text:
            msg = f"Un nom tient sur une ligne, de {LONGEST_NAME} caractères au plus"
            raise ValueError(msg)
        return given

    @override
    def execute(self, work: Work) -> UUID:
        if work.day > work.today:
            raise ReceivedLater(day=work.day)
        if (self.pole is None) == (self.about is None):
            raise AboutWhat
        about = self.about or (self.pole and work.get(Pole, self.pole).name_on(work.today)) or ""
        contribution = Contribution.new()

        def seal(value: Personal, field: str) -> Sealed:
            return work.seal(
                value,
                event=Contribution.Received,
                field=field,
                subject=contribution.id,
            )

        contribution.receive(
            pole=self.pole,
            about=about,
            author=seal(self.author, "author"),
            text=seal(self.text, "text"),
            public_name=seal(self.public_name, "public_name") if self.public_name else None,
            persons=work.persons,
        )
        work.save(contribution)
        return contribution.id


class ContributionCommand(Momentary):
    """Something decided of one contribution, today."""

    contribution: ContributionId = Field(description="Identifiant de la contribution.")

    @override
    def execute(self, work: Work) -> UUID:
        if work.occurred_on != PartialDate.on(work.today):
            raise NotItsDay
        contribution = work.get(Contribution, self.contribution)
        self.act(work, contribution, work.persons)
        work.save(contribution)
        return contribution.id

    @abstractmethod
    def act(self, work: Work, contribution: Contribution, persons: Persons) -> None:
        """Do it with the contribution, in the name of these persons."""


class NotAModerator(Forbidden):
    """What has not appeared is for those who moderate."""

    code = "contribution.reader"
    fr = "Ce que le public envoie ne se lit, avant de paraître, que pour la modération."
    en = "What the public sends is read, before it appears, by moderators only."


MODERATORS = Readers(
    frozenset({Role.MODERATOR}), frozenset(), refused=NotAModerator, wanted=NotAModerator
)
"""Who reads what has not appeared: moderators, by office; under a mandate, within it."""


def may_read(world: World, by: By, id_: UUID, day: date) -> None:
    """Refuse whoever may not read a contribution before it appears, on a day.

    Who reads none is told so first, whether there is such a contribution or not.
    """
    reader = MODERATORS.authority(world, by, day)
    within(world, reader, check_contribution(world, id_)[1].pole, day)


def queue(world: World, by: By, moment: Moment, day: date) -> list[UUID]:
    """What waits for a moderator: all of it, or what is within the mandate they invoke."""
    reader = MODERATORS.authority(world, by, day)
    return [
        id_
        for id_ in waiting(world, moment)
        if covered(world, reader, check_contribution(world, id_)[1].pole, day)
    ]


class PublishContribution(
    ContributionCommand,
    name="contribution.publish",
    says="Faire paraître une contribution, telle qu'elle a été écrite.",
    by=(Role.MODERATOR,),
):
    """Let a contribution appear as it was written. Its pole knows of it from now on."""

    @override
    def act(self, work: Work, contribution: Contribution, persons: Persons) -> None:
        contribution.publish(persons=persons)
        if contribution.pole:
            pole = work.get(Pole, contribution.pole)
            pole.attach("contribution", contribution.id, is_news=False)
            work.save(pole)


class RefuseContribution(
    ContributionCommand,
    name="contribution.refuse",
    says="Ne pas retenir une contribution, en disant pourquoi ; elle n'apparaîtra pas.",
    by=(Role.MODERATOR,),
):
    """Keep a contribution from appearing; the motive is sealed, and sent to nobody."""

    motive: Personal = Field(description="Pourquoi elle n'est pas retenue (scellé).")

    @override
    def act(self, work: Work, contribution: Contribution, persons: Persons) -> None:
        sealed = work.seal(
            self.motive,
            event=Contribution.Refused,
            field="motive",
            subject=contribution.id,
        )
        contribution.refuse(persons=persons, motive=sealed)


class WithdrawContribution(
    ContributionCommand,
    name="contribution.withdraw",
    says="Retirer une contribution que l'on a envoyée, parue ou non.",
    by=(*SENDERS, Role.MODERATOR),
):
    """Take back what one sent, whether it has appeared or not."""

    @override
    def act(self, work: Work, contribution: Contribution, persons: Persons) -> None:
        contribution.withdraw(party=persons[0])


class TakeDownContribution(
    ContributionCommand,
    name="contribution.take_down",
    says="Dépublier une contribution parue, en disant publiquement pourquoi.",
    by=(Role.MODERATOR,),
):
    """Let a contribution appear no longer; the motive is public, and names no person."""

    motive: Prose = Field(description="Pourquoi, sans nommer personne : le motif est public.")

    @override
    def act(self, work: Work, contribution: Contribution, persons: Persons) -> None:
        contribution.take_down(persons=persons, motive=self.motive)
