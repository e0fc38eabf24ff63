"""The rules by which a committee decides, in words."""

from domain.deliberation import TIES
from domain.procedure import Procedure


def procedure_in_words(rules: Procedure) -> list[tuple[str, str]]:
    """Each rule with what it is called, in the order of a session."""
    days = f"{rules.notice_days} jour{'s' * (rules.notice_days > 1)}"
    each = f"{rules.proxies_each} mandat{'s' * (rules.proxies_each > 1)}"
    return [
        ("Convocation", f"{days} avant la séance au moins" if rules.notice_days else "sans délai"),
        ("Quorum", f"{rules.quorum} % des sièges qui votent, présents ou représentés"),
        (
            "Seconde convocation",
            "du même ordre du jour, elle n'exige aucun quorum"
            if rules.second_notice
            else "elle exige le même quorum",
        ),
        ("Égalité des voix", TIES[rules.tie].fr),
        ("Mandats", f"{each} par membre, au plus" if rules.proxies_each else "aucun mandat"),
        ("À distance", "permis" if rules.remote else "non permis"),
        ("Vote écrit", "permis" if rules.written else "non permis"),
        (
            "Décompte des voix",
            "publié une fois les résultats annoncés" if rules.tallies else "non publié",
        ),
    ]
