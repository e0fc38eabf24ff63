"""What a verb works with: the registry it was pointed at, opened when it is first needed."""

from functools import cached_property
from uuid import UUID

import typer

from application.command import By
from application.sentences import Malformed
from domain.provenance import MandateId
from domain.roles import Role
from interfaces.wiring import Product, Settings


class World:
    """The registry of one invocation."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def product(self) -> Product:
        """The registry, with its lists up to date."""
        product = Product(self.settings)
        product.follower.catch_up()
        return product

    def by(self, role: Role = Role.REGISTRAR, mandate: str | None = None) -> By:
        """Who acts, in a role, and under which mandate if under one."""
        try:
            under = MandateId(UUID(mandate)) if mandate is not None else None
        except ValueError:
            raise Malformed(
                fr="« --mandate » n'est pas un identifiant.", en="“--mandate” is not an identity."
            ) from None
        return self.product.operator(role, under)

    def close(self) -> None:
        if "product" in vars(self):
            self.product.close()


def world(context: typer.Context) -> World:
    """The world of a verb's context."""
    found = context.obj
    if not isinstance(found, World):
        raise TypeError(found)
    return found
