"""A made-up name, address and sentence in cells of every kind: in no message and in no table."""

import pytest

from lostudy.cleaning import clean_study
from lostudy.errors import DataError

CANARIES = ["Sanne Voorbeeldsma", "sanne.voorbeeldsma@example.org", "06-12345678",
            "Ik durf het niet tegen Voorbeeldsma te zeggen."]
COLUMNS = ["nr", "code", "begin", "eind", "team", "functie", "taal", "s1", "s4", "dagen", "opm"]
TRACES = ("voorbeeldsma", "sanne", "12345678", "durf")


def traces(text):
    return [each for each in TRACES if each in text.lower()]


def outcome(folder):
    """Everything that cleaning says and makes, as text."""
    said, tables = [], {}
    try:
        for each in clean_study(folder.study, folder.raw, folder.processed):
            said += [repr(problem) + str(problem) for problem in each.problems]
            tables |= each.tables
    except DataError as error:
        said += [str(error), repr(error), repr(error.problems)]
    cells = {name: frame.to_csv() for name, frame in tables.items() if name != "segments"}
    return said, cells


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("how_many", ["one", "every"])
def test_no_cell_comes_out(folder, people, column, canary, how_many):
    rows = people(12)
    for row in rows[: 1 if how_many == "one" else None]:
        row[column] = canary
    folder.deliver(rows)
    said, cells = outcome(folder)
    assert not traces("".join(said)), said
    assert not any(traces(text) for text in cells.values())


def test_not_in_the_files_that_are_written_either(folder, people):
    rows = [{**row, "nr": f"sanne{row['nr']}", "code": f"SANNE{row['nr']}", "opm": CANARIES[3]}
            for row in people(12)]
    folder.deliver(rows)
    clean_study(folder.study, folder.raw, folder.processed)
    for path in (each for each in (folder.path / "data").rglob("*") if each.is_file()):
        if folder.raw not in path.parents:
            assert not traces(path.read_bytes().decode("latin-1")), path.name


def test_not_in_the_memory_of_what_a_correction_expected(folder, people):
    folder.deliver(people(4))
    header = "delivery,key,column,old,new,reason,who,date\n"
    line = "A/T0/survey.csv,2,s1,{},Eens,belde,Ans,2026-03-01\n"
    folder.sheet("corrections.csv", header + line.format(CANARIES[0]))
    said, _ = outcome(folder)
    assert said and not traces("".join(said))


def test_two_headers_and_a_shifted_column(folder, people):
    path = folder.deliver(people(5))
    lines = path.read_text().split("\n")
    path.write_text("\n".join([lines[0], f"{CANARIES[0]},{lines[1]}", *lines[2:]]))
    said, _ = outcome(folder)
    assert said and not traces("".join(said))
