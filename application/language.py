"""What languages are called in French, by their codes of two letters (ISO 639-1)."""

from collections.abc import Mapping

from application.world import Moment, World

LANGUAGES: Mapping[str, str] = {
    "fr": "français",
    "br": "breton",
    "co": "corse",
    "eu": "basque",
    "ca": "catalan",
    "oc": "occitan",
    "en": "anglais",
    "de": "allemand",
    "es": "espagnol",
    "it": "italien",
    "nl": "néerlandais",
    "pt": "portugais",
    "lb": "luxembourgeois",
    "ar": "arabe",
    "ty": "tahitien",
}
"""Those of France, of its neighbours, and of most who live there; of others the code is shown."""


def languages(world: World, moment: Moment) -> Mapping[str, str]:
    """The same, as a list asks for it; no registry calls them otherwise."""
    return LANGUAGES
