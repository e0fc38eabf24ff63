"""Writes the store of the present version: `python -m tests.stores.make 0003`, its number.

One that landed is never written again.
"""

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from application.charter_signature import SignCharter
from application.claim import RecordClaim
from application.contribution import SendContribution
from application.journey import DeprecateJourney, PublishJourney
from application.mandate import GiveMandate, RevokeMandate
from application.migration import MigrateCases, RevertCases
from application.pole import DescribeActivity, FollowJourney, RenamePole
from application.retraction import RetractFact
from application.vote import DeclareRecusal, WithdrawVote
from domain.charter import Capacity, Variant
from domain.dates import PartialDate, paris_day
from domain.erasure import ErasureGround
from domain.message import MessageKind
from domain.pole import PoleId
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.values import Personal
from infrastructure.event_store.registry import Registry
from interfaces.history_files import reference_file
from interfaces.store import create
from interfaces.wiring import Product, Settings
from tests import awaiting, make
from tests.application import voting
from tests.application.test_shaken_season import SEASON, play
from tests.interfaces.people import opened
from tests.make import ORIGIN

STORES = Path(__file__).parent
POLES = 3
SIGNATORY = "Jeanne Exemple"
FORGOTTEN = "Paul Oublié"
ADDRESS = "claude.exemple@exemple.fr"


def write(home: Path) -> dict[str, object]:
    """Write a small registry in a folder; give what must be found in it for ever."""
    settings = Settings(home=home, database="", origin=ORIGIN)
    create(settings)
    with closing(Product(settings)) as product:
        by = product.operator()
        rows = reference_file("poles.csv").splitlines(keepends=True)[: POLES + 1]
        product.import_poles(b"".join(rows), by, apply=True)
        lines = product.register.lines(product.moment())
        signed = product.do(
            SignCharter(
                pole=PoleId(lines[0].id),
                charter=PartialDate("2014-09-19"),
                variant=Variant.EXISTING_POLE,
                capacity=Capacity.PRESIDENT,
                place="Nantes",
                signatory=Personal(text=SIGNATORY),
                occurred_on=PartialDate("2015-02"),
            ),
            by,
        )
        product.do(
            RecordClaim(
                statement="Plus de cinquante pôles existent.",
                author="Une revue",
                occurred_on=PartialDate("2016"),
                source="Une revue, numéro 7",
            ),
            by,
            key="une-cle",
        )
        product.demonstrate()  # before rules come that its poles would have followed
        play(product, SEASON, paris_day(product.clock()))
        _vote(product.registry)
        _await(product.registry)
        _change_rules(product.registry, PoleId(lines[1].id), PoleId(lines[2].id))
        _correct(product, PoleId(lines[1].id))
        forgotten = _forget(product, PoleId(lines[1].id))
        _let_in(product)
        product.close_snapshot(by)
        product.log.sign()
        lines = product.register.lines(product.moment())
        verified = product.verify()
        known: dict[str, object] = {
            "size": verified.size,
            "root": verified.root.hex(),
            "poles": [line.code for line in lines],
            "stages": [line.stage for line in lines],
            "signature": str(signed.answer),
            "signatory": SIGNATORY,
            "forgotten": str(forgotten),
            "address": ADDRESS,
            "claims": [line.statement for line in product.claims.lines(product.moment())],
        }
    with closing(sqlite3.connect(home / "registry.db")) as db:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("VACUUM")
    return known


def _await(registry: Registry) -> None:
    """A pole whose deadlines have passed, and which lapsed of itself."""
    awaiting.publish(registry)
    awaiting.tick(registry, awaiting.begin(registry, "Pôle en attente", "2024-01-02"))


def _vote(registry: Registry) -> None:
    """A pole about which a committee voted, a member recused, another through a mandate."""
    voting.publish(registry, voting.journey())
    pole = voting.register(registry, "2023-01-01")
    mandate = registry.do(
        GiveMandate(
            holder=AccountId(UUID(int=3)),
            principal="organisation:Réseau exemple",
            for_role=voting.MEMBER,
            relation=f"pole:{pole}",
        ),
        voting.person(50),
    ).answer
    vote = voting.open_vote(registry, pole, amount=1000)
    voting.cast(registry, pole, vote, voting.person(1))
    voting.cast(registry, pole, vote, voting.person(3, mandate=mandate))
    motive = Personal(text=SIGNATORY)
    registry.do(DeclareRecusal(pole=pole, vote=vote, motive=motive), voting.person(2))
    voting.choose(registry, pole, amount=1000)
    registry.do(RevokeMandate(mandate_id=MandateId(mandate)), voting.person(50))
    other = voting.register(registry, "2023-01-01")
    called_off = voting.open_vote(registry, other)
    registry.do(WithdrawVote(pole=other, vote=called_off), voting.person(99, voting.SECRETARY))


def _change_rules(registry: Registry, pole: PoleId, other: PoleId) -> None:
    """A version deprecated, a migration and the way back, a journey beside the main one."""
    administrator = make.by(Role.ADMINISTRATOR)
    registry.do(
        DeprecateJourney(journey="pole@2011-09", motive="remplacée", successor="pole@2014-09-19"),
        administrator,
    )
    new = make.journey().journey.model_copy(update={"version": "2025-01-01"})
    registry.do(PublishJourney(journey=new), administrator)
    registry.do(MigrateCases(to=new.ref, cases=(pole, other)), make.by())
    registry.do(RevertCases(journey=new.ref, cases=(pole,)), make.by())
    beside = voting.journey(version="2025-02").model_copy(update={"id": "choice"})
    registry.do(PublishJourney(journey=beside), administrator)
    registry.do(FollowJourney(pole=pole, journey="choice"), make.by())


def _correct(product: Product, pole: PoleId) -> None:
    """A name told again in its place, and a description taken back."""
    by, since = product.operator(), PartialDate("2016")
    described = DescribeActivity(pole=pole, words="énergie", occurred_on=since)
    (activity,) = product.do(described, by).events
    (named,) = product.do(RenamePole(pole=pole, name="Nom mal lu", occurred_on=since), by).events
    again = RenamePole(
        pole=pole, name="Nom relu", corrects=named.meta.event_id, reason="Une faute de lecture."
    )
    product.do(again, by)
    product.do(RetractFact(event=activity.meta.event_id, reason="Ce n'est pas ce pôle."), by)


def _forget(product: Product, pole: PoleId) -> UUID:
    """Somebody who sent a contribution and is forgotten; gives the contribution."""
    sent = SendContribution(
        pole=pole, author=Personal(text=FORGOTTEN), text=Personal(text="Un mot à lire.")
    )
    contribution = product.do(sent, product.operator(Role.PUBLIC)).answer
    by = product.operator(Role.DPO)
    product.forget(FORGOTTEN, by, right=ErasureGround.CONSENT_WITHDRAWN)
    return contribution


def _let_in(product: Product) -> None:
    """Somebody with an account, who coordinates, and to whom an invitation was sent."""
    account = opened(product, ADDRESS, Role.COORDINATOR)
    product.post.write(account, MessageKind.INVITATION, link="https://exemple.fr/invitation/x")


def revision(home: Path) -> str:
    """The revision of the schema that a registry has."""
    with closing(sqlite3.connect(home / "registry.db")) as db:
        found: str = db.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return found


def main() -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        known = write(home)
        target = STORES / sys.argv[1]
        shutil.copytree(home, target)
    text = json.dumps(known, ensure_ascii=False, indent=2)
    (target / "known.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
