"""What points straight at a person in a delivery: told from headings and from cells (rule C2).

Numbers that carry a check are checked (bank accounts modulo 97, citizen service numbers with the
eleven test), so that an ordinary number is not taken for one. Names cannot be told from cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "e-mail address": ("mail", "upn", "user principal name"),
    "telephone number": ("phone", "telefoon", "mobiel", "mobile", "tel", "tel."),
    "IP address": ("ipaddr", "ip address", "ip-adres", "ip adres", "ipadres", "ipaddress"),
    "address": (
        "adres", "address", "straat", "street", "huisnummer", "postcode", "zip", "postal code",
        "zipcode", "woonplaats",
    ),
    "location": ("latitude", "longitude", "geolocation", "geoip", "locationaccuracy"),
    "name": (
        "naam", "name", "voornaam", "achternaam", "tussenvoegsel", "voorletters", "initialen",
        "roepnaam", "surname", "recipient", "respondentnaam", "medewerker",
    ),
    "date of birth": ("geboortedatum", "birth", "geboren"),
    "citizen service number": ("bsn", "burgerservicenummer", "sofinummer"),
    "bank account": ("iban", "rekeningnummer", "bank account"),
    "staff number": ("personeelsnummer", "personeelsnr", "staff number", "employee"),
    "key to the address book": (
        "token", "toegangscode", "seed", "refurl", "referrer", "externalreference",
        "externaldatareference", "contactid", "collector", "invite", "panelid", "custom data",
    ),
})
NO_PERSON = (
    "team", "file", "bestand", "organisatie", "organisation", "schaal", "item", "document",
    "varname",
)
WHOLE = frozenset({"tel", "tel.", "seed", "zip", "invite", "upn", "mobile", "name", "employee"})
EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
PHONE = re.compile(r"(?<![\w.,:/+-])(?:\+|00)?\(?\d(?:[\s().-]{0,2}\d){7,14}(?![\w/:])")
IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
IP6 = re.compile(
    r"(?<![\w:])(?=[0-9A-Fa-f:]*::|(?:[0-9A-Fa-f]{1,4}:){7})[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]{4,}(?![\w:])"
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:\s?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
IBAN_LENGTHS = {
    "NL": 18, "BE": 16, "DE": 22, "LU": 20, "FR": 27, "GB": 22, "IE": 22, "AT": 20, "CH": 21,
    "DK": 18, "SE": 24, "NO": 15, "FI": 18, "PL": 28, "ES": 24, "PT": 25, "IT": 27, "TR": 26,
    "RO": 24, "BG": 22, "HU": 28, "CZ": 24, "LT": 20, "LV": 21, "EE": 20, "GR": 27, "UA": 29,
}
POSTCODE = re.compile(r"(?<![\w-])[1-9]\d{3}\s?(?!S[ADS])[A-Z]{2}(?![\w-])")
PLACE = re.compile(r",?\s+[A-Z]")
BSN = re.compile(r"(?<![\d.,-])\d{4}[.\s]?\d{2}[.\s]?\d{3}(?![.,-]?\d)")
BSN_SAID = re.compile(r"\b(?:bsn|burgerservicenummer|sofi)", re.IGNORECASE)
WRITTEN_AT = re.compile(
    r"[\w.+'-]+\s*[(\[]\s*(?:at|apenstaartje)\s*[)\]]\s*[\w-]+\s*(?:\.|[(\[]\s*(?:dot|punt)\s*[)\]])"
    r"\s*[A-Za-z]{2,}", re.IGNORECASE,
)
VERSION = re.compile(
    r"\b(?:versie|version|artikel|art|paragraaf|par|hoofdstuk|protocol|lid|v|bijlage|tabel|figuur)"
    r"\.?\s*[\d.]+", re.IGNORECASE,
)
UNITS = frozenset({
    "MG", "KG", "ML", "CL", "DL", "EU", "DE", "MM", "CM", "DM", "KM", "PM", "AM", "PP", "TM", "MB",
    "GB", "TB", "KB", "KW", "EN", "NL",
})
WORTH_A_LOOK = r"@|[(\[]\s*(?:at|AT|apenstaartje)|\d\D{0,3}\d\D{0,3}\d\D{0,3}\d|:[0-9A-Fa-f]*:"


def heading_kind(*names: str) -> str:
    """Which kind of identifier a heading or short question announces, "" for none.

    >>> heading_kind("E-mailadres"), heading_kind("RecipientLastName"), heading_kind("teamnaam")
    ('e-mail address', 'name', '')
    >>> heading_kind("Is de naam van ons team bekend?")
    ''
    """
    for name in names:
        short = " ".join(name.casefold().replace("e-mail", "mail").split())
        if len(short.split()) > 3 or short.endswith("?") or _of_no_person(short):
            continue
        for kind, words in HEADINGS.items():
            if any(_says(short, word) for word in words):
                return kind
        if re.search(r"name$|^name\b", short):
            return "name"
    return ""


def _says(name: str, word: str) -> bool:
    """Whether a word stands in a name: "address", but not in "needs addressed"."""
    return name == word if word in WHOLE else bool(re.search(rf"{word}(?!ed|ing)", name))


def _of_no_person(name: str) -> bool:
    return any(word in name for word in NO_PERSON)


def kinds_in(text: str) -> list[str]:
    """The kinds of identifier that stand in a text.

    >>> kinds_in("mail naar j.devries@example.org of 06-12 34 56 78")
    ['an e-mail address', 'a telephone number']
    >>> kinds_in("NL91 ABNA 0417 1643 00"), kinds_in("NL91 ABNA 0417 1643 01")
    (['a bank account'], [])
    """
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return [kind for kind, found in FINDERS.items() if found(text)]


def identifying_rows(cells: pd.Series) -> dict[str, list[int]]:
    """Kind of identifier → the rows of a column that hold one; numbers of one kind need company.

    Nine digits that pass the eleven test are a citizen service number where the text says so, or
    where most cells of the column are such numbers: one in eleven numbers passes by chance.

    >>> identifying_rows(pd.Series(["bel 06-12345678", "fijn", None], index=[2, 3, 4]))
    {'a telephone number': [2]}
    """
    cells = cells.astype("category")
    texts = pd.Series(cells.cat.categories.astype("str"))
    looked = texts[texts.str.contains(WORTH_A_LOOK, regex=True) | texts.str.contains("\uff20")]
    found: dict[str, list[int]] = {}
    for place, text in zip(looked.index.tolist(), looked, strict=True):
        for kind in kinds_in(text):
            found.setdefault(kind, []).append(place)
    codes = cells.cat.codes.to_numpy()
    bare = [place for place in looked.index.tolist() if is_bsn(texts[place].strip())]
    if int(np.isin(codes, bare).sum()) > max(2, int((codes >= 0).sum()) / 2):
        found.setdefault("a citizen service number", []).extend(bare)
    return {
        kind: [int(row) for row in cells.index[np.isin(codes, places)]]
        for kind, places in found.items()
    }


def _phone(text: str) -> bool:
    return any(map(is_phone, PHONE.findall(IBAN.sub(" ", text))))


def is_phone(written: str) -> bool:
    """Ten digits from 0 as in the Netherlands, or an international number; a year is no area code.

    >>> is_phone("+31 6 1234 5678"), is_phone("030 123 45 67"), is_phone("2026-01-13 09")
    (True, True, False)
    """
    digits = re.sub(r"\D", "", written)
    if written.strip().startswith(("+", "00")):
        return 9 <= len(digits.lstrip("0")) <= 15
    return len(digits) == 10 and digits[0] == "0" and digits[1] != "0"


def _ip(text: str) -> bool:
    found = IP.findall(VERSION.sub(" ", text))
    return any(map(_four, found)) or bool(IP6.search(text))


def _four(found: str) -> bool:
    """Four numbers under 256, not all of one digit: those are sections or versions."""
    parts = [int(part) for part in found.split(".")]
    return max(parts) < 256 and max(parts) > 9 and parts[0] > 0


def _email(text: str) -> bool:
    return bool(EMAIL.search(text) or WRITTEN_AT.search(text))


def _iban(text: str) -> bool:
    return any(_starts_with_iban(found) for found in IBAN.findall(text))


def _starts_with_iban(written: str) -> bool:
    """Whether the text starts with a bank account: words may follow the number."""
    packed = re.sub(r"\s", "", written).upper()
    size = IBAN_LENGTHS.get(packed[:2], 0)
    return len(packed) >= size > 0 and is_iban(packed[:size])


def is_iban(packed: str) -> bool:
    """ISO 13616: the first four signs at the end, letters as numbers, modulo 97 is 1."""
    turned = packed[4:] + packed[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _bsn(text: str) -> bool:
    return bool(BSN_SAID.search(text)) and any(map(is_bsn, BSN.findall(text)))


def is_bsn(written: str) -> bool:
    """The eleven test of a citizen service number.

    >>> is_bsn("111222333"), is_bsn("111222334")
    (True, False)
    """
    digits = [int(sign) for sign in re.sub(r"[.\s]", "", written) if sign.isdigit()]
    if not BSN.fullmatch(written) or not any(digits):
        return False
    total = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=False))
    return (total - digits[8]) % 11 == 0


def _postcode(text: str) -> bool:
    """Four digits and two capitals; letters that are a unit or a word need a place behind them.

    >>> [_postcode(text) for text in ("3511 LX", "2500 MG", "2511 DE Den Haag", "in 2024 DE week")]
    [True, False, True, False]
    """
    whole = POSTCODE.fullmatch(text.strip().upper())
    return any(
        found[0][-2:].upper() not in UNITS or not found[0][4].isspace()
        or PLACE.match(text, found.end())
        for found in [*POSTCODE.finditer(text), *([whole] if whole else [])]
    )


FINDERS: Mapping[str, Callable[[str], object]] = MappingProxyType({
    "an e-mail address": _email,
    "a telephone number": _phone,
    "an IP address": _ip,
    "a bank account": _iban,
    "a citizen service number": _bsn,
    "a postal code": _postcode,
})


def found_in(answers: pd.DataFrame) -> Iterator[tuple[str, str, list[int]]]:
    """Column, kind and rows of every identifier in the cells of a delivery."""
    for column in answers.columns.astype("str"):
        for kind, rows in identifying_rows(answers[column]).items():
            yield column, kind, rows
