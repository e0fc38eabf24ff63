"""A moderator reads what waits, and does not let an advertisement appear."""

import pytest

from tests.journeys.people.conftest import Arrives

pytestmark = pytest.mark.long


def test_a_moderator_refuses_a_comment(arrives: Arrives) -> None:
    moderator = arrives("moderation")
    moderator.page.goto(f"{moderator.base}/moderation")
    moderator.reads("1 contribution attend", "À quand la matériauthèque ?")
    moderator.looks("moderation")

    moderator.follows("Ne pas retenir, en disant pourquoi")
    moderator.writes("Pourquoi elle n'est pas retenue", "La question est posée au pôle lui-même.")
    moderator.records()

    moderator.reads("Rien n'attend d'être lu")
    reader = arrives()
    reader.follows("Registre", exact=True)
    reader.follows("Pôle fictif des Trois Rivières")
    reader.reads("La cantine de pays a changé nos midis.")
    reader.does_not_read("À quand la matériauthèque ?")
