"""Every event about snapshots."""

from collections.abc import Iterator

from domain.dates import PartialDate
from domain.kernel import Aggregate
from domain.snapshot import SNAPSHOTS, ListDigest, Snapshots


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """An aggregate that closed what one list said."""
    del on
    said = ListDigest(columns=("code", "name"), rows=2, digest="0" * 64)
    snapshots = Snapshots(SNAPSHOTS)
    snapshots.close(size=1500, fold_version="1", digests={"register": said})
    yield snapshots
