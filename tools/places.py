"""Make the codes of places that ship with the product, from the unpacked packages of each year.

    python -m tools.places 2021=FOLDER 2022=FOLDER …

Years follow one another from 2021 on. It writes `domain/reference/places/places.csv.gz`, the same
bytes from the same packages, and prints what goes into the table of the README beside it.
"""

import sys
from pathlib import Path

from domain.place import FIRST_YEAR, Gazetteer
from domain.place_year import change_to, with_year
from infrastructure.place_package import read_package
from infrastructure.places import SHIPPED, write


def main(arguments: list[str]) -> None:
    known = Gazetteer((), years=range(FIRST_YEAR, FIRST_YEAR))
    for year, folder in sorted(argument.split("=", 1) for argument in arguments):
        package = read_package(Path(folder), int(year))
        if len(known.years) == 0:
            known = Gazetteer(package.entries, years=range(FIRST_YEAR, FIRST_YEAR + 1))
            told = len(package.entries)
        else:
            change = change_to(known, package.year, package.entries)
            known, told = with_year(known, change), len(change.changed) + len(change.ended)
        print(f"## {year}: {package.name}, {len(package.entries)} codes, {told} told")
        for name, digest in package.files.items():
            print(f"| {year} | `{name}` | `{digest}` |")
    SHIPPED.parent.mkdir(parents=True, exist_ok=True)
    SHIPPED.write_bytes(write(known))
    print(f"{len(known.entries)} lines, {SHIPPED.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
