"""What may be read that is not public, as the log of readings calls it; nothing it says."""

from collections.abc import Mapping

READINGS: Mapping[tuple[str, str], str] = {
    ("account", "name"): "nom et adresse de qui a un compte",
    ("access", "purge"): "effacement des lectures notées il y a plus d'un an",
    ("call", "ranking"): "classement d'une vague, avant l'annonce",
    ("contribution", "text"): "texte d'une contribution",
    ("document", "content"): "contenu d'un document",
    ("dossier", "review"): "examen d'un dossier, avant l'annonce",
    ("dossier", "audit"): "examen d'un dossier, pour un audit",
    ("evaluation", "positions"): "positions d'un tour qui n'est pas publié",
    ("event", "audit"): "événement tiré, pour un audit",
    ("event", "explored"): "événement du journal, tel qu'il est enregistré",
    ("exchange", "summary"): "compte rendu d'un échange",
    ("person", "export"): "réponse à une personne sur ses données",
    ("person", "names"): "noms des personnes qui portent un mot cherché",
    ("log", "bundle"): "journal entier, en un dossier de preuve",
    ("log", "entries"): "entrées du journal, telles qu'elles sont signées",
    ("member", "name"): "nom d'une personne membre d'un pôle",
    ("privacy_request", "line"): "demande d'exercice de droits, dans une liste",
    ("privacy_request", "sheet"): "demande d'exercice de droits, sans le nom ni les mots",
    ("privacy_request", "words"): "demande d'exercice de droits, entière",
    ("session", "minutes"): "procès-verbal d'une séance",
    ("session", "results"): "votes et décisions d'une séance",
}
"""In words, by the concept of what is read and the part of it."""


def reading_in_words(concept: str, part: str) -> str:
    """What was read; of what this version does not know, its codes."""
    return READINGS.get((concept, part)) or f"{concept} ({part})"
