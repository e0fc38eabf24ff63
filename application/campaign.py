"""Open the yearly update, and ask poles whether what is known of them holds."""

from abc import abstractmethod
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.bulk import LARGEST, ActOnPoles, TooMany
from application.command import Command, Work
from application.correction import Statement
from application.history_in_words import ATTACHMENTS
from application.momentary import Momentary
from domain.campaign import Campaign, UpdateRequest, Year, campaign_of, request_of
from domain.dates import paris_day
from domain.errors import NotFound, Refused
from domain.kernel import Recorded
from domain.pole import Pole, PoleId
from domain.register import REGISTER, Register
from domain.roles import Role
from domain.values import Line, Prose

CAMPAIGNERS = (Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.REGISTRAR)
"""Who asks the poles every year, and puts on record what they answer."""


class NoSuchCampaign(NotFound):
    """Nobody opened the campaign of that year."""

    code = "campaign.unknown"
    fr = "La campagne {year} n'a pas été ouverte."
    en = "The campaign of {year} was not opened."


class NoChange(Refused):
    """An answer names a change of what the register says of the pole."""

    code = "campaign.no_change"
    fr = (
        "Ce n'est pas une modification de ce pôle enregistrée depuis qu'il a été interrogé : "
        "donnez l'identifiant de l'événement, tel que l'historique du pôle le donne."
    )
    en = (
        "This is no change of this pole recorded since it was asked: "
        "give the identity of the event, as the history of the pole gives it."
    )


class OpenCampaign(
    Momentary,
    Statement,
    name="campaign.open",
    says="Ouvrir la campagne annuelle de mise à jour : la question, et pour quand.",
    by=CAMPAIGNERS,
):
    """Open the campaign of a year; there is one a year."""

    year: Year = Field(description="L'année de la campagne.")
    question: Prose = Field(description="Ce qui est demandé aux pôles, en toutes lettres.")
    due: date = Field(description="Jour avant la fin duquel la réponse est attendue.")

    @override
    def execute(self, work: Work) -> UUID:
        id_ = campaign_of(self.year)
        campaign = work.find(Campaign, id_) or Campaign(id_)
        campaign.open(year=self.year, question=self.question, due=self.due, day=work.day)
        work.save(campaign)
        return campaign.id


def _campaign(work: Work, year: int) -> Campaign:
    campaign = work.find(Campaign, campaign_of(year))
    if campaign is None:
        raise NoSuchCampaign(year=year)
    campaign.runs_on(work.day)
    return campaign


class CloseCampaign(
    Momentary,
    name="campaign.close",
    says="Clore la campagne d'une année : qui n'a pas répondu n'a pas répondu.",
    by=CAMPAIGNERS,
):
    """Close a campaign; no pole is asked, and none answers it, from that day on."""

    year: Year = Field(description="L'année de la campagne.")

    @override
    def execute(self, work: Work) -> UUID:
        campaign = _campaign(work, self.year)
        campaign.close(day=work.day)
        work.save(campaign)
        return campaign.id


class RequestCommand(Momentary):
    """Something about what one pole is asked in a campaign."""

    pole: PoleId = Field(description="Le pôle.")
    year: Year = Field(description="L'année de la campagne.")

    @override
    def execute(self, work: Work) -> UUID:
        _campaign(work, self.year)
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        pole.must_live()
        id_ = request_of(self.year, pole.id)
        request = work.find(UpdateRequest, id_) or UpdateRequest(id_)
        self.act(work, pole, request)
        work.save(request, pole)
        return id_

    @abstractmethod
    def act(self, work: Work, pole: Pole, request: UpdateRequest) -> None:
        """Do it with the question put to a pole."""


class SendRequest(
    RequestCommand,
    name="campaign.send",
    says="Noter que la question de la campagne a été envoyée à un pôle.",
    by=CAMPAIGNERS,
):
    """Note that a pole was asked. It is an attempt to contact it (product rule)."""

    @override
    def act(self, work: Work, pole: Pole, request: UpdateRequest) -> None:
        request.send(pole=pole.id, year=self.year)
        pole.attach("update_request", request.id, is_news=False)
        _attempted(pole, self.year, "question envoyée")


class RemindPole(
    RequestCommand,
    name="campaign.remind",
    says="Noter un rappel envoyé à un pôle qui n'a pas répondu à la campagne.",
    by=CAMPAIGNERS,
):
    """Note that a pole was reminded. It is an attempt to contact it (product rule)."""

    @override
    def act(self, work: Work, pole: Pole, request: UpdateRequest) -> None:
        request.remind(day=work.day)
        _attempted(pole, self.year, "rappel envoyé")


def _attempted(pole: Pole, year: int, outcome: str) -> None:
    pole.attempt_contact(channel=f"campagne de mise à jour {year}", outcome=outcome)


class ConfirmUnchanged(
    RequestCommand,
    name="campaign.confirm",
    says="Enregistrer la réponse d'un pôle à la campagne : rien n'a changé.",
    by=(Role.POLE_REPRESENTATIVE, *CAMPAIGNERS),
):
    """Record that a pole says nothing has changed. It is news of the pole."""

    @override
    def act(self, work: Work, pole: Pole, request: UpdateRequest) -> None:
        request.confirm(day=work.day)
        pole.attach("update_request", request.id, is_news=True)


class RecordUpdate(
    RequestCommand,
    Statement,
    name="campaign.record_update",
    says="Enregistrer la réponse d'un pôle à la campagne : ce qu'il a modifié.",
    by=(Role.POLE_REPRESENTATIVE, *CAMPAIGNERS),
):
    """Count a change of the pole, recorded since it was asked, as its answer."""

    fact: UUID = Field(description="L'événement par lequel le pôle a modifié quelque chose.")

    @override
    def act(self, work: Work, pole: Pole, request: UpdateRequest) -> None:
        request.record_update(self.fact, day=work.day)
        change = work.fact(self.fact)
        if not _changes(pole, change) or paris_day(change.recorded_at) < request.sent_on:
            raise NoChange


NO_CHANGES = {"update_request", "exchange", "following", "contribution"}
"""What concerns a pole and changes nothing of what the register says of it."""


def _changes(pole: Pole, recorded: Recorded) -> bool:
    about = {pole.id, *pole.recognitions, *pole.signatures}
    about |= {id_ for id_, concept in pole.attached.items() if concept not in NO_CHANGES}
    said_elsewhere = (*ATTACHMENTS, Pole.ContactAttempted)
    return recorded.stream in about and not isinstance(recorded.event, said_elsewhere)


class ToAll(Momentary):
    """Something done for every pole, or for those of a region, in one commit.

    Each pole is done, refused with its reason, or left as it was. What has ended is left out.
    """

    year: Year = Field(description="L'année de la campagne.")
    region: Line | None = Field(None, description="Seulement les pôles de cette région.")

    def everyone(self, work: Work) -> list[PoleId]:
        """The living poles, of the region where one is given."""
        register = work.find(Register, REGISTER) or Register(REGISTER)
        if len(register.poles) > LARGEST and self.region is None:
            raise TooMany(number=len(register.poles))
        found = []
        for id_ in register.poles.values():
            pole = work.get(Pole, id_)
            place = pole.territory_on(work.day)
            is_there = self.region in (None, place.region, *place.regions)
            if is_there and pole.state_on(work.day) != "ended":
                found.append(id_)
        return found

    def do_for(self, work: Work, poles: list[PoleId], command: type[Command]) -> UUID:
        """One command for each; `Work.outcomes` says what became of it."""
        _campaign(work, self.year)
        said = {name: getattr(self, name) for name in Command.model_fields}
        act = ActOnPoles(
            command=command.NAME, fields={"year": self.year}, poles=tuple(poles), **said
        )
        return work.perform(act)


class SendToAll(
    ToAll,
    name="campaign.send_to_all",
    says="Noter que la question a été envoyée à tous les pôles, ou à ceux d'une région.",
    by=CAMPAIGNERS,
):
    """Note that every pole was asked; one that already was is told, and does not stop the rest."""

    @override
    def execute(self, work: Work) -> UUID:
        return self.do_for(work, self.everyone(work), SendRequest)


class RemindAll(
    ToAll,
    name="campaign.remind_all",
    says="Noter un rappel à tous les pôles interrogés qui n'ont pas répondu, ou à ceux "
    "d'une région.",
    by=CAMPAIGNERS,
):
    """Note that every pole which was asked and has not answered was reminded."""

    @override
    def execute(self, work: Work) -> UUID:
        waiting = []
        for pole in self.everyone(work):
            request = work.find(UpdateRequest, request_of(self.year, pole))
            if request and not request.answered:
                waiting.append(pole)
        return self.do_for(work, waiting, RemindPole)
