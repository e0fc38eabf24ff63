"""The ways into an account: nobody takes away the last one of their own."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from domain.errors import Refused
from infrastructure.sign_in.tables import FEDERATED, PASSKEY, PASSWORD


class LastWayIn(Refused):
    """Without it, whoever holds the account could not sign in any more."""

    code = "sign_in.last_way"
    fr = (
        "C'est votre seule façon de vous connecter : choisissez d'abord un mot de passe, ou "
        "ajoutez une clé d'accès. Rien n'est changé."
    )
    en = (
        "This is your only way to sign in: choose a password or add a passkey first. Nothing was "
        "changed."
    )


def must_leave_a_way(tx: sa.Connection, account: UUID, issuers: Collection[str]) -> None:
    """Refuse, and so undo, what took the last way into an account.

    Args:
        issuers: the providers that people can still sign in through.
    """
    mine = str(account)
    asked = (
        sa.select(PASSWORD.c.account).where(PASSWORD.c.account == mine),
        sa.select(PASSKEY.c.account).where(PASSKEY.c.account == mine),
        sa.select(FEDERATED.c.account).where(
            FEDERATED.c.account == mine, FEDERATED.c.issuer.in_(issuers)
        ),
    )
    if all(tx.execute(query.limit(1)).first() is None for query in asked):
        raise LastWayIn
