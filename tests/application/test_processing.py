"""The register of processing says all that is marked, and nothing that is not."""

import csv
import io

from application.processing import (
    AIMS,
    BESIDE,
    CSV_HEADER,
    NO_CONTROLLER,
    NO_DPO,
    processing_register,
    register_as_csv,
)
from domain.kernel import MARKED
from domain.personal import marking_of
from domain.roles import ROLES, Role


def test_every_purpose_under_which_something_is_sealed_has_an_aim_and_no_other() -> None:
    assert set(AIMS) == {marking_of(*key).purpose for key in MARKED}


def test_every_marked_field_is_in_the_register() -> None:
    told = {
        (of.code, data.holds, data.persons, data.basis, data.retention)
        for of in processing_register().processings
        for data in of.data
    }

    for key in MARKED:
        of = marking_of(*key)
        assert (of.purpose, of.holds.fr, of.persons.fr, of.basis, of.retention) in told


def test_whoever_answers_for_the_data_is_named_or_missed() -> None:
    named = processing_register(controller="Réseau fictif", dpo="dpo@exemple.fr")
    bare = processing_register()

    assert (named.controller, named.dpo) == ("Réseau fictif", "dpo@exemple.fr")
    assert bare.controller == NO_CONTROLLER
    assert bare.dpo == NO_DPO


def test_the_delegate_reads_all_of_it_and_the_public_only_what_appears() -> None:
    readers = {of.code: set(of.recipients) for of in processing_register().processings}

    assert all(ROLES[Role.DPO] in readers[code] for code in AIMS)
    assert {code for code in AIMS if ROLES[Role.PUBLIC] in readers[code]} == {"contribution"}


def test_a_spreadsheet_gets_a_line_for_each_category_of_data() -> None:
    register = processing_register()

    rows = list(csv.reader(io.StringIO(register_as_csv(register))))

    assert tuple(rows[0]) == CSV_HEADER
    assert len(rows) - 1 == sum(len(of.data) for of in register.processings)
    assert all(all(cell and cell[0] not in "=+-@" for cell in row) for row in rows)
    assert [of.code for of in register.processings][-len(BESIDE) :] == [of.code for of in BESIDE]
