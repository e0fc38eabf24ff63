"""Public history from files: every whole row is recorded once, and every other one is named."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.history import (
    LARGEST_FILE,
    POLE_COLUMNS,
    TIMELINE_COLUMNS,
    ImportPole,
    UnreadableFile,
    claim_of_row,
    pole_of_row,
    read_evidence,
    read_rows,
)
from application.pole import RegisterPole
from application.register import NotYet
from application.world import Moment
from domain.charter import CharterSignature
from domain.dates import PartialDate
from domain.pole import Pole, Territory
from domain.provenance import Confidence
from domain.recognition import ARTICLE_9, Recognition
from domain.roles import Role
from domain.workflow import Verdict
from interfaces.history_files import reference_file
from interfaces.wiring import Product
from tests import make
from tests.examples import settings

COLUMNS = ("name", "year")


def rows(text: str | bytes, columns: tuple[str, ...] = COLUMNS) -> list[tuple[int, list[str]]]:
    data = text.encode() if isinstance(text, str) else text
    return [(line, list(row.values())) for line, row in read_rows(data, columns)[0]]


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.reason) for fault in read_rows(text.encode(), COLUMNS)[1]]


# Reading a file.


def test_every_row_is_read_with_the_line_on_which_it_begins() -> None:
    assert rows("name,year\nTétris,2012\nRéalis,2013\n") == [
        (2, ["Tétris", "2012"]),
        (3, ["Réalis", "2013"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "name,year\nTétris,2012",
        "\ufeffname,year\nTétris,2012\n",
        "name,year\r\nTétris,2012\r\n",
        "name,year\rTétris,2012\r",
        "name;year\nTétris;2012\n",
        '"name","year"\n"Tétris","2012"\n',
        " name , year \n Tétris ,2012 \n",
    ],
    ids=["no last line end", "BOM", "CRLF", "CR", "semicolons", "quotes", "spaces"],
)
def test_a_file_may_be_written_as_spreadsheets_do(text: str) -> None:
    assert rows(text) == [(2, ["Tétris", "2012"])]


def test_columns_may_come_in_any_order() -> None:
    (row,) = read_rows(b"year,name\n2012,Alpha\n", COLUMNS)[0]

    assert row == (2, {"year": "2012", "name": "Alpha"})


def test_a_value_may_run_over_several_lines() -> None:
    text = 'name,year\n"Pôle\nSud, ""Archer""",2012\nRéalis,2013\n'

    assert rows(text) == [(2, ['Pôle\nSud, "Archer"', "2012"]), (4, ["Réalis", "2013"])]


def test_empty_lines_are_passed_over() -> None:
    assert rows("name,year\n\nTétris,2012\n,\n\nRéalis,2013\n\n") == [
        (3, ["Tétris", "2012"]),
        (6, ["Réalis", "2013"]),
    ]


@pytest.mark.parametrize("odd", ["\u2028", "\x0b", "\x0c", "\x85", "\x1c"])
def test_no_other_sign_ends_a_line(odd: str) -> None:
    assert rows(f"name,year\nPôle{odd}Sud,2012\n") == [(2, [f"Pôle{odd}Sud", "2012"])]


def test_a_file_with_nothing_below_its_header_has_no_rows() -> None:
    assert read_rows(b"name,year\n", COLUMNS) == ([], [])


@pytest.mark.parametrize("text", ["", "\n\n", "  \n\t\n", "\ufeff"])
def test_an_empty_file_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="vide"):
        rows(text)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("name", "il manque : year"),
        ("name,year,colour", "en trop : colour"),
        ("Name,year", "il manque : name ; en trop : Name"),
        ("name,year,year", "colonnes attendues : name, year"),
        ("Tétris,2012", "il manque : name, year"),
        ('"name,year', "il manque : name, year"),
        ("name\tyear", "il manque : name, year"),
    ],
)
def test_a_header_that_is_another_one_is_refused_with_what_differs(header: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        rows(f"{header}\nTétris,2012\n")


def test_a_file_in_another_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableFile, match=r"ligne 3\) : enregistrez-le en « CSV UTF-8 »"):
        rows("name,year\nAlpha,2012\nRéalis,2013\n".encode("latin-1"))


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="fait 20 Mo ; la limite est de 20 Mo"):
        rows(b"name,year\n" + b"x" * LARGEST_FILE)


def test_a_file_without_lines_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        rows("x" * 500_000)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ('"Tétris,2012', "guillemet"),
        ('Tétris,"2012', "guillemet"),
        ('"Tétris" Sud,2012', "guillemet"),
        ("Tétris", "1 valeurs au lieu de 2"),
        ("Tétris,2012,rouge", "3 valeurs au lieu de 2"),
        ("Tétris, Sud,2012", "se met entre guillemets"),
        ("x" * 200_000 + ",2012", ""),
    ],
    ids=["open", "open later", "text after", "too few", "too many", "a comma", "too long"],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_that_is_not_whole_is_named_and_spoils_no_other(
    broken: str, said: str, place: int
) -> None:
    lines = ["Réalis,2013", '"Phares, Cité",2014']
    lines.insert(place, broken)
    text = "\n".join(["name,year", *lines]) + "\n"

    whole = [values for _, values in rows(text)]

    assert whole == [["Réalis", "2013"], ["Phares, Cité", "2014"]]
    ((line, reason),) = faults(text)
    assert line == place + 2
    assert said in reason


values = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12
).map(str.strip)


@settings(deadline=None, max_examples=100)
@given(
    table=st.lists(st.tuples(values.filter(bool), values), max_size=8),
    delimiter=st.sampled_from(",;"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
    bom=st.booleans(),
)
def test_what_another_program_writes_is_read_back(
    table: list[tuple[str, str]], delimiter: str, quoting: Any, end: str, bom: bool
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([COLUMNS, *table])

    read, left_out = read_rows(file.getvalue().encode("utf-8-sig" if bom else "utf-8"), COLUMNS)

    assert [tuple(row.values()) for _, row in read] == table
    assert left_out == []


plain = st.from_regex(r"[A-Za-zé][A-Za-zé ,']{0,6}[a-z]", fullmatch=True)


@settings(deadline=None, max_examples=100)
@given(
    table=st.lists(st.tuples(plain, plain), min_size=1, max_size=8),
    spoilt=st.sets(st.integers(0, 7), max_size=3),
    every=st.booleans(),
)
def test_whatever_quotes_are_left_open_the_other_rows_are_read(
    table: list[tuple[str, str]], spoilt: set[int], every: bool
) -> None:
    lines = ["name,year"]
    for number, row in enumerate(table):
        if number in spoilt:
            lines.append(f'"{row[0]},{row[1]}')
        else:
            lines.append(",".join(f'"{v}"' if every or "," in v else v for v in row))
    text = "\n".join(lines) + "\n"

    read = [line for line, _ in rows(text)]

    whole = [n + 2 for n in range(len(table)) if n not in spoilt]
    assert [line for line in read if line in whole] == whole
    assert {line for line, _ in faults(text)} == {n + 2 for n in spoilt if n < len(table)}


@settings(deadline=None, max_examples=100)
@given(rest=st.binary(max_size=60) | st.text('",;\n\rab', max_size=60).map(str.encode))
def test_whatever_follows_the_header_every_line_is_a_row_or_a_fault(rest: bytes) -> None:
    try:
        read, left_out = read_rows(b"name,year\n" + rest, COLUMNS)
    except UnreadableFile:
        return

    lines = [line for line, _ in read] + [fault.line for fault in left_out]
    assert len(lines) == len(set(lines))
    assert all(2 <= line <= 1 + len(rest) for line in lines)
    assert all(set(row) == set(COLUMNS) for _, row in read)


# A row as a command.

MEANINGS = read_evidence(reference_file("recognitions.csv"))
REGIONS = ["Bretagne", "Occitanie"]


def pole(**cells: str) -> ImportPole:
    row = dict.fromkeys(POLE_COLUMNS, "") | {"name": "Tétris"} | cells
    return pole_of_row(row, MEANINGS, REGIONS)


def test_a_row_may_say_nothing_but_a_name() -> None:
    command = pole()

    assert (command.name, command.year.root, command.evidence) == ("Tétris", "unknown", ())
    assert command.territory == Territory()


def test_a_row_says_where_a_pole_is_what_it_does_and_who_says_so() -> None:
    command = pole(
        territory="Rennes",
        department="Ille-et-Vilaine",
        region="Bretagne",
        year="2012",
        sector="alimentation",
        note="créé en 2007",
        source="https://example.org",
        confidence="probable (par déduction)",
    )

    assert command.territory.model_dump() == {
        "words": "Rennes",
        "department": "Ille-et-Vilaine",
        "region": "Bretagne",
    }
    assert (command.activity, command.remark) == ("alimentation", "créé en 2007")
    assert (command.source, command.confidence) == ("https://example.org", Confidence.PROBABLE)
    assert command.year.root == "2012"


def test_recognitions_come_in_the_order_of_their_dates() -> None:
    command = pole(year="2024", recognitions="ami_2023 + temoin_2012+aap_2013")

    assert [(e.code, e.occurred_on.root) for e in command.evidence] == [
        ("temoin_2012", "2012-06-25"),
        ("aap_2013", "2014-01-10"),
        ("ami_2023", "2023-10-17"),
    ]


def test_a_declaration_is_of_the_year_of_its_row() -> None:
    (declared,) = pole(year="2017", recognitions="self_declared").evidence

    assert (declared.recognition_kind, declared.occurred_on.root) == ("claim", "2017")
    assert declared.journey is None


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"name": ""}, "le nom du pôle manque"),
        ({"region": "Bretagne "}, "n'est pas une région"),
        ({"region": "Armorique"}, "« Armorique » n'est pas une région"),
        ({"recognitions": "temoin_2012 + label_2014"}, "« label_2014 » est inconnue"),
        ({"year": "12"}, "n'est pas une date"),
        ({"year": "2012-02-30"}, "n'existe pas"),
        ({"confidence": "certain"}, "n'est pas un degré de confiance"),
        ({"name": "x" * 501}, "at most 500 characters"),
        ({"sector": "a\0b"}, "match pattern"),
    ],
)
def test_a_row_that_cannot_be_understood_is_refused_with_why(
    cells: dict[str, str], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        pole(**cells)


def claim(**cells: str) -> Any:
    row = dict.fromkeys(TIMELINE_COLUMNS, "")
    row |= {"event": "La charte est lancée.", "date": "2014-09-19", "precision": "day"}
    row["source"] = "une revue"
    return claim_of_row(row | cells)


def test_a_dated_fact_is_a_claim_of_its_author() -> None:
    command = claim(actor="Labo de l'ESS", figures="18 pôles", source="charte", note="à Paris")

    assert (command.statement, command.author) == ("La charte est lancée.", "Labo de l'ESS")
    assert (command.figures, command.note) == ("18 pôles", "à Paris")
    assert command.occurred_on == PartialDate("2014-09-19")


def test_an_author_nobody_names_is_said_to_be_unknown() -> None:
    assert claim().author == "auteur inconnu"


@pytest.mark.parametrize(
    ("date", "precision"),
    [("2009", "year"), ("2011-06", "month"), ("2014-09-19", "day"), ("", "unknown")],
)
def test_a_fact_announces_how_precise_its_date_is(date: str, precision: str) -> None:
    assert claim(date=date, precision=precision).occurred_on == PartialDate(date or "unknown")

    others = {"year", "month", "day", "unknown", ""} - {precision}
    for other in others:
        with pytest.raises(ValueError, match="précision annoncée"):
            claim(date=date, precision=other)


@pytest.mark.parametrize(
    ("words", "confidence", "note"),
    [
        ("confirmed", Confidence.CONFIRMED, None),
        ("Unconfirmed", Confidence.UNCONFIRMED, "Unconfirmed"),
        ("inferred from two sources", Confidence.INFERRED, "inferred from two sources"),
        ("", None, None),
    ],
)
def test_what_a_source_says_of_its_confidence_is_kept(
    words: str, confidence: Confidence | None, note: str | None
) -> None:
    command = claim(confidence=words)

    assert (command.confidence, command.note) == (confidence, note)


def test_a_fact_without_its_source_is_refused() -> None:
    with pytest.raises(ValueError, match="la source manque"):
        claim(source="")


def test_what_a_pole_says_of_itself_is_loaded_with_its_source_only(product: Product) -> None:
    data = table("Évaléco|2017|self_declared", "Tétris|2012|temoin_2012", source="")

    report = product.import_poles(data, product.operator(), apply=True)

    assert (report.recorded, [line for line, _ in report.faults]) == (1, [2])


def test_a_fact_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="le fait manque"):
        claim(event="")


# Whole files.

POLES, TIMELINE = reference_file("poles.csv"), reference_file("timeline.csv")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with all of the public history; the tests below only ask."""
    with make.product(tmp_path_factory.mktemp("loaded")) as product:
        for load, file in ((product.import_poles, POLES), (product.import_timeline, TIMELINE)):
            report = load(file, product.operator(), apply=True)
            assert report.faults == ()
        yield product


def stages(product: Product, **asked: str) -> dict[str, int]:
    return Counter(line.stage for line in product.register.lines(product.moment(**asked)))


def poles(product: Product) -> list[Pole]:
    moment = product.moment()
    found = [product.registry.load(Pole, line.id) for line in product.register.lines(moment)]
    return [pole for pole in found if pole]


def test_the_whole_public_history_is_loaded(loaded: Product) -> None:
    assert stages(loaded) == {"experimentation": 54, "emergence": 23}
    assert len(loaded.claims.lines(loaded.moment())) == 39
    assert loaded.verify().root == loaded.journal.root()


def test_no_pole_of_the_public_history_is_recognised_under_article_9(loaded: Product) -> None:
    issued = [r.event for r in loaded.registry.told(Recognition.Issued)]

    assert "recognised" not in stages(loaded)
    assert issued
    assert not [
        e for e in issued if isinstance(e, Recognition.Issued) and e.recognition_kind in ARTICLE_9
    ]


def test_on_the_first_day_of_2013_the_eighteen_pilots_are_in_experimentation(
    loaded: Product,
) -> None:
    lines = loaded.register.lines(loaded.moment(in_force="2013-01-01"))

    assert len(lines) == 18
    assert {line.stage for line in lines} == {"experimentation"}
    assert {line.journey for line in lines} == {"pole@2011-09"}
    assert list(loaded.registry.told(CharterSignature.Signed)) == []
    assert not any(
        loaded.sheet(line.code, loaded.moment(in_force="2013-01-01")).charter_signed
        for line in lines
    )


def test_before_it_was_loaded_nothing_of_it_was_known(loaded: Product) -> None:
    moment = Moment(known=4, in_force=make.day("2013-01-01"))

    assert loaded.register.lines(moment) == []
    with pytest.raises(NotYet):
        loaded.sheet("realis", moment)


def test_a_pilot_of_2012_is_brought_to_the_rules_of_each_period(loaded: Product) -> None:
    (pilot,) = [pole for pole in poles(loaded) if pole.code.startswith("fontaine-o-livres")]

    assert [(stay.value, stay.occurred_on.root) for stay in pilot.main.journeys] == [
        ("pole@2011-09", "2012-06-25"),
        ("pole@2014-09-19", "2014-09-19"),
        ("pole@2015-04-18", "2015-04-18"),
        ("pole@2021-05-12", "2021-05-12"),
        ("pole@2026-11-01", "2026-11-01"),
        ("pole@2026-11-23", "2026-11-23"),
    ]
    assert [(stay.value, stay.occurred_on.root) for stay in pilot.main.states] == [
        ("emergence", "2012-06-25"),
        ("experimentation", "2012-06-25"),
    ]


def test_a_past_step_says_which_clauses_nobody_could_check(loaded: Product) -> None:
    steps = [r.event for r in loaded.registry.told(Pole.Moved)]

    assert len(steps) == 54
    for step in steps:
        assert isinstance(step, Pole.Moved)
        assert step.transition == "enter_experimentation"
        assert step.meta.role is Role.REGISTRAR
        assert step.meta.ground
        assert step.meta.source
        verdicts = {finding.verdict for finding in step.verdicts}
        assert Verdict.NOT_CHECKED in verdicts
        assert verdicts <= {Verdict.NOT_CHECKED, Verdict.HELD}
        for finding in step.verdicts:
            assert bool(finding.values) is (finding.verdict is Verdict.HELD)


def test_unknown_dates_stay_unknown(loaded: Product) -> None:
    moment = loaded.moment()
    unknown = [line for line in loaded.register.lines(moment) if line.occurred_on == "unknown"]

    assert unknown
    for line in unknown:
        assert loaded.sheet(line.code, moment).occurred_on == "unknown"
        assert {told.occurred_on for told in loaded.history(line.code, moment)} == {"unknown"}
        with pytest.raises(NotYet):
            loaded.sheet(line.code, loaded.moment(in_force="2020-01-01"))


def test_poles_known_by_their_own_words_have_a_claim_and_no_recognition(loaded: Product) -> None:
    moment = loaded.moment()

    declared = {
        line.code: (line.name, claims)
        for line in loaded.register.lines(moment)
        if (claims := loaded.claims.lines(moment, about=line.id))
    }

    assert declared
    for code, (name, claims) in declared.items():
        assert [claim.author for claim in claims] == [name]
        assert "self_declared" not in {r.code for r in loaded.sheet(code, moment).recognitions}


def test_loading_it_again_changes_nothing(loaded: Product) -> None:
    before = (loaded.journal.size(), loaded.follower.digests())

    reports = [
        loaded.import_poles(POLES, loaded.operator(), apply=True),
        loaded.import_timeline(TIMELINE, loaded.operator(), apply=True),
    ]

    assert [(r.rows, r.recorded, r.unchanged, r.events) for r in reports] == [
        (77, 0, 77, 0),
        (39, 0, 39, 0),
    ]
    assert (loaded.journal.size(), loaded.follower.digests()) == before


def test_lists_of_the_whole_history_are_those_built_anew(loaded: Product) -> None:
    kept = loaded.follower.digests()

    loaded.follower.rebuild()

    assert loaded.follower.digests() == kept


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """The product, before anything is loaded."""
    with make.product(tmp_path) as made:
        yield made


def test_a_trial_says_what_would_be_loaded_and_writes_nothing(product: Product) -> None:
    size = product.journal.size()

    trial = product.import_poles(POLES, product.operator(), apply=False)

    assert (trial.rows, trial.recorded, trial.applied) == (77, 77, False)
    assert product.journal.size() == size
    applied = product.import_poles(POLES, product.operator(), apply=True)
    assert applied.model_copy(update={"applied": False}) == trial
    assert product.journal.size() == size + applied.events


def table(*lines: str, source: str = "un annuaire") -> bytes:
    """A file of poles, each with its name, year and recognitions."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, POLE_COLUMNS, restval="")
    writer.writeheader()
    for line in lines:
        name, year, codes = line.split("|")
        told = {"name": name, "year": year, "recognitions": codes, "source": source}
        writer.writerow(told)
    return file.getvalue().encode()


def test_rows_that_cannot_be_loaded_are_named_and_keep_back_no_other(product: Product) -> None:
    data = table(
        "Tétris|2012|temoin_2012",
        "Réalis|2012|label_2014",
        "Phares|20X2|",
        "Tétris|2013|aap_2013",
        "Évaléco|2017|self_declared",
    )

    report = product.import_poles(data, product.operator(), apply=True)

    assert (report.rows, report.recorded) == (5, 2)
    assert [line for line, _ in report.faults] == [3, 4, 5]
    assert "répète la ligne 2" in report.faults[2][1]
    assert sorted(line.name for line in product.register.lines(product.moment())) == [
        "Tétris",
        "Évaléco",
    ]


def test_a_pole_that_is_known_is_not_loaded_again_whatever_a_file_says_of_it(
    product: Product,
) -> None:
    product.import_poles(table("Tétris|2012|temoin_2012"), product.operator(), apply=True)
    product.do(RegisterPole(name="Évaléco"), product.operator())
    size = product.journal.size()

    other = table("Tétris|2017|self_declared", "Évaléco|2021|ami_2021_phase1")
    report = product.import_poles(other, product.operator(Role.COORDINATOR), apply=True)

    assert (report.recorded, report.unchanged, report.faults) == (0, 2, ())
    assert product.journal.size() == size


def test_a_file_loaded_in_parts_gives_what_the_whole_would(product: Product) -> None:
    lines = POLES.decode("utf-8-sig").splitlines(keepends=True)
    records = list(csv.reader(lines))
    assert len(records) == len(lines)  # no value of the shipped file runs over lines
    half = "".join(lines[:40]).encode()

    first = product.import_poles(half, product.operator(), apply=True)
    then = product.import_poles(POLES, product.operator(), apply=True)

    assert (first.recorded, then.recorded, then.unchanged) == (39, 38, 39)
    assert stages(product) == {"experimentation": 54, "emergence": 23}


def test_a_pole_begins_at_the_earliest_date_that_is_known(product: Product) -> None:
    cases: list[tuple[str, Callable[[Pole], bool]]] = [
        ("A|2010|temoin_2012", lambda pole: pole.main.states[0].occurred_on.root == "2010"),
        ("B|2012|temoin_2012", lambda pole: pole.main.states[0].occurred_on.root == "2012-06-25"),
        ("C|2024|temoin_2012", lambda pole: pole.main.states[0].occurred_on.root == "2012-06-25"),
        ("D||temoin_2012", lambda pole: pole.main.states[0].occurred_on.root == "2012-06-25"),
        ("E|2017|", lambda pole: pole.main.journeys[0].value == "pole@2015-04-18"),
        ("F||", lambda pole: pole.main.states[0].occurred_on.root == "unknown"),
    ]

    product.import_poles(table(*(line for line, _ in cases)), product.operator(), apply=True)

    for pole, (line, holds) in zip(poles(product), cases, strict=True):
        assert holds(pole), line
