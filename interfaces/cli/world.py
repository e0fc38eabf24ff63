"""What a verb works with: the registry it was pointed at, opened when it is first needed."""

from functools import cached_property

import typer

from application.command import By
from domain.kernel import Role
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

    def by(self, role: Role = Role.REGISTRAR) -> By:
        return self.product.operator(role)

    def close(self) -> None:
        if "product" in vars(self):
            self.product.close()


def world(context: typer.Context) -> World:
    """The world of a verb's context."""
    found = context.obj
    if not isinstance(found, World):
        raise TypeError(found)
    return found
