"""A committee decides a call in session; one of its members has an interest, and stands aside."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from application.committee import FillSeat, VacateSeat
from domain.roles import Role
from interfaces.wiring import Product, Settings
from tests import make
from tests.application import committees
from tests.application.desk import Desk
from tests.application.dossiers import opened as season_opened
from tests.interfaces.people import PASSWORD, opened
from tests.journeys.people.conftest import Arrives, Somebody

pytestmark = pytest.mark.long

CALL, SECRETARY = "essai-2024", "secretariat@exemple.fr"
SEATS = {seat: f"{seat}@exemple.fr" for seat in committees.NAMES}


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A call with a dossier before its committee, convened for this very afternoon."""
    settings, clock = Settings(home=tmp_path / "home", database=""), make.Clock()
    make.begin(settings)
    with closing(Product(settings, clock)) as made:
        desk = Desk(made.registry, made.follower, made.lists, clock, settings.url)
        season = season_opened(desk, CALL)
        committee = season.loaded_call().committee
        assert committee
        for seat, address in SEATS.items():
            account = opened(made, address, Role.COMMITTEE_MEMBER)
            season.do(VacateSeat(committee=committee, seat=seat))
            season.do(FillSeat(committee=committee, seat=seat, account=account))
        opened(made, SECRETARY, Role.SECRETARY)
        dossiers = season.deliberated(1)
        committees.convene(
            made.registry, season.call, dossiers, on="2024-07-01", held_at="2024-07-15T14:00"
        )
        season.at("2024-07-15T14:05")
        made.follower.catch_up()
        yield made


def to_session(somebody: Somebody) -> Somebody:
    somebody.follows("Listes")
    somebody.follows("Séances des comités")
    somebody.follows("15 juillet 2024")
    return somebody


def test_a_committee_with_a_recusal_decides_a_call(arrives: Arrives) -> None:
    secretary = to_session(arrives(SECRETARY, PASSWORD))
    secretary.looks()
    secretary.follows("Ouvrir une séance")
    secretary.records()
    secretary.follows("Noter qui est présent")
    for number, seat in enumerate(SEATS, 1):
        if number > 1:
            secretary.presses("Ajouter une ligne : Sièges présents")
        secretary.writes(f"Présent {number}", seat)
    secretary.records()

    aside = to_session(arrives(SEATS["two"], PASSWORD))
    aside.follows("Déclarer un intérêt")
    aside.takes_the_first("Le dossier")
    aside.writes("Quel intérêt", "Administratrice de l'association qui porte le projet.")
    aside.records()
    aside.reads("Membre déporté")

    secretary.follows("Soumettre au vote")
    secretary.takes_the_first("Le dossier")
    secretary.chooses("Ce qui est proposé", "Retenir")
    secretary.writes("Montant proposé", "10000")
    secretary.writes("Motif de la décision proposée", "Projet solide, ancré dans son territoire.")
    secretary.records()
    chair = to_session(arrives(SEATS["chair"], PASSWORD))
    for somebody, voice in (
        (chair, "Pour"),
        (to_session(arrives(SEATS["three"], PASSWORD)), "Pour"),
        (to_session(arrives(SEATS["four"], PASSWORD)), "Abstention"),
    ):
        somebody.follows("Voter sur un dossier")
        somebody.takes_the_first("Le dossier")
        somebody.chooses("Le sens de la voix", voice)
        somebody.records()
    secretary.follows("Constater le quorum et le résultat")
    secretary.takes_the_first("Le dossier")
    secretary.records()
    secretary.follows("Clore une séance")
    secretary.records()
    secretary.follows("Dresser le procès-verbal")
    secretary.records()
    chair.page.reload()
    chair.follows("Approuver le procès-verbal")
    chair.records()
    chair.reads("S'est déporté le 15 juillet 2024 : Ministère fictif du logement")
    chair.reads("2 pour, 0 contre, 1 abstention. Quorum : 3 sur 3 prennent part")
    chair.reads("Retenu.", "Approuvé le 15 juillet 2024")
    chair.looks()
    chair.page.get_by_role("heading", name="Votes").scroll_into_view_if_needed()
    chair.looks("seance-approuvee")
    chair.reads("Projet solide, ancré dans son territoire.")
    reader = to_session(arrives())
    reader.does_not_read("Projet solide, ancré dans son territoire.", "S'est déporté")
