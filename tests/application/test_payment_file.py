"""Files of payments, as spreadsheets write them and as people spoil them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.history import UnreadableFile
from application.payment_file import PaymentGiven, PaymentsRead, judged, read_payments
from domain.payment import MOST_ROWS

HEADER = "référence;date;montant;bénéficiaire\n"
TODAY = date(2024, 6, 3)


def read(text: str) -> PaymentsRead:
    return read_payments(text.encode())


def one(reference: str = "m-1", day: str = "2024-05-02", amount: str = "5", to: str = "A") -> str:
    return f"{HEADER}{reference};{day};{amount};{to}\n"


def payment(text: str) -> PaymentGiven:
    found = read(text)
    assert found.faults == ()
    ((_, given),) = found.rows
    return given


def fault(text: str) -> str:
    found = read(text)
    assert found.rows == ()
    ((line, said),) = found.faults
    assert line == 2
    assert "\n" not in said
    assert "Input should" not in said
    return said


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("30 000,50", 30_000_50),
        ("30\u00a0000,50 €", 30_000_50),
        ("30000.5", 30_000_50),
        ("0,30", 30),
        ("30000", 30_000_00),
    ],
)
def test_an_amount_is_read_as_people_write_it(written: str, cents: int) -> None:
    assert payment(one(amount=written)).amount == cents


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("-5", "négatif"),
        ("0", "montant nul"),
        ("0,1+0,2", "n'est pas un montant"),
        ("0.30000000000000004", "n'est pas un montant"),
        ("5 USD", "euros"),
        ("£5", "euros"),
        ("1e5", "n'est pas un montant"),
        ("99999999999999", "cent milliards"),
        ("1.234,56", "n'est pas un montant"),
        ("", "il manque le montant"),
    ],
)
def test_an_amount_that_is_none_is_told_in_one_sentence(written: str, said: str) -> None:
    assert said in fault(one(amount=written))


@pytest.mark.parametrize("written", ["2024-05-02", "02/05/2024", "2/5/2024"])
def test_a_day_is_read_as_registers_and_spreadsheets_write_it(written: str) -> None:
    assert payment(one(day=written)).paid_on == date(2024, 5, 2)


@pytest.mark.parametrize(
    ("written", "said"),
    [("2024-02-30", "calendrier"), ("hier", "pas une date"), ("", "il manque la date")],
)
def test_a_day_that_is_none_is_told(written: str, said: str) -> None:
    assert said in fault(one(day=written))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("38047555800059", "clé de contrôle"),
        ("3804755580005", "quatorze chiffres"),
        ("3,80476E+13", "abrégé le SIRET"),
        ("", "il manque le bénéficiaire"),
        ("x" * 501, "trop long"),
    ],
)
def test_a_payee_that_is_none_is_told(written: str, said: str) -> None:
    assert said in fault(one(to=written))


def test_figures_alone_are_a_siret_and_other_words_a_name() -> None:
    assert payment(one(to="380 475 558 00058")).siret == "38047555800058"
    assert payment(one(to="Association fictive")).payee == "Association fictive"


def test_columns_come_in_any_order_with_others_that_are_told() -> None:
    found = read("SIRET,Nom,Exercice,Montant,Date,Référence\n38047555800058,A,2024,5,2/5/2024,m\n")

    ((_, given),) = found.rows
    assert (given.siret, given.payee, given.reference) == ("38047555800058", "A", "m")
    assert found.ignored == ("Exercice",)


def test_a_byte_order_mark_and_the_ends_of_lines_of_windows_change_nothing() -> None:
    text = one().replace("\n", "\r\n")

    assert read_payments(b"\xef\xbb\xbf" + text.encode()).rows == read(one()).rows


def test_another_currency_is_refused_row_by_row() -> None:
    found = read("reference;date;montant;nom;devise\na;2024-05-02;5;A;CHF\nb;2024-05-02;5;A;EUR\n")

    assert [line for line, _ in found.rows] == [3]
    assert "CHF" in found.faults[0][1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "vide"),
        (b"\n\n  \n", "vide"),
        (HEADER.encode(), "aucun paiement"),
        (HEADER.encode("cp1252") + b"m;2024-05-02;5;A\n", "UTF-8"),
        (one().encode("utf-16"), "UTF-8"),
        (b"a;b\n1;2\n", "il manque"),
        (b"reference\tdate\tmontant\tnom\nm\t2024-05-02\t5\tA\n", "points-virgules"),
        (b"reference;date;date;montant;nom\nm;1;1;5;A\n", "deux fois"),
        (HEADER.encode() + b"m;2024-05-02;5;A\n" * (MOST_ROWS + 1), "coupez"),
        (b"x" * 20_000_001, "limite"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_payments(data)


def test_a_quote_left_open_spoils_its_own_row_only() -> None:
    found = read(HEADER + 'a;2024-05-02;5;"A\nb;2024-05-02;5;B\n')

    assert [line for line, _ in found.rows] == [3]
    assert "guillemet" in found.faults[0][1]


def test_what_shows_only_beside_other_payments_is_told_too() -> None:
    rows = (
        "a;2024-05-02;5;A\na;2024-05-02;5;A\nA;2024-05-02;6;A\nb;2024-06-04;5;A\nc;2024-05-02;5;A\n"
    )

    found = judged(
        read(HEADER + rows), lambda given: "non" if given.reference == "c" else None, TODAY
    )

    assert [line for line, _ in found.faults] == [4, 5, 6]
    assert "ligne 2" in found.faults[0][1]
    assert "n'est pas venu" in found.faults[1][1]


@given(data=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    for given_ in (data, HEADER.encode() + data):
        with suppress(UnreadableFile):
            found = read_payments(given_)
            assert all(said and "\n" not in said for _, said in found.faults)


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 10**13), st.dates(date(2000, 1, 1), TODAY)), min_size=1, max_size=9
    )
)
def test_what_is_written_is_what_is_read_to_the_cent(rows: list[tuple[int, date]]) -> None:
    lines = [
        f"m-{number};{day};{cents // 100},{cents % 100:02d};A"
        for number, (cents, day) in enumerate(rows)
    ]

    found = read(HEADER + "\n".join(lines))

    assert [(given.amount, given.paid_on) for _, given in found.rows] == rows
