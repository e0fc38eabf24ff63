"""Every event about the logs under which a registry is signed."""

from collections.abc import Iterator

from domain.dates import PartialDate
from domain.kernel import Aggregate
from domain.log import LOGS, Continuity, SignedLogs
from domain.note import KeyKind, VerifierKey

OLD, NEW = "registre.exemple/journal", "registre.exemple/journal-2"

NOTE = (
    f"{OLD}\n120\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— registre.exemple/journal Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2"
    "q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
"""A note as logs sign them; its signature is that of an example of the specification."""


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """An aggregate of which every key changed, one was declared compromised, a log followed."""
    del on
    keys = [str(VerifierKey(OLD, KeyKind.ED25519, bytes([n]) * 32)) for n in range(2)]
    logs = SignedLogs(LOGS)
    logs.change_keys(OLD, retired=(keys[0],), added=(keys[1],))
    logs.distrust(OLD, key=keys[0])
    logs.open(NEW, note=NOTE, found=Continuity.ROLLED_BACK)
    yield logs
