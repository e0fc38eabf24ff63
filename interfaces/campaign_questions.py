"""What is asked of the campaign of a year: how far it has come, and who has not answered."""

from application.campaign_progress import CampaignProgress, UnansweredLine, campaign_progress
from application.world import Moment
from domain.territory import parts
from infrastructure.read_models.campaign import CampaignLists
from interfaces.looking import Looking


class CampaignQuestions(Looking):
    """Campaigns, each at a moment."""

    def campaign(self, year: int, moment: Moment) -> CampaignProgress:
        """How far it has come; refused where nobody had opened it."""
        counts = CampaignLists(self._engine).counts(year, moment)
        return campaign_progress(self.registry, year, counts, moment)

    def unanswered(
        self, year: int, moment: Moment, *, region: str = "", limit: int, offset: int
    ) -> list[UnansweredLine]:
        """Some of the poles that have not answered, those reminded least first."""
        lists = CampaignLists(self._engine)
        written = {count.region for count in lists.counts(year, moment) if count.region}
        places = {text for text in written if region in parts(text)}
        if region and not places:
            return []
        return lists.unanswered(year, moment, places=places, limit=limit, offset=offset)
