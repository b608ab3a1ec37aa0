"""What points straight at a person: by heading and by cell, with the checks that numbers carry."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostudy.deliveries.identifiers import heading_kind, identifying_rows, kinds_in


@pytest.mark.parametrize(("heading", "kind"), [
    ("Naam", "name"), ("RecipientFirstName", "name"), ("achternaam", "name"),
    ("E-mailadres", "e-mail address"), ("RecipientEmail", "e-mail address"),
    ("Telefoonnummer", "telephone number"), ("Mobiel", "telephone number"),
    ("IPAddress", "IP address"), ("ip-adres", "IP address"), ("ipaddr", "IP address"),
    ("Postcode", "address"), ("Straatnaam", "address"), ("LocationLatitude", "location"),
    ("Geboortedatum", "date of birth"), ("BSN", "citizen service number"),
    ("IBAN", "bank account"), ("token", "key to the address book"),
    ("seed", "key to the address book"),
    ("ExternalDataReference", "key to the address book"), ("personeelsnummer", "staff number"),
    ("Collector ID", "key to the address book"),
])
def test_headings_of_persons(heading, kind):
    assert heading_kind(heading) == kind


@pytest.mark.parametrize("heading", [
    "Teamnaam", "Naam van uw team?", "workflow_needs_addressed_themes", "Document name", "s1",
    "Weet u hoe uw collega's heten en wat hun naam is?", "Hotel", "Bestandsnaam", "Tijdstempel",
    "Ingevuld op", "ID", "Duration (in seconds)",
])
def test_headings_of_nobody(heading):
    assert heading_kind(heading) == ""


@pytest.mark.parametrize(("text", "kind"), [
    ("schrijf naar j.de-vries+werk@mail.example.org.", "an e-mail address"),
    ("06-12345678", "a telephone number"), ("bel 06 12 34 56 78!", "a telephone number"),
    ("+31 6 1234 5678", "a telephone number"), ("(030) 123 45 67", "a telephone number"),
    ("0031-30-1234567", "a telephone number"), ("+32 470 12 34 56", "a telephone number"),
    ("vanaf 192.168.1.20", "an IP address"), ("2001:db8:85a3::8a2e:370:7334", "an IP address"),
    ("NL91 ABNA 0417 1643 00", "a bank account"), ("nl91abna0417164300", "a bank account"),
    ("DE89370400440532013000", "a bank account"), ("BSN: 111222333.", "a citizen service number"),
    ("mijn burgerservicenummer is 1112.22.333", "a citizen service number"),
    ("ik woon op 3511 LX", "a postal code"), ("3511lx", "a postal code"),
])
def test_cells_of_persons(text, kind):
    assert kind in kinds_in(text)


@pytest.mark.parametrize("text", [
    "A1", "Team 12", "2025-01-13", "2025-01-13 09:30:00", "13-01-2025 09:30", "10 jaar of langer",
    "5 tot 10 jaar", "3,5", "nl-NL", "1.234.567,89", "123456789", "2025 is een goed jaar",
    "in 2024 en 2025 ging het beter", "NL91 ABNA 0417 1643 01", "BSN 111222334", "999.1.1.1",
    "versie 1.2.3", "12:30:45", "1000 mensen", "@kantoor", "45670.5", "R_3Nf8sk29dkA",
    "http://example.org/a/b", "1234 SS", "a1b2c3d4-e5f6-7890",
])
def test_ordinary_cells(text):
    assert kinds_in(text) == []


def test_rows_are_told_by_kind():
    cells = pd.Series(["a@b.nl", "niets", None, "06-12345678", "a@b.nl"], index=[4, 5, 6, 7, 8])
    assert identifying_rows(cells) == {"an e-mail address": [4, 8], "a telephone number": [7]}
    assert identifying_rows(cells.astype("category")) == identifying_rows(cells)


def test_bare_service_numbers_need_company():
    """One in eleven numbers passes the test by chance."""
    valid = ["111222333", "123456782", "100000009", "987654329"]
    assert identifying_rows(pd.Series(valid, index=range(2, 6))) == {
        "a citizen service number": [2, 3, 4, 5]
    }
    ordinary = ["111222333", "123456789", "100000001", "987654321", "222333444", "1", "2"]
    assert identifying_rows(pd.Series(ordinary)) == {}


def test_nothing_in_an_empty_column():
    assert identifying_rows(pd.Series([None, None], dtype="str")) == {}


@given(st.integers(0, 10**9 - 1))
def test_the_eleven_test_is_the_official_one(number):
    digits = [int(sign) for sign in f"{number:09d}"]
    total = sum(digit * weight for digit, weight in
                zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    passes = total % 11 == 0 and any(digits)
    assert ("a citizen service number" in kinds_in(f"bsn {number:09d}")) is passes


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4),
       st.integers(0, 10**10 - 1), st.integers(0, 99))
def test_a_dutch_account_is_one_in_ninety_seven(bank, number, check):
    text = f"NL{check:02d}{bank}{number:010d}"
    turned = "".join(str(int(sign, 36)) for sign in text[4:] + text[:4])
    assert ("a bank account" in kinds_in(text)) is (int(turned) % 97 == 1)


@pytest.mark.parametrize(("text", "kind"), [
    ("jan (at) voorbeeld.nl", "an e-mail address"), ("jan.de.vries [at] voorbeeld [punt] nl",
     "an e-mail address"), ("jan\uff20voorbeeld.nl", "an e-mail address"),
    ("bel (030) 253 35 50", "a telephone number"), ("0 6 1 2 3 4 5 6 7 8", "a telephone number"),
    ("2511 DE Den Haag", "a postal code"), ("2511DE", "a postal code"),
    ("145.18.12.3", "an IP address"),
])
def test_other_ways_of_writing_are_found(text, kind):
    assert list(identifying_rows(pd.Series([text, "fijn"]))) == [kind]


@pytest.mark.parametrize("text", [
    "2500 MG", "1500 kg", "2500 MG paracetamol", "1000 EU subsidie", "in 2024 DE week",
    "zie artikel 3.1.1.2", "versie 1.2.3.4 van het protocol", "protocol 10.0.0.1", "2025 tm 2026",
    "ik ben er (at ease)",
])
def test_measures_sections_and_versions_are_nobodys(text):
    assert identifying_rows(pd.Series([text, "fijn"])) == {}
