"""A home in which a committee has decided of a few dossiers; all of it fictitious."""

from contextlib import closing
from pathlib import Path

from application.appeal import LodgeAppeal
from domain.appeal import AppealKind
from domain.call_terms import CallKind
from interfaces.wiring import Product, Settings
from tests import make
from tests.application.desk import Desk
from tests.application.dossiers import POLE, REJECT, RESERVE, SELECT, opened

CALL, SESSION = "essai-2024", "essai-2024-seance-1"
KEPT, LEFT = f"{CALL}-001", f"{CALL}-002"
"""A dossier that is selected, one that is not."""
APPEAL = f"{LEFT}-recours-1"
MOTIVE = "Motif-Que-Personne-Ne-Lit"
EVE = "2024-07-21"
"""The day before the announcement."""


def decided(home: Path, *, announced: bool) -> Path:
    """A call whose committee has decided of three dossiers; announced the same day, or not.

    They are on the agenda in the opposite order of their numbers.
    """
    settings, clock = Settings(home=home, database=""), make.Clock()
    make.begin(settings)
    with closing(Product(settings, clock)) as product:
        desk = Desk(product.registry, product.follower, product.lists, clock, settings.url)
        season = opened(desk, CALL)
        one, two, three = season.deliberated(3)
        season.session({three: REJECT, two: RESERVE, one: SELECT}, motive=MOTIVE)
        if announced:
            season.announce()
        product.follower.catch_up()
    return home


def examined(home: Path, *, announced: bool) -> Path:
    """A call of the decree: two dossiers with their opinions, of which a committee has decided.

    Announced the same day, with an appeal by whom was left; or not.
    """
    settings, clock = Settings(home=home, database=""), make.Clock()
    make.begin(settings)
    with closing(Product(settings, clock)) as product:
        desk = Desk(product.registry, product.follower, product.lists, clock, settings.url)
        season = opened(desk, CALL, kind=CallKind.DECREE)
        one, two = season.deliberated(2)
        season.session({one: SELECT, two: REJECT}, motive=MOTIVE)
        if announced:
            season.announce()
            season.at("2024-08-20T10:00")
            season.notify(two, "2024-07-24", "2024-07-26")
            lodged = LodgeAppeal(
                dossier=two, appeal_kind=AppealKind.GRACIOUS, grounds="Ce-Qui-Est-Scellé"
            )
            season.do(lodged, POLE)
        product.follower.catch_up()
    return home
