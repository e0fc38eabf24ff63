"""The groups of verbs, one a concept: `jalon recognition …`."""

import typer

GROUPS = {
    "pole": "Les pôles.",
    "claim": "Les déclarations sourcées.",
    "recognition": "Les reconnaissances : des faits datés, jamais un agrément.",
    "charter_signature": "Les signatures de la charte.",
    "mandate": "Les mandats : qui agit pour qui, et jusqu'à quand.",
}
"""What each concept is, in a few words: the help of its group."""


def group_of(app: typer.Typer, concept: str) -> typer.Typer:
    """The group of a concept, made where it is not there yet."""
    name = concept.replace("_", "-")
    for known in app.registered_groups:
        if known.name == name and known.typer_instance:
            return known.typer_instance
    made = typer.Typer(help=GROUPS[concept], no_args_is_help=True)
    app.add_typer(made, name=name)
    return made
