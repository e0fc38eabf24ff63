"""How often it is tried to get in: by address and by client, whether there is such an account."""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from domain.errors import Unavailable
from infrastructure.database import writing
from infrastructure.sign_in.tables import ATTEMPT, Clock, micros

WINDOW = timedelta(minutes=15)
OF_AN_ADDRESS, OF_A_CLIENT = 8, 40
"""Attempts in that time that are still answered (product rule; the CNIL recommends at most ten
before a delay, délibération n° 2022-100). An office may share one address of the network."""


class TooManyAttempts(Unavailable):
    """It was tried too often; that says nothing of whether there is such an account."""

    code = "sign_in.too_many"
    fr = "Trop d'essais : recommencez dans un quart d'heure."
    en = "Too many attempts: try again in a quarter of an hour."


class Attempts:
    """Counts attempts before they are judged, so that many at once are no way round."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def count(self, most: Mapping[str, int]) -> None:
        """Note an attempt under each mark; refused where one was made too often."""
        now = self._clock()
        with writing(self._engine) as tx:
            tx.execute(sa.delete(ATTEMPT).where(ATTEMPT.c.at <= micros(now - WINDOW)))
            tx.execute(sa.insert(ATTEMPT), [{"mark": mark, "at": micros(now)} for mark in most])
            tried = {
                mark: tx.scalar(
                    sa.select(sa.func.count()).select_from(ATTEMPT).where(ATTEMPT.c.mark == mark)
                )
                for mark in most
            }
        if any((tried[mark] or 0) > number for mark, number in most.items()):
            raise TooManyAttempts

    def forgive(self, mark: str) -> None:
        """Forget the attempts under a mark: whoever made them is who they say."""
        with writing(self._engine) as tx:
            tx.execute(sa.delete(ATTEMPT).where(ATTEMPT.c.mark == mark))
