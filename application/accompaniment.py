"""Grant a pole days of support, count those that are used, and what comes of them."""

import re
from abc import abstractmethod
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field
from typing_extensions import override

from application.awaited import NOTICE, Awaited, Pending, identity, notice_of
from application.command import Work
from application.correction import Statement
from application.listing import Listed, Listing, listing
from application.momentary import Momentary
from application.offices import RECORDERS
from application.wording import date_in_words, tells
from application.world import Moment, World
from domain.accompaniment import (
    MOST,
    Accompaniment,
    AccompanimentId,
    days_in_words,
)
from domain.document import Document, DocumentId
from domain.kernel import Event
from domain.pole import Pole, PoleId
from domain.roles import Role
from domain.values import Line, Prose

_DAYS = re.compile(r"(\d{1,4})(?:[.,]([05]))?", re.ASCII)


def _as_text(given: Any) -> Any:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return str(given) if is_number else given


def _days(given: str) -> str:
    found = _DAYS.fullmatch(given.strip())
    if not found or _halves(given) > MOST:
        msg = (
            f"« {given[:30]} » n'est pas un nombre de jours : écrire 2, 0,5 ou 2,5, "
            f"par demi-journées, {MOST // 2} au plus"
        )
        raise ValueError(msg)
    return given.strip()


def _halves(days: str) -> int:
    whole, _, half = days.strip().replace(",", ".").partition(".")
    return int(whole) * 2 + (half == "5")


Days = Annotated[str, BeforeValidator(_as_text), AfterValidator(_days)]
"""Days as people write them, by halves: `2`, `0,5`, `2.5`."""


def _some(given: str) -> str:
    if not _halves(given):
        msg = "« days » : une demi-journée au moins"
        raise ValueError(msg)
    return given


SomeDays = Annotated[Days, AfterValidator(_some)]


class GrantAccompaniment(
    Statement,
    name="accompaniment.grant",
    says="Enregistrer un accompagnement accordé à un pôle : l'offre, par qui, combien de jours.",
    by=RECORDERS,
):
    """Record that days of support were granted to a pole, from a day and until another."""

    pole: PoleId = Field(description="Le pôle accompagné.")
    offer: Line = Field(description="L'offre, en quelques mots : bouquet de services…")
    provider: Line = Field(description="L'organisation qui accompagne.")
    days: SomeDays = Field(description="Jours accordés, par demi-journées : 2, 0,5, 2,5.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        pole.must_live()
        accompaniment = Accompaniment.grant(
            pole=pole.id, offer=self.offer, provider=self.provider, half_days=_halves(self.days)
        )
        pole.attach("accompaniment", accompaniment.id, is_news=False)
        work.save(accompaniment, pole)
        return accompaniment.id


class UseDays(
    Momentary,
    Statement,
    name="accompaniment.use_days",
    says="Compter des jours d'accompagnement utilisés, jamais plus que ceux qui sont accordés.",
    by=RECORDERS,
):
    """Count days as used. The provider worked with the pole: it is news of it (product rule)."""

    accompaniment: AccompanimentId = Field(description="Identifiant de l'accompagnement.")
    days: SomeDays = Field(description="Jours utilisés, par demi-journées : 2, 0,5, 2,5.")
    words: Prose = Field(description="Ce qui a été fait, sans nommer personne.")

    @override
    def execute(self, work: Work) -> UUID:
        accompaniment = work.get(Accompaniment, self.accompaniment)
        pole = work.get(Pole, accompaniment.pole)
        work.allow(pole, self.NAME)
        accompaniment.use(_halves(self.days), words=self.words, day=work.day)
        pole.attach("accompaniment", accompaniment.id, is_news=True)
        work.save(accompaniment, pole)
        return accompaniment.id


class AccompanimentCommand(Momentary):
    """Something done with an accompaniment, which shows nothing of the pole itself."""

    accompaniment: AccompanimentId = Field(description="Identifiant de l'accompagnement.")

    @override
    def execute(self, work: Work) -> UUID:
        accompaniment = work.get(Accompaniment, self.accompaniment)
        pole = work.get(Pole, accompaniment.pole)
        work.allow(pole, self.NAME)
        self.act(work, accompaniment)
        work.save(accompaniment, pole)
        return accompaniment.id

    @abstractmethod
    def act(self, work: Work, accompaniment: Accompaniment) -> None:
        """Do it with the accompaniment."""


class HandDeliverable(
    AccompanimentCommand,
    Statement,
    name="accompaniment.hand_deliverable",
    says="Enregistrer un livrable de l'accompagnement, par son titre.",
    by=RECORDERS,
):
    """Record what comes of an accompaniment, by its title, and its document where it is kept."""

    title: Line = Field(description="Intitulé du livrable.")
    document: DocumentId | None = Field(
        None, description="Identifiant du document, s'il est au registre."
    )

    @override
    def act(self, work: Work, accompaniment: Accompaniment) -> None:
        if self.document:
            work.get(Document, self.document)
        accompaniment.hand(title=self.title, document=self.document, day=work.day)


class ExtendAccompaniment(
    AccompanimentCommand,
    Statement,
    name="accompaniment.extend",
    says="Prolonger un accompagnement : des jours en plus, ou une fin plus tardive.",
    by=RECORDERS,
):
    """Grant more days, or a later end."""

    days: Days = Field("0", description="Jours ajoutés, par demi-journées.")
    until: date | None = Field(
        None, description="Jour à partir duquel l'accompagnement ne court plus, s'il change."
    )
    motive: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, accompaniment: Accompaniment) -> None:
        accompaniment.extend(
            half_days=_halves(self.days), until=self.until, motive=self.motive, day=work.day
        )


class EndAccompaniment(
    AccompanimentCommand,
    Statement,
    name="accompaniment.end",
    says="Enregistrer la fin d'un accompagnement ; ni étape ni reconnaissance n'en dépendent.",
    by=RECORDERS,
):
    """End an accompaniment. No stage and no recognition ends with it."""

    motive: Prose = Field(description="Pourquoi il prend fin.")

    @override
    def act(self, work: Work, accompaniment: Accompaniment) -> None:
        accompaniment.finish(motive=self.motive, day=work.day)


class AccompanimentListed(Listed):
    """An accompaniment as lists show it."""

    offer: str = Field(title="Offre")
    provider: str = Field(title="Par")
    half_days_granted: int = Field(title="Demi-journées accordées")
    half_days_used: int = Field(title="Demi-journées utilisées")

    @property
    def days(self) -> str:
        """Both, as people count."""
        used, granted = days_in_words(self.half_days_used), days_in_words(self.half_days_granted)
        return f"{used.fr} sur {granted.fr}"


def _awaits_use(world: World, line: AccompanimentListed, moment: Moment) -> Pending | None:
    left = line.half_days_granted - line.half_days_used
    if left <= 0:
        return None
    return _coming_to_its_end(world, line, moment, f"reste : {days_in_words(left).fr}")


def _awaits_deliverable(world: World, line: AccompanimentListed, moment: Moment) -> Pending | None:
    for recorded in world.history(line.id, moment.known):
        is_handed = isinstance(recorded.event, Accompaniment.DeliverableHanded)
        if is_handed and recorded.in_force_from <= moment.in_force:
            return None
    return _coming_to_its_end(world, line, moment, "aucun livrable n'est enregistré")


def _coming_to_its_end(
    world: World, line: AccompanimentListed, moment: Moment, said: str
) -> Pending | None:
    """Nothing is waited for from one that somebody ended, nor from one without a known end."""
    accompaniment = world.load(Accompaniment, line.id, moment.known)
    if accompaniment is None or accompaniment.ended or line.until is None:
        return None
    since = notice_of(line.until, moment, accompaniment.start)
    if since is None:
        return None
    end = date_in_words(line.until.isoformat())
    return Pending(since=since, says=f"{line.offer}, par : {line.provider} (fin {end}) ; {said}")


FOLLOWERS = (Role.COORDINATOR, Role.REGIONAL_COORDINATOR)
"""Who sees to it that an accompaniment comes to something."""


ACCOMPANIMENTS = listing(
    Listing(
        name="accompaniment",
        line=AccompanimentListed,
        title="Accompagnements",
        says="Les jours d'accompagnement accordés aux pôles et ceux qui sont utilisés. "
        "La fin d'un accompagnement ne change ni l'étape ni les reconnaissances d'un pôle.",
        path="/accompagnements",
        columns=("pole_name", "offer", "provider", "days", "occurred_on", "until"),
        headings={"days": "Jours utilisés"},
        filters=("provider",),
        empty="Aucun accompagnement n'est enregistré comme en cours.",
        begun_by="accompaniment.grant",
        ends_with_pole=True,
        thing="Accompagnement",
        awaits=(
            Awaited(
                id="use",
                title="Utiliser les jours qui restent, ou prolonger l'accompagnement",
                by=FOLLOWERS,
                command="accompaniment.extend",
                pending=_awaits_use,
                given=identity("accompaniment"),
                within=NOTICE,
            ),
            Awaited(
                id="deliverable",
                title="Enregistrer un livrable de l'accompagnement",
                by=FOLLOWERS,
                command="accompaniment.hand_deliverable",
                pending=_awaits_deliverable,
                given=identity("accompaniment"),
                within=NOTICE,
            ),
        ),
    )
)


class DeliverableListed(Listed):
    """What came of an accompaniment, as lists show it."""

    accompaniment: UUID = Field(title="Accompagnement")
    title: str = Field(title="Livrable")
    document: UUID | None = Field(None, title="Document")

    @property
    def kept(self) -> str | None:
        """Whether its document is on file, in words."""
        return "versé" if self.document else None

    @property
    def kept_at(self) -> str | None:
        """The address of its document."""
        return f"/documents/{self.document}" if self.document else None


DELIVERABLES = listing(
    Listing(
        name="deliverable",
        line=DeliverableListed,
        title="Livrables des accompagnements",
        says="Ce que chaque accompagnement a donné.",
        path="/livrables",
        columns=("pole_name", "title", "kept", "occurred_on"),
        leads={"kept": "kept_at"},
        headings={"occurred_on": "Remis", "kept": "Document"},
        empty="Aucun livrable n'est enregistré.",
        begun_by="accompaniment.hand_deliverable",
    )
)


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Accompaniment.Granted(offer=offer, provider=provider, half_days=half_days):
            return "Accompagnement", f"{offer}, par : {provider} ({days_in_words(half_days).fr})"
        case Accompaniment.DaysUsed(half_days=half_days, words=words):
            return "Jours d'accompagnement utilisés", f"{days_in_words(half_days).fr} : {words}"
        case Accompaniment.DeliverableHanded(title=title):
            return "Livrable de l'accompagnement", title
        case Accompaniment.Extended(half_days=half_days, until=until, motive=motive):
            more = [f"{days_in_words(half_days).fr} de plus"] if half_days else []
            more += [f"jusqu'au {date_in_words(str(until)).removeprefix('le ')}"] if until else []
            return "Prolongation de l'accompagnement", f"{', '.join(more)} : {motive}"
        case Accompaniment.Ended(motive=motive):
            return "Fin de l'accompagnement", motive
        case _:
            return None
