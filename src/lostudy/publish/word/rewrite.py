"""Writing a place anew: text in the look it had, the cells of a table, a picture in its width."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lostudy.errors import DocumentError, Problem
from lostudy.findings.forms import OWN, text_of
from lostudy.publish.anchors import Address, digest_of, seal
from lostudy.publish.latest import latest
from lostudy.publish.word.controls import (
    anchor_of,
    control,
    fill,
    free_number,
    mark_name,
    reseal,
    unwrap,
)
from lostudy.publish.word.names import (
    ID,
    SDT,
    SDT_IN,
    SDT_PR,
    VAL,
    Element,
    P,
    R,
    make,
    name,
)
from lostudy.publish.word.package import Package
from lostudy.publish.word.pictures import (
    DOC_PR,
    Picture,
    empty_run,
    put_picture,
    read_picture,
    room_of,
)
from lostudy.publish.word.places import Place, table_of
from lostudy.publish.word.table import new_table, set_rows
from lostudy.publish.word.text import visible

BOOKMARK_ID, BOOKMARK_NAME = name("w:id"), name("w:name")


def rewrite(
    package: Package, place: Place, record: Mapping[str, Any], reports: Path, language: str
) -> Element:
    """Write what the finding says now, and seal it; the control or picture as it is now."""
    now = latest(record, place.address.form, language)
    tag = seal(place.address, digest_of(now))
    if place.address.form == "" and record["kind"] == "figure":
        _picture(package, place, record, reports, language, tag)
    elif place.address.form == "" and record["kind"] == "table":
        return _table(place, record, tag, language)
    else:
        fill(place.element, now)
        reseal(place.element, tag)
    return place.element


def reseal_place(place: Place, digest: str) -> None:
    """The text says already what the finding says: only the seal is old."""
    tag = seal(place.address, digest)
    if place.kind == "control":
        reseal(place.element, tag)
    elif place.kind == "picture":
        properties = next(place.element.iter(DOC_PR))
        label = properties.get("name") or ""
        properties.set("name", f"{tag}+{label.rpartition('+')[2]}")


def _picture(
    package: Package,
    place: Place,
    record: Mapping[str, Any],
    reports: Path,
    language: str,
    tag: str,
) -> None:
    picture = picture_of(record, reports, language)
    numbers = drawing_numbers(package)
    home = place.element if place.kind == "control" else place.element.getparent()
    if place.kind == "control":
        home = home.find(SDT_IN)
        if next(home.iter(R), None) is None:
            (next(home.iter(P), home)).append(empty_run())
        home = next(home.iter(name("w:drawing")), next(home.iter(R)))
        home = home.getparent() if home.tag == name("w:drawing") else home
        reseal(place.element, tag)
    number = max(numbers, default=0) + 1
    put_picture(package, place.part, home, picture, tag, number, room_of(place.element))


def picture_of(record: Mapping[str, Any], reports: Path, language: str) -> Picture:
    """The files of a figure; raises DocumentError where they are not in the reports."""
    try:
        return read_picture(reports, record["files"], text_of(record, "alt", language))
    except (OSError, KeyError):
        what = f"the picture of '{record['id']}' is not in the reports"
        raise DocumentError(Problem(what, "run `lostudy run` and try again")) from None


def drawing_numbers(package: Package) -> list[int]:
    """The numbers that drawings have in the document; each must have its own."""
    found = []
    for part in package.stories:
        for each in package.tree(part).iter(DOC_PR):
            found.append(int(each.get("id") or 0))
    return found


def _table(place: Place, record: Mapping[str, Any], tag: str, language: str) -> Element:
    """The cells of a table; a control that an editor moved into a cell is put around it again."""
    table = table_of(place.element)
    if table is None:
        content = place.element.find(SDT_IN)
        content[:] = [new_table(record["cells"], str(record[f"text_{language}"]))]
        reseal(place.element, tag)
        return place.element
    around = place.element
    if around in set(table.iter(SDT)):
        number = place.element.find(f"{SDT_PR}/{ID}").get(VAL)
        unwrap(place.element)
        around = control(tag, int(number), plain=False)
        table.addprevious(around)
        around.find(SDT_IN).append(table)
    set_rows(table, record["cells"])
    title = table.find(f"{name('w:tblPr')}/{name('w:tblCaption')}")
    if title is not None:
        title.set(VAL, str(record[f"text_{language}"]))
    reseal(around, tag)
    return around


def keep_sentence(package: Package, control_: Element, claim: str) -> str:
    """Make a control one of the author's own sentence for a claim, as it stands there."""
    content = control_.find(SDT_IN)
    nested = frozenset(each for each in content.iter(SDT) if anchor_of(each) is not None)
    text = visible(content, nested)
    address = Address(claim, OWN)
    properties = control_.find(SDT_PR)
    for each in properties.findall(name("w:text")):
        properties.remove(each)
    reseal(control_, seal(address, digest_of(text)))
    mark_sentence(package, control_, address, digest_of(text))
    return text.strip()


def mark_sentence(package: Package, control_: Element, address: Address, digest: str) -> None:
    """Lay a bookmark around an own sentence: LibreOffice keeps that and not the control."""
    label = mark_name(address, digest)
    stem = label.rsplit("_", 1)[0]
    root = control_.getroottree().getroot()
    for start in [each for each in root.iter(name("w:bookmarkStart"))
                  if (each.get(BOOKMARK_NAME) or "").startswith(stem)
                  and each.getnext() is control_]:  # fmt: skip
        start.set(BOOKMARK_NAME, label)
        return
    taken = {each.get(BOOKMARK_ID) for part in package.stories
             for each in package.tree(part).iter(name("w:bookmarkStart"))}  # fmt: skip
    number = str(next(each for each in range(1, 100_000) if str(each) not in taken))
    control_.addprevious(make("w:bookmarkStart", id=number, name=label))
    control_.addnext(make("w:bookmarkEnd", id=number))


def control_number(package: Package, seed: str) -> int:
    """A number that no control of the document has."""
    if not package.numbers:
        package.numbers |= {each.get(VAL) for part in package.stories
                            for each in package.tree(part).iter(ID)
                            if each.getparent().tag == SDT_PR}  # fmt: skip
    number = free_number(package.numbers, seed)
    package.numbers.add(str(number))
    return number
