"""Contributions: what somebody says in public of a pole, or of the register, read before it shows.

Nothing of one is shown to anybody before a moderator publishes it. Who wrote it and what it says
are sealed: a text may name a person.

Source: « votre contribution n'apparaîtra qu'après avoir été validée » (moderation a priori of the
forum of the Labo de l'ESS, 2014).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from domain.distinct import AnotherPerson, Persons, share, those
from domain.errors import Forbidden, Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.mandate import Party
from domain.personal import Basis, Marking
from domain.retention import Retention
from domain.spelling import same
from domain.values import Line, Prose, Sealed
from domain.words import Text, later

ContributionId = NewType("ContributionId", UUID)


class ContributionStanding(StrEnum):
    """Where a contribution stands."""

    RECEIVED = "received"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TAKEN_DOWN = "taken_down"


_STANDS = {
    ContributionStanding.RECEIVED: Text(fr="elle attend d'être lue", en="it waits to be read"),
    ContributionStanding.PUBLISHED: Text(fr="elle est publiée", en="it is published"),
    ContributionStanding.REFUSED: Text(fr="elle n'a pas été retenue", en="it was not kept"),
    ContributionStanding.WITHDRAWN: Text(fr="son auteur l'a retirée", en="its author withdrew it"),
    ContributionStanding.TAKEN_DOWN: Text(fr="elle a été dépubliée", en="it was taken down"),
}


class AboutWhat(Refused):
    """A contribution is about one thing."""

    code = "contribution.about"
    fr = "Une contribution porte sur un pôle, ou sur autre chose que l'on nomme : l'un des deux."
    en = "A contribution is about a pole, or about something else by its name: one of the two."


class ContributionAlreadyDecided(Refused):
    """What was decided of a contribution is not decided again."""

    code = "contribution.decided"
    fr = "Cette contribution ne peut plus faire l'objet de cet acte : {stands}."
    en = "This can no longer be done with this contribution: {stands}."


class OwnContribution(AnotherPerson, Forbidden):
    """Nobody moderates what they sent."""

    code = "contribution.own"
    fr = "Vous avez envoyé cette contribution : une autre personne doit en décider (modération)."
    en = "You sent this contribution: somebody else must decide of it (moderator)."


class NotItsAuthor(Forbidden):
    """Whoever sent a contribution may take it back, and nobody else."""

    code = "contribution.author"
    fr = "Seul qui a envoyé cette contribution peut la retirer ; la modération peut la dépublier."
    en = "Only whoever sent this contribution may withdraw it; a moderator may take it down."


AUTHOR = Marking(
    purpose="contribution",
    holds=Text(
        fr="le nom de qui a écrit une contribution",
        en="the name of who wrote a contribution",
    ),
    persons=Text(fr="auteurs de contributions", en="authors of contributions"),
    basis=Basis.CONSENT,
    retention=Retention.TWO_YEARS,
    is_name=True,
)

SAID = Marking(
    purpose="contribution",
    holds=Text(fr="le texte d'une contribution", en="the text of a contribution"),
    persons=Text(
        fr="auteurs de contributions et personnes qu'ils citent",
        en="authors of contributions, and whom they name",
    ),
    basis=Basis.CONSENT,
    retention=Retention.TWO_YEARS,
)

PUBLIC_NAME = Marking(
    purpose="contribution",
    holds=Text(
        fr="le nom sous lequel une contribution paraît",
        en="the name under which a contribution appears",
    ),
    persons=Text(fr="auteurs de contributions", en="authors of contributions"),
    basis=Basis.CONSENT,
    retention=Retention.TWO_YEARS,
    is_name=True,
)

REFUSAL = Marking(
    purpose="contribution",
    holds=Text(
        fr="pourquoi une contribution n'est pas retenue",
        en="why a contribution was not taken",
    ),
    persons=Text(
        fr="auteurs de contributions et personnes qu'ils citent",
        en="authors of contributions, and whom they name",
    ),
    basis=Basis.LEGITIMATE_INTERESTS,
    retention=Retention.TWO_YEARS,
)


class Contribution(Aggregate):
    """One public comment; it is published as it was written, or not at all."""

    class Received(Event):
        """Somebody sent it. It is shown to nobody yet."""

        TOPIC = "contribution.received.v1"
        UNDONE_BY = ("contribution.withdraw",)
        pole: UUID | None = None
        about: Line
        """What it is about: the pole by the name it had then, the register, a call…"""
        author: Annotated[Sealed, AUTHOR]
        text: Annotated[Sealed, SAID]
        public_name: Annotated[Sealed | None, PUBLIC_NAME] = None
        """Under which name its author wants it to appear; under none, unless given."""
        sender: Party
        persons: Persons = later(())
        """For whom it was sent, and who did it."""

    class Published(Event):
        """A moderator let it appear."""

        TOPIC = "contribution.published.v1"
        UNDONE_BY = ("contribution.take_down",)
        pole: UUID | None = None
        about: Line

    class Refused(Event):
        """A moderator kept it from appearing; why is sealed, for it may name a person."""

        TOPIC = "contribution.refused.v1"
        UNDONE_BY = Finality.DECISION
        motive: Annotated[Sealed, REFUSAL]

    class Withdrawn(Event):
        """Its author took it back."""

        TOPIC = "contribution.withdrawn.v1"
        UNDONE_BY = ("contribution.send",)

    class TakenDown(Event):
        """It no longer appears, for a reason that is told in public."""

        TOPIC = "contribution.taken_down.v1"
        UNDONE_BY = ("contribution.publish",)
        motive: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole: UUID | None = None
        self.about = ""
        self.sender = ""
        self.senders: Persons = ()
        self.author: Sealed | None = None
        self.text: Sealed | None = None
        self.public_name: Sealed | None = None
        self.motive: Sealed | None = None
        self.standing = ContributionStanding.RECEIVED
        self.was_published = False

    def receive(
        self,
        *,
        pole: UUID | None,
        about: str,
        author: Sealed,
        text: Sealed,
        public_name: Sealed | None,
        persons: Persons,
    ) -> None:
        """Take in a new one, whose identity its texts were sealed under."""
        self._received(
            pole=pole,
            about=about,
            author=author,
            text=text,
            public_name=public_name,
            sender=persons[0],
            persons=persons,
        )

    def _in(self, *standings: ContributionStanding) -> None:
        if self.standing not in standings:
            raise ContributionAlreadyDecided(stands=_STANDS[self.standing])

    def _moderated_by(self, persons: Persons) -> None:
        if share(persons, self.senders):
            raise OwnContribution(roles="")

    def publish(self, *, persons: Persons) -> None:
        """Let it appear, as it was written."""
        self._in(ContributionStanding.RECEIVED)
        self._moderated_by(persons)
        self._published(pole=self.pole, about=self.about)

    def refuse(self, *, persons: Persons, motive: Sealed) -> None:
        """Keep it from appearing."""
        self._in(ContributionStanding.RECEIVED)
        self._moderated_by(persons)
        self._refused(motive=motive)

    def withdraw(self, *, party: str) -> None:
        """Take it back, whether it has appeared or not."""
        if same(party) != same(self.sender):
            raise NotItsAuthor(roles="")
        self._in(ContributionStanding.RECEIVED, ContributionStanding.PUBLISHED)
        self._withdrawn()

    def take_down(self, *, persons: Persons, motive: str) -> None:
        """Let it appear no longer."""
        self._in(ContributionStanding.PUBLISHED)
        self._moderated_by(persons)
        self._taken_down(motive=motive)

    def relations_on(self, day: date) -> frozenset[str]:
        """The pole it is about, if it is about one."""
        return frozenset({f"pole:{self.pole}"} if self.pole else ())

    @event(Received)
    def _received(
        self,
        *,
        pole: UUID | None,
        about: str,
        author: Sealed,
        text: Sealed,
        public_name: Sealed | None,
        sender: str,
        persons: Persons,
    ) -> None:
        self.pole = pole
        self.about = about
        self.author = author
        self.text = text
        self.public_name = public_name
        self.sender = sender
        self.senders = those(persons, sender)

    @event(Published)
    def _published(self, *, pole: UUID | None, about: str) -> None:
        self.standing = ContributionStanding.PUBLISHED
        self.was_published = True

    @event(Refused)
    def _refused(self, *, motive: Sealed) -> None:
        self.standing = ContributionStanding.REFUSED
        self.motive = motive

    @event(Withdrawn)
    def _withdrawn(self) -> None:
        self.standing = ContributionStanding.WITHDRAWN

    @event(TakenDown)
    def _taken_down(self, *, motive: str) -> None:
        self.standing = ContributionStanding.TAKEN_DOWN
