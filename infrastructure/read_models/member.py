"""Members, each from the day it joins to the day it leaves, and what its quality rests on."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from typing_extensions import override

from application.identifiers import identifier_in_words
from application.member import MemberListed
from application.wording import SOLE_TRADER, member_called
from domain.identifiers import Scheme
from domain.kernel import Event, Recorded
from domain.legal_form import ByLaw, EssEvidence, LegalForm, ess_status, is_of_a_person
from domain.membership import MemberKind, named_by
from domain.pole import Pole
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.table import ListModel, resting_on


class MemberModel(ListModel, name="member", line=MemberListed):
    """Follows who joined, who left, what they are, and what shows it."""

    events: tuple[type[Event], ...] = (
        Pole.MemberJoined,
        Pole.MemberLeft,
        Pole.MemberChanged,
        Pole.EssConfirmed,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Pole.MemberJoined() as joined:
                named = joined.identifier or named_by(joined.siren, Scheme.SIREN)
                self.begin(
                    tx,
                    recorded,
                    id=joined.member,
                    pole=recorded.stream,
                    name=member_called(joined.name, joined.legal_form),
                    member_kind=joined.member_kind,
                    identifier=identifier_in_words(named),
                    **_of_form(joined.legal_form),
                    ess_evidence=_shown(joined.ess_evidence, recorded),
                )
                self._judge(tx, recorded, joined.member)
            case Pole.MemberLeft(member=member):
                self.cease(tx, recorded, member)
            case Pole.MemberChanged() as changed:
                self._change(tx, recorded, changed)
                self._judge(tx, recorded, changed.member)
            case Pole.EssConfirmed(member=member, ess_evidence=evidence):
                self.change(tx, recorded, member, ess_evidence=_shown(evidence, recorded))
                self._judge(tx, recorded, member)

    def _change(self, tx: sa.Connection, recorded: Recorded, changed: Pole.MemberChanged) -> None:
        told: dict[str, Any] = {}
        if changed.member_kind:
            told["member_kind"] = changed.member_kind
        if changed.legal_form:
            told |= _of_form(changed.legal_form)
        if changed.legal_form or changed.member_kind is MemberKind.OTHER_ENTERPRISE:
            told["ess_evidence"] = None  # what showed the quality it had shows nothing of this one
        if changed.ess_evidence:
            told["ess_evidence"] = _shown(changed.ess_evidence, recorded)
        self.change(tx, recorded, changed.member, **told)
        if changed.identifier:  # it names the organisation, on whatever day
            supersede(
                tx,
                self.table,
                self.table.c.id == str(changed.member),
                at=recorded.position,
                valid_from=date.min,
                identifier=identifier_in_words(changed.identifier),
                later_facts=resting_on(recorded, ["identifier"]),
            )

    def _judge(self, tx: sa.Connection, recorded: Recorded, member: UUID) -> None:
        """Say, in the rows that this event opened, on what the quality rests.

        Those of a sole trader, who is a person, name nobody.
        """
        columns = self.table.c
        opened = (columns.id == str(member), columns.known_from == recorded.position)
        for row in tx.execute(sa.select(self.table).where(*opened)).mappings().all():
            status = ess_status(
                ByLaw(row["by_law"]) if row["by_law"] else None,
                claimed=row["member_kind"] == MemberKind.ESS_ENTERPRISE,
                evidenced=bool(row["ess_evidence"]),
            )
            told: dict[str, Any] = {"ess": status.value}
            if is_of_a_person(row["legal_form_code"]):
                told |= {"name": SOLE_TRADER, "identifier": None}
            tx.execute(sa.update(self.table).where(columns.row == row["row"]).values(**told))


def _of_form(form: LegalForm | None) -> dict[str, Any]:
    return {
        "legal_form": form.label if form else None,
        "legal_form_code": form.code if form else None,
        "by_law": form.status if form else None,
    }


def _shown(evidence: EssEvidence | None, recorded: Recorded) -> str | None:
    """Evidence in words, with where it comes from."""
    if evidence is None:
        return None
    source = recorded.event.meta.source
    return f"{evidence.said} ({source})" if source else evidence.said
