"""Territories by codes: checked in their year, listed at any date, and what ended proposed anew."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.command import Command
from application.history_in_words import pole_history
from application.place import PLACE_LIST, Checking, PlaceListed, YearTooOld, checking, search
from application.place_ended import EndedPlace, ended
from application.place_year import LoadPlaces
from application.pole import LocatePole, NothingLocated, RegisterPole
from application.register import pole_sheet
from application.territory import (
    CodeWanted,
    ContradictsCodes,
    MalformedCode,
    NameWanted,
    OtherName,
    PlaceEnded,
    PlaceNotYet,
    UnknownPlace,
    YearNotLoaded,
    locate,
)
from application.territory_in_words import places_in_words, territory_in_words
from application.world import Moment
from domain.dates import PartialDate
from domain.errors import Refused
from domain.mandate import Related
from domain.place import Gazetteer
from domain.place_year import change_to
from domain.pole import Pole, PoleId
from domain.roles import Role
from domain.territory import Place, PlaceKind, Territory, parts
from infrastructure.event_store.registry import Registry
from infrastructure.places import shipped
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.lists import Lists
from infrastructure.read_models.models import MODELS, TABLES
from infrastructure.read_models.register import RegisterLists
from tests import make
from tests.examples import settings
from tests.places import commune, gazetteer, grouping, part

RENNES, REDON, REDON_AGGLO = "commune:35238", "commune:35236", "epci:243500741"
KNOWN = gazetteer(
    commune("35001", "Une", epci="200000001"),
    commune("35002", "Deux", last=2021),
    part("35002", "Deux", "35001", first=2022),
    commune("35003", "Trois", first=2022),
    commune("44001", "Quatre", department="44", region="52", epci="200000001"),
    grouping("200000001", "CC Deux rives"),
)


def told(*places: str, year: int = 2023, **words: Any) -> Territory:
    """A territory located in the small country."""
    given = [Place.model_validate(place) for place in places]
    return locate(KNOWN, Territory(**words), given, None, year=year)


# --- checking -----------------------------------------------------------------------------------


def test_a_code_is_read_in_the_year_of_the_fact_and_takes_its_name_from_it() -> None:
    found = told("commune:35001", "commune:35002@2021")

    assert found.places == (
        Place(kind=PlaceKind.COMMUNE, code="35001", year=2023, name="Une"),
        Place(kind=PlaceKind.COMMUNE, code="35002", year=2021, name="Deux"),
    )
    assert told("commune:35001", year=2040).places[0].year == 2023, "the last one known"


def test_department_and_region_follow_from_codes() -> None:
    found = told("epci:200000001", words="Deux rives")

    assert found.department == "Ille-et-Vilaine / Loire-Atlantique"
    assert found.regions == ("Bretagne", "Pays de la Loire")
    assert found.words == "Deux rives"


def test_words_that_agree_with_codes_stand_and_are_spelt_as_in_the_data() -> None:
    assert told("epci:200000001", region="pays de la loire").region == "Pays de la Loire"
    assert told("commune:35001", department="Ille et Vilaine").department == "Ille-et-Vilaine"


@pytest.mark.parametrize(
    "words", [{"region": "Occitanie"}, {"department": "Gers"}, {"region": "Bretagne / Corse"}]
)
def test_words_that_contradict_codes_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(ContradictsCodes, match="se contredisent"):
        told("epci:200000001", **words)


def test_words_stand_where_codes_do_not_tell_all() -> None:
    found = told("commune:35001", "commune:31001@2015", region="Bretagne / Midi-Pyrénées")

    assert found.regions == ("Bretagne", "Midi-Pyrénées")
    assert told("region:53", "commune:35001", department="Finistère").department == "Finistère"


@pytest.mark.parametrize(
    ("place", "refusal", "said"),
    [
        ("commune:35004", UnknownPlace, "35004 : ce code n'existe pas en 2023"),
        ("commune:35010", UnknownPlace, "Les plus proches : 35001 Une"),
        ("commune:une", CodeWanted, "35001 Une"),
        ("epci:200000010@2022", UnknownPlace, "en 2022. Les plus proches : 200000001"),
        ("region:99", UnknownPlace, "Région 99"),
        ("commune:35002", PlaceEnded, "jusqu'en 2021). Lui succède : 35001 Une."),
        ("commune:35003@2021", PlaceNotYet, "que depuis 2022 (Trois)"),
        ("commune:35001@2024", YearNotLoaded, "jalon place load 2024"),
        ("commune:35001@2023:Trois", OtherName, "désigne Une en 2023, et non « Trois »"),
        ("commune:352@2010", MalformedCode, "commune:35236"),
        ("department:ABC@2010", MalformedCode, "Département"),
        ("living_area:35001", NameWanted, "living_area:35236:Redon"),
    ],
)
def test_a_code_that_cannot_stand_is_refused_with_what_may(
    place: str, refusal: type[Refused], said: str
) -> None:
    with pytest.raises(refusal) as refused:
        told(place)

    assert said in str(refused.value)
    assert refused.value.say("en") != str(refused.value)


def test_a_part_whose_commune_ended_before_the_data_is_refused_with_its_successor() -> None:
    known = gazetteer(commune("35001", "Une"), part("35009", "Neuf", "35001"))

    with pytest.raises(PlaceEnded, match=r"Neuf, terminée avant 2021\). Lui succède : 35001 Une"):
        locate(known, Territory(), [Place.model_validate("commune:35009")], None, year=2022)


def test_a_code_of_before_the_data_is_taken_with_a_warning_that_stays() -> None:
    found = told("commune:35009@2012:Neuf", "commune:35001@2012", "commune:35777", year=2020)

    assert [place.checked for place in found.places] == [False, False, False]
    assert [place.name for place in found.places] == ["Neuf", "Une", None]
    assert places_in_words(found) == [
        "2 communes : Neuf, Une – code non vérifié (avant 2021)",
        "1 commune : 35777 – code non vérifié (avant 2021)",
    ]
    assert found.region is None, "nothing follows from a code that nobody checked"


def test_living_areas_and_named_areas_are_taken_as_they_are_given() -> None:
    found = told(
        "living_area:35236@2022:Redon", "named_area:Rives: la gauche", "living_area:Vannes"
    )

    assert [checking(place) for place in found.places] == [
        Checking.NO_REFERENCE,
        Checking.NO_CODE,
        Checking.NO_CODE,
    ]
    assert "pas de données de référence" in territory_in_words(found)
    assert found.places[1].name == "Rives: la gauche"


def test_a_place_given_twice_is_one_place() -> None:
    found = told("commune:35001", "commune:35001@2021", "commune: 35 001 ")

    assert [place.year for place in found.places] == [2023]


@pytest.mark.parametrize("text", ["", "35236", "commune", "commune:", ":35236", "commune:@2024"])
def test_what_designates_no_place_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="commune:35236"):
        Place.model_validate(text)


@given(
    st.builds(
        Place,
        kind=st.sampled_from([PlaceKind.COMMUNE, PlaceKind.EPCI, PlaceKind.DEPARTMENT]),
        code=st.from_regex(r"[0-9][0-9A-B]{1,8}", fullmatch=True),
        year=st.none() | st.integers(1943, 2999),
    )
)
def test_a_label_designates_its_place(place: Place) -> None:
    assert Place.model_validate(place.label) == place


def test_names_that_stand_in_one_text_are_told_apart() -> None:
    assert parts("Bretagne / Pays de la Loire, Corse") == ("Bretagne", "Pays de la Loire", "Corse")
    assert parts("Val-d'Oise") == ("Val-d'Oise",)
    assert parts(None) == ()


# --- a pole -------------------------------------------------------------------------------------


@dataclass
class Desk:
    """A registry whose lists are kept up."""

    registry: Registry
    clock: make.Clock
    follower: Follower
    lists: Lists
    register: RegisterLists

    def do(self, command: Command, role: Role = Role.REGISTRAR) -> Any:
        done = self.registry.do(command, make.by(role))
        self.follower.catch_up()
        return done.answer

    def pole(self, name: str = "Pôle d'essai", on: str = "2021-03-01") -> PoleId:
        return PoleId(self.do(RegisterPole(name=name, occurred_on=PartialDate(on))))

    def locate(self, pole: PoleId, *places: str, on: str = "2022-05-01", **more: Any) -> None:
        given = {"pole": pole, "places": places, "occurred_on": on, **more}
        self.do(LocatePole.model_validate(given))

    def moment(self, day: date = make.TODAY, known: int | None = None) -> Moment:
        size = self.registry.journal.size() if known is None else known
        return Moment(known=size, in_force=day)

    def listed(self, moment: Moment | None = None, **equal: Any) -> list[PlaceListed]:
        return self.lists.lines(PLACE_LIST, moment or self.moment(), **equal)

    def ended(self, year: int | None = None, known: Gazetteer | None = None) -> list[EndedPlace]:
        moment = self.moment()
        return ended(self.registry, self.listed(), moment, year=year, known=known)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    url, clock = make.migrated(f"sqlite:///{tmp_path / 'registry.db'}"), make.Clock()
    with (
        make.registry(tmp_path, url=url, clock=clock) as registry,
        make.closing_engine(url) as engine,
    ):
        follower = Follower(engine, registry.journal, MODELS)
        yield Desk(
            registry,
            clock,
            follower,
            Lists(engine, TABLES),
            RegisterLists(engine, {}, registry.journal),
        )


def test_a_pole_is_found_in_each_of_its_regions(desk: Desk) -> None:
    pole = desk.pole()
    desk.locate(pole, REDON_AGGLO)

    for region in ("Bretagne", "Pays de la Loire"):
        assert [line.id for line in desk.register.lines(desk.moment(), region=region)] == [pole]
    assert [line.id for line in desk.register.lines(desk.moment(), region="BRETAGNE")] == [pole]
    for region in ("Bret", "Corse", "%"):
        assert desk.register.lines(desk.moment(), region=region) == []
    assert desk.register.regions(desk.moment()) == [
        "Bretagne",
        "Bretagne / Pays de la Loire",
        "Pays de la Loire",
    ]
    loaded = desk.registry.load(Pole, pole)
    assert isinstance(loaded, Related)
    about = loaded.relations_on(make.TODAY)
    assert {"region:Bretagne", "region:Pays de la Loire"} <= about


def test_a_pole_is_found_by_the_codes_and_the_names_of_its_places(desk: Desk) -> None:
    pole = desk.pole()
    before = desk.moment()
    desk.locate(pole, RENNES)

    for words in ("Rennes", "RENNES", "35238"):
        assert [line.id for line in desk.register.lines(desk.moment(), search=words)] == [pole]
        assert desk.register.lines(before, search=words) == []
    assert desk.register.lines(desk.moment(), search="Vannes") == []


def test_a_territory_with_codes_is_delimited_and_told_in_words(desk: Desk) -> None:
    pole = desk.pole()
    desk.locate(pole, REDON, RENNES, REDON_AGGLO, cross_border="rive d'en face")

    sheet = pole_sheet(desk.registry, pole, desk.moment())
    assert sheet.places == (
        "2 communes : Redon, Rennes – codes de 2022",
        "1 intercommunalité : CA Redon Agglomération – code de 2022",
    )
    assert sheet.territory.cross_border == "rive d'en face"
    line = pole_history(desk.registry, pole, desk.moment())[-1]
    assert line.title == "Territoire"
    assert "2 communes : Redon, Rennes" in line.detail
    assert "au-delà de la frontière : rive d'en face" in line.detail


def test_words_alone_are_stored_as_they_always_were(desk: Desk) -> None:
    pole = desk.pole()
    desk.do(LocatePole(pole=pole, territory=Territory(words="Quelque part")))

    stored = desk.registry.history(pole)[-1].event
    assert isinstance(stored, Pole.Located)
    assert stored.territory.model_dump() == {
        "words": "Quelque part",
        "department": None,
        "region": None,
    }


def test_a_territory_of_nothing_is_refused_and_nothing_is_written(desk: Desk) -> None:
    pole = desk.pole()
    size = desk.registry.journal.size()

    with pytest.raises(NothingLocated):
        desk.do(LocatePole(pole=pole))
    with pytest.raises(UnknownPlace):
        desk.locate(pole, REDON, "commune:35999")

    assert desk.registry.journal.size() == size


def test_what_a_request_says_of_checking_counts_for_nothing(desk: Desk) -> None:
    place = {"kind": "commune", "code": "35999", "year": 2022, "name": "Faux", "checked": True}

    with pytest.raises(UnknownPlace):
        desk.do(LocatePole.model_validate({"pole": desk.pole(), "territory": {"places": [place]}}))


# --- the list -----------------------------------------------------------------------------------


def test_the_list_says_each_place_with_its_code_year_and_source(desk: Desk) -> None:
    pole = desk.pole()
    desk.locate(pole, REDON, "commune:35009@2012:Autre nom", "named_area:Rives", source="statuts")

    lines = desk.listed()
    said = [(line.place_kind, line.code, line.year, line.name, line.checked) for line in lines]
    assert said == [
        ("commune", "35009", "2012", "Autre nom", "too_old"),
        ("commune", "35236", "2022", "Redon", "checked"),
        ("named_area", None, None, "Rives", "no_code"),
    ]
    assert {(line.pole, line.source) for line in lines} == {(pole, "statuts")}
    assert [line.name for line in desk.listed(place_kind=PlaceKind.NAMED_AREA)] == ["Rives"]
    assert [line.name for line in desk.listed(code="35236")] == ["Redon"]


def test_the_list_of_a_past_day_is_the_one_of_that_day(desk: Desk) -> None:
    pole = desk.pole()
    desk.locate(pole, REDON, on="2022-05-01")
    before = desk.registry.journal.size()
    desk.locate(pole, RENNES, on="2023-05-01")

    def names(moment: Moment) -> list[tuple[str | None, date | None]]:
        return [(line.name, line.until) for line in desk.listed(moment)]

    assert names(desk.moment()) == [("Rennes", None)]
    assert names(desk.moment(make.day("2023-01-01"))) == [("Redon", make.day("2023-05-01"))]
    assert names(desk.moment(known=before)) == [("Redon", None)]
    assert names(desk.moment(make.day("2022-01-01"))) == []


descriptions = st.lists(
    st.tuples(
        st.sets(st.sampled_from([REDON, RENNES, REDON_AGGLO, "named_area:Rives"])),
        st.integers(0, 5),
        st.none() | st.integers(1, 4),
    ),
    min_size=1,
    max_size=7,
)


@settings(deadline=None, max_examples=12)
@given(descriptions)
def test_the_list_is_what_the_history_of_the_pole_says(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[set[str], int, int | None]]
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    url = make.migrated(f"sqlite:///{folder / 'registry.db'}")
    with make.registry(folder, url=url) as registry, make.closing_engine(url) as engine:
        follower = Follower(engine, registry.journal, MODELS)
        lists = Lists(engine, TABLES)
        desk = Desk(
            registry, make.Clock(), follower, lists, RegisterLists(engine, {}, registry.journal)
        )
        pole = desk.pole()
        size = registry.journal.size()
        for places, start, length in told:
            end = make.day(f"{2022 + start + length}-01-01") if length else None
            words = {"territory": {"words": "x"}, "valid_to": end}
            desk.locate(pole, *sorted(places), on=f"{2022 + start}-01-01", **words)

        for known in range(size, registry.journal.size() + 1):
            loaded = registry.load(Pole, pole, known)
            assert loaded
            for year in range(2021, 2034):
                day = make.day(f"{year}-06-01")
                listed = {
                    (p.place_kind, p.code, p.name) for p in desk.listed(desk.moment(day, known))
                }
                there = loaded.territory_on(day).places
                assert listed == {(place.kind, place.code, place.name) for place in there}
        kept = follower.digests()
        follower.rebuild()
        assert follower.digests() == kept


# --- a year more --------------------------------------------------------------------------------


def merged(known: Gazetteer) -> LoadPlaces:
    """The year after the last, in which Redon is a part of Rennes and its grouping is no more."""
    entries = []
    for entry in (one for one in known.entries if one.last == known.last_year):
        if entry.nature == "epci" and entry.code == "243500741":
            continue
        told = entry
        if entry.nature == "commune" and entry.code == "35236":
            told = entry._replace(nature="delegated", chief="35238", epci="")
        elif entry.epci == "243500741":
            rives = "243500139" if entry.department == "35" else "200067932"
            told = entry._replace(epci=rives)
        entries.append(told)
    year = known.last_year + 1
    return LoadPlaces(change=change_to(known, year, entries), package="essai@7", files={})


def test_a_year_more_is_known_from_its_recording_on_and_changes_no_pole(desk: Desk) -> None:
    pole = desk.pole()
    desk.locate(pole, REDON, REDON_AGGLO, cross_border="l'autre rive")
    before = desk.registry.journal.size()
    year = desk.registry.places().last_year + 1

    desk.do(merged(desk.registry.places()), Role.ADMINISTRATOR)

    assert desk.registry.places().last_year == year
    assert desk.registry.places(before).last_year == year - 1
    assert desk.registry.journal.size() == before + 1
    with pytest.raises(PlaceEnded, match="35238 Rennes"):
        desk.locate(pole, f"{REDON}@{year}")
    desk.locate(pole, f"{REDON}@{year - 1}")


def test_the_codes_that_ended_come_with_a_line_that_can_be_run(desk: Desk) -> None:
    pole, other = desk.pole(), desk.pole("Autre pôle")
    desk.locate(
        pole,
        *(REDON, REDON_AGGLO, RENNES, "named_area:Rives"),
        territory={"words": "L'estuaire", "region": "Bretagne"},
        cross_border="l'autre rive",
    )
    desk.locate(other, RENNES)
    assert desk.ended() == []
    size = desk.registry.journal.size()

    desk.do(merged(desk.registry.places()), Role.ADMINISTRATOR)

    lines = desk.ended()
    year = desk.registry.places().last_year
    assert [(line.pole, line.code, line.since) for line in lines] == [
        (pole, "35236", year),
        (pole, "243500741", year),
    ]
    assert [heir.name for heir in lines[0].successors] == ["Rennes"]
    shares = [(heir.code, heir.communes, heir.of) for heir in lines[1].successors]
    assert sum(share[1] for share in shares) == shares[0][2] == 31
    assert shares == sorted(shares, key=lambda share: -share[1])
    assert desk.registry.journal.size() == size + 1, "nothing but the year was recorded"
    assert desk.ended(year - 1) == []

    words = shlex.split(lines[0].command or "")
    assert words[:5] == ["jalon", "pole", "locate", "--pole", "pole-d-essai"]
    options = list(zip(words[5::2], words[6::2], strict=True))
    given = dict(options)
    assert given["--occurred-on"] == f"{year}-01-01"
    assert given["--cross-border"] == "l'autre rive"
    labels = [
        value for name, value in zip(words[5::2], words[6::2], strict=True) if name == "--place"
    ]
    desk.do(
        LocatePole.model_validate(
            {
                "pole": pole,
                "territory": Territory.model_validate_json(given["--territory"]),
                "places": labels,
                "cross_border": given["--cross-border"],
            }
        )
    )

    assert desk.ended() == []
    after = pole_sheet(desk.registry, pole, desk.moment()).territory
    assert (after.words, after.region, after.cross_border) == (
        "L'estuaire",
        "Bretagne",
        "l'autre rive",
    )
    assert {p.code for p in after.places} == {"35238", None, "243500139", "200067932"}


def test_a_code_from_before_the_data_may_have_ended_too(desk: Desk) -> None:
    pole = desk.pole()
    desk.locate(pole, "commune:01015@2012:Arbignieu", "commune:35777@2012", on="2012-05-01")

    lines = {line.code: line for line in desk.ended()}

    assert lines["35777"].successors == ()
    assert lines["35777"].command is None
    assert lines["35777"].nearest
    assert "01015" not in lines, "a commune that kept its code is still there"


def test_a_year_that_is_not_known_cannot_be_asked_about(desk: Desk) -> None:
    with pytest.raises(YearNotLoaded):
        desk.ended(desk.registry.places().last_year + 1)
    with pytest.raises(YearTooOld):
        search(desk.registry, "Redon", desk.moment(), year=2020)


def test_a_search_says_where_a_place_lies_and_how_to_give_it(desk: Desk) -> None:
    lines = search(desk.registry, "redon", desk.moment())

    first = lines[0]
    assert (first.code, first.name, first.label) == ("35236", "Redon", REDON)
    assert (first.departments, first.regions) == (("Ille-et-Vilaine",), ("Bretagne",))
    assert REDON_AGGLO in [line.label for line in lines]
    former = search(desk.registry, "Arbignieu", desk.moment())
    assert former[0].part_of
    assert former[0].label == ""


def test_the_country_that_ships_is_read_once() -> None:
    assert shipped() is shipped()
