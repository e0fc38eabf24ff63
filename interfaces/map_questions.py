"""What is asked of the map: where the poles act, all of them or some."""

from collections import Counter
from collections.abc import Iterable

from application.pole_map import PoleMap, pole_map
from application.register import PoleLine
from application.world import Moment
from infrastructure.places import departments
from interfaces.looking import Looking


class MapQuestions(Looking):
    """The poles by where they act, at a moment."""

    def pole_map(self, moment: Moment) -> PoleMap:
        """All poles of a moment; they are counted where they are kept, and not read."""
        return self.at_once("pole_map", moment, self._by_place)

    def _by_place(self, moment: Moment) -> PoleMap:
        told = self.register.places(moment)
        return pole_map({(region, name): number for region, name, number in told}, departments())

    @staticmethod
    def map_of(poles: Iterable[PoleLine]) -> PoleMap:
        """Some poles that were chosen."""
        return pole_map(Counter((line.region, line.department) for line in poles), departments())
