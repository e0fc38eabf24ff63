"""What is left of an envelope, as it is told, follows an award that is withdrawn."""

from pathlib import Path

from application.announcement import WithdrawAward
from application.wave_results import wave_results
from domain.award import WithdrawalGround
from tests import make
from tests.application.dossiers import SECRETARY, SELECT, WAVE, season


def test_an_award_that_is_withdrawn_gives_its_amount_back(tmp_path: Path) -> None:
    with season(tmp_path, envelope="100000") as here:
        (dossier,) = here.deliberated(1)
        here.session({dossier: SELECT})
        here.announce()
        before = here.desk.moment("2024-07-22")
        here.notify(dossier, "2024-07-22")
        here.at("2024-09-02T10:00")
        withdrawn = WithdrawAward(
            dossier=dossier,
            award_ground=WithdrawalGround.UNLAWFUL,
            reasons="Motif fictif.",
            heard_on=make.day("2024-08-20"),
        )
        here.do(withdrawn, SECRETARY, "2024-09-01")
        world = here.desk.registry

        then = wave_results(world, here.call, WAVE, before, is_public=True)
        since = wave_results(world, here.call, WAVE, here.desk.moment("2024-09-02"), is_public=True)

        assert (then.granted_cents, then.left_cents) == (10_000_00, 90_000_00)
        assert (since.granted_cents, since.left_cents) == (0, 100_000_00)
        assert [line.undone for line in then.decisions] == [False]
        assert [line.undone for line in since.decisions] == [True]
        assert since.ranking == ()
