"""What each kind of case is called where a sentence speaks of the one at hand.

A dossier is one filed to a call, and nothing else: of any other kind of case the sentence names
the kind, and says « cas » of one that has no name here.
"""

from collections.abc import Mapping

from domain.words import Text

THIS: Mapping[str, Text] = {
    "pole": Text(fr="ce pôle", en="this pole"),
    "evaluation": Text(fr="cette évaluation", en="this evaluation"),
    "call": Text(fr="cet appel", en="this call"),
    "dossier": Text(fr="ce dossier", en="this dossier"),
    "appeal": Text(fr="ce recours", en="this appeal"),
    "commitment": Text(fr="cet engagement financier", en="this commitment"),
    "privacy_request": Text(fr="cette demande", en="this request"),
    "follow_up": Text(fr="ce comité de suivi", en="this follow-up committee"),
}
"""By concept, as in the middle of a sentence. No word there may agree with it: genders differ."""

THIS_CASE = Text(fr="ce cas", en="this case")


def this(topic: str) -> Text:
    """What the case is called to which something of a topic happened: `dossier.moved.v1`."""
    return THIS.get(topic.partition(".")[0], THIS_CASE)
