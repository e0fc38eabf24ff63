"""Who may read what documents hold: by office, or under a mandate that covers their pole."""

from datetime import date
from uuid import UUID

from application.command import By
from application.private_reading import Readers
from application.world import World
from domain.errors import Forbidden
from domain.roles import Role

STEWARDS = frozenset({Role.REGISTRAR, Role.AUDITOR, Role.DPO, Role.ADMINISTRATOR})
"""Who reads the documents of every pole by office: who keeps the register, who examines it, who
answers for the personal data in it, and who sees to its store and its copies (product rule)."""

CONCERNED = frozenset(
    {
        *(Role.POLE_REPRESENTATIVE, Role.MEMBER_ORGANISATION, Role.NETWORK, Role.COORDINATOR),
        *(Role.REGIONAL_COORDINATOR, Role.SECRETARY, Role.INSTRUCTOR, Role.COMMITTEE_MEMBER),
        *(Role.FUNDER, Role.PAYER, Role.EVALUATOR),
    }
)
"""Who reads those of a pole under a mandate in force that covers it, or a region in which it lies:
whoever acts for the pole, follows it, examines it or pays (product rule). The public and the
moderation, whose business is what everybody may read, never do."""


class NotForThisRole(Forbidden):
    """What documents hold is not for everybody."""

    code = "document.reader"
    fr = (
        "Le contenu d'un document se lit en tenant le registre, en l'auditant, en l'administrant, "
        "en protégeant ses données, ou sous un mandat en vigueur qui couvre son pôle : votre rôle "
        "ne le permet pas."
    )
    en = (
        "What a document holds is read by those who keep, audit or administer the register or "
        "protect its data, or under a mandate in force that covers its pole: your role does not "
        "allow it."
    )


class MandateWanted(Forbidden):
    """Most roles are held about some pole."""

    code = "document.mandate"
    fr = (
        "Dans ce rôle, le contenu d'un document se lit sous un mandat en vigueur qui couvre son "
        "pôle : dites lequel."
    )
    en = (
        "In this role, what a document holds is read under a mandate in force that covers its "
        "pole: say which."
    )


READERS = Readers(STEWARDS, CONCERNED, refused=NotForThisRole, wanted=MandateWanted)


def may_read(world: World, by: By, pole: UUID | None, day: date) -> None:
    """Refuse whoever may not read what the documents of a pole hold, on a day.

    Args:
        pole: `None`, for documents of no pole, or of all: only a mandate for everything covers
            them.
    """
    READERS.admit(world, by, pole, day)
