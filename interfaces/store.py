"""The store of a registry: whether there is one, and making it."""

import json
import os
import secrets
from uuid import uuid4

from application.grid import PublishGrid
from application.history import (
    UnreadableFile,
)
from application.journey import PublishJourney
from application.sentences import of_system
from domain.grid import GRIDS, Grids
from domain.roles import Role
from domain.rulebook import RULEBOOK, Rulebook
from infrastructure import database
from infrastructure.bundle_check import OF_STAMPS as OF_STAMPS
from infrastructure.bundle_check import CheckedBundle as CheckedBundle
from infrastructure.bundle_check import check_bundle as check_bundle
from infrastructure.bundle_check import is_bundle as is_bundle
from infrastructure.bundle_check import note_of_bundle as note_of_bundle
from infrastructure.bundle_files import BundleFault as BundleFault
from infrastructure.check import Checked as Checked
from infrastructure.check import check_file as check_file
from infrastructure.database import NoStore as NoStore
from infrastructure.event_store.failure import STORE_ERRORS as STORE_ERRORS
from infrastructure.event_store.failure import StoreFailed as StoreFailed
from infrastructure.event_store.failure import explain as explain
from infrastructure.event_store.registry import StateUnreadable as StateUnreadable
from infrastructure.given_file import NotRead as NotRead
from infrastructure.given_file import content_of as content_of
from infrastructure.keys import KeyStore
from infrastructure.new_file import must_be_new as must_be_new
from infrastructure.new_file import new_file as new_file
from infrastructure.reference import (
    shipped_grids,
    shipped_journeys,
)
from infrastructure.settings import Settings
from infrastructure.trust import check_proof as check_proof
from interfaces.wiring import Product


def has_store(settings: Settings) -> bool:
    """Whether a registry was made where these settings point."""
    url = settings.url
    return not database.is_sqlite(url) or database.sqlite_path(url).exists()


def create(settings: Settings) -> bool:
    """Make what a registry lacks: schema, keys, operator, journeys; say whether it was empty."""
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        KeyStore.create(settings.key_store, settings.kek_file).close()
        if database.is_sqlite(settings.url):
            database.sqlite_path(settings.url).touch(mode=0o600)
        migrate(settings)
        if not settings.operator.exists():
            content = {"account": str(uuid4()), "token": secrets.token_urlsafe(24)}
            descriptor = os.open(settings.operator, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(content, file)
    except OSError as error:
        reason = f"Le répertoire {home} ne peut pas être préparé : {of_system(error)}."
        raise UnreadableFile(reason=reason) from None
    product = Product(settings)
    try:
        by = product.operator(Role.ADMINISTRATOR)
        published = product.registry.load(Rulebook, RULEBOOK)
        known = set(published.journeys) if published else set()
        for journey in shipped_journeys():
            if journey.ref not in known:
                product.do(PublishJourney(journey=journey), by)
        grids = product.registry.load(Grids, GRIDS)
        for grid in shipped_grids():
            if grids is None or grid.ref not in grids.grids:
                product.do(PublishGrid(grid=grid), by)
    finally:
        product.close()
    return published is None


def migrate(settings: Settings) -> None:
    """Bring the schema up to this version of the product."""
    engine = database.connect(settings.url)
    try:
        database.migrate(engine)
    except STORE_ERRORS as error:
        raise explain(error) from None
    finally:
        engine.dispose()
