"""What a database says when it fails, as a person can act on it."""

import sqlite3

import psycopg
import sqlalchemy as sa
from eventsourcing.persistence import PersistenceError

from domain.errors import Unavailable

STORE_ERRORS = (sa.exc.SQLAlchemyError, PersistenceError, sqlite3.Error, psycopg.Error)
"""What a database may raise, whichever way it was reached."""


class StoreFailed(Unavailable):
    """The database refused; nothing was recorded."""

    code = "store.failed"
    fr = "{reason} Rien n'a été enregistré."
    en = "{reason} Nothing was recorded."


SIGNS = {
    "disk is full": "Le disque est plein.",
    "no space left": "Le disque est plein.",
    "readonly": "Le registre est en lecture seule.",
    "read-only": "Le registre est en lecture seule.",
    "locked": "Le registre est occupé par un autre programme depuis trop longtemps.",
    "unable to open": "Le registre ne peut pas être ouvert (répertoire absent ou protégé).",
    "malformed": "Le fichier du registre est endommagé ; restaurez une sauvegarde.",
    "not a database": "Ce fichier n'est pas un registre Jalon.",
    "i/o error": "Le disque a refusé (place épuisée, ou panne).",
    "connection refused": "Le serveur de la base de données ne répond pas.",
    "could not translate host": "Le serveur de la base de données est introuvable.",
    "authentication failed": "Le serveur de la base de données refuse cet accès.",
}
"""By what a database says of a failure: what it means."""


def explain(error: Exception) -> StoreFailed:
    """What a database says, as a person can act on it."""
    said = " ".join(str(error.orig if isinstance(error, sa.exc.DBAPIError) else error).split())
    reason = next((say for sign, say in SIGNS.items() if sign in said.lower()), None)
    return StoreFailed(reason=reason or f"La base de données a refusé ({said}).")
