"""Who publishes and hosts a registry, as its legal notice says."""

from domain.values import Frozen

TO_SAY = "à renseigner par qui exploite ce registre"
"""What is said where whoever runs the registry has not."""


class LegalNotice(Frozen):
    """Law no. 2004-575 of 21 June 2004 (confidence in the digital economy), article 1-1."""

    publisher: str = TO_SAY
    director: str = TO_SAY
    host: str = TO_SAY
    contact: str = TO_SAY


def legal_notice(**said: str) -> LegalNotice:
    """What was said of each; of what was not, who is to say it."""
    return LegalNotice(**{name: words.strip() for name, words in said.items() if words.strip()})
