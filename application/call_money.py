"""The money of a call: its envelope, and what one dossier may receive."""

from pydantic import Field
from typing_extensions import override

from application.call import KEEPERS, CallCommand
from application.command import Work
from application.envelope import granted, is_deliberating
from domain.call import Call
from domain.money import Euros
from domain.values import Line


class SetEnvelope(
    CallCommand,
    name="call.set_envelope",
    says="Dire de combien d'argent un appel dispose.",
    by=KEEPERS,
):
    """Say how much money a call has: never less than before while its committee deliberates, nor
    than what is announced as granted from it."""

    amount: Euros = Field(description="L'enveloppe, en euros.")
    note: Line | None = Field(None, description="Ce qu'elle comprend, ou sur combien d'années.")

    @override
    def act(self, work: Work, call: Call) -> None:
        call.set_envelope(
            self.amount,
            note=self.note,
            awarded=granted(work, call),
            is_deliberating=is_deliberating(work, call),
        )


class SetBounds(
    CallCommand,
    name="call.set_bounds",
    says="Dire le montant le plus faible et le plus élevé qu'un dossier peut recevoir.",
    by=KEEPERS,
):
    """Say the least and the most that an application is given; neither, where there is none."""

    minimum: Euros | None = Field(None, description="Le plus faible, en euros.")
    maximum: Euros | None = Field(None, description="Le plus élevé, en euros.")

    @override
    def act(self, work: Work, call: Call) -> None:
        call.set_bounds(self.minimum, self.maximum)
