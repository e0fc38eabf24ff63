"""The contents of `jalon --help`: its seventy verbs, by what people come for."""

from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperGroup

PARTS: Mapping[str, tuple[str, ...]] = {
    "Ce qui attend": ("inbox", "stalls", "whoami", "tick", "mandate", "bulk"),
    "Les pôles": (
        *("pole", "member", "profile", "action", "resource", "objective", "project"),
        *("following", "exchange", "succession", "place"),
    ),
    "La charte et la reconnaissance": (
        *("charter", "charter-signature", "undertaking", "recognition", "finding"),
        *("evaluation", "assessment", "grid", "recommendation"),
        *("follow-up", "follow-up-member", "follow-up-meeting"),
        *("accompaniment", "deliverable", "campaign", "update-request"),
    ),
    "Les appels et leurs dossiers": ("call", "dossier", "committee", "session", "appeal"),
    "L'argent": (
        *("commitment", "tranche", "condition", "funding-plan", "payment", "ledger"),
        *("single-undertaking", "de-minimis-aid", "de-minimis-attestation", "establishment"),
    ),
    "Les faits et leurs sources": ("claim", "fact", "contest", "contribution", "document"),
    "Les règles": ("journey", "workflow"),
    "La preuve": ("audit",),
    "Les personnes et leurs données": (
        "account",
        "message",
        "privacy-request",
        "privacy",
        "access",
    ),
    "Tenir le registre": (
        *("init", "setup", "serve", "demo", "import", "doctor"),
        *("backup", "restore", "rebuild", "migrate", "job"),
    ),
}
"""Of each part, its verbs and groups of verbs, in the order of the help."""


class Contents(TyperGroup):
    """The verbs in the order of `PARTS`, each under the title of its part."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for names in PARTS.values() for name in names]


def arrange(app: typer.Typer) -> None:
    """Put each verb under its part; to be called once all of them are there."""
    title = {name: part for part, names in PARTS.items() for name in names}
    for command in app.registered_commands:
        named = command.name or getattr(command.callback, "__name__", None)
        command.rich_help_panel = title[str(named)]
    for group in app.registered_groups:
        group.rich_help_panel = title[group.name or ""]
