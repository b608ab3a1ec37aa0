"""A copy for the designer: the findings as plain text, and where each comes from at the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lostudy.errors import DocumentError, Problem
from lostudy.publish.states import Report
from lostudy.publish.trail import code_now
from lostudy.publish.word.comments import drop_comments, drop_empty_part
from lostudy.publish.word.controls import MARK, anchor_of, unwrap
from lostudy.publish.word.names import (
    BODY,
    INS,
    SDT,
    SECT,
    VAL,
    Element,
    make,
    name,
)
from lostudy.publish.word.package import Package, open_package
from lostudy.publish.word.pictures import DOC_PR
from lostudy.publish.word.table import new_table
from lostudy.publish.word.text import run_of
from lostudy.study import Study
from lostudy.words import word

TAGS = {"nl": "nl-NL", "en": "en-GB"}
LANG = name("w:lang")


def release_word(
    study: Study, path: Path, records: Mapping[str, Mapping[str, Any]], report: Report,
    output: Path, language: str,
) -> list[str]:  # fmt: skip
    """Write the copy; what somebody must still look at. Raises DocumentError where it cannot be."""
    package = open_package(path)
    if package.macros:
        cure = "save it in Word as .docx, and release that"
        raise DocumentError(Problem("it holds macros, which a release may not", cure, path.name))
    _alternative_texts(package, path)
    _unwrap_all(package)
    drop_comments(package)
    drop_empty_part(package)
    _drop_preview(package)
    _set_language(package, language)
    rows = _origins(records, report, language)
    _append_origins(package, study, rows, language)
    package.changed |= set(package.stories)
    package.save(output)
    return _notes(package, language)


def _alternative_texts(package: Package, path: Path) -> None:
    """Raise with every picture that a reader who does not see it would miss."""
    bare = []
    for part in package.stories:
        for properties in package.tree(part).iter(DOC_PR):
            decorative = any(each.tag.endswith("}decorative") for each in properties.iter())
            if not (properties.get("descr") or "").strip() and not decorative:
                bare.append(properties.get("name") or "?")
    if bare:
        cure = "in Word: right-click, View Alt Text, and describe it"
        what = "picture '{}' has no alternative text"
        raise DocumentError([Problem(what.format(each), cure, path.name) for each in bare])


def _unwrap_all(package: Package) -> None:
    """Take our controls and bookmarks away, and our names from pictures; what they hold stays."""
    for part in package.stories:
        root = package.tree(part)
        while True:
            own = [each for each in root.iter(SDT) if anchor_of(each) is not None]
            if not own:
                break
            unwrap(own[-1])
        starts = [each for each in root.iter(name("w:bookmarkStart"))
                  if (each.get(name("w:name")) or "").startswith(MARK)]  # fmt: skip
        numbers = {each.get(name("w:id")) for each in starts}
        ends = [
            each for each in root.iter(name("w:bookmarkEnd")) if each.get(name("w:id")) in numbers
        ]
        for each in [*starts, *ends]:
            each.getparent().remove(each)
        for each in root.iter(DOC_PR, name("pic:cNvPr")):
            label = each.get("name") or ""
            if label.startswith("lo:"):
                each.set("name", label.removeprefix("lo:").partition("#")[0])


def _drop_preview(package: Package) -> None:
    """Take away the picture of the first page that Word keeps: it shows the text of long ago."""
    for row in list(package.relations("")):
        if (row.get("Type") or "").endswith("/metadata/thumbnail"):
            package.unrelate("", str(row.get("Id")))


def _set_language(package: Package, language: str) -> None:
    """The language of the text in the styles, so that a screen reader pronounces it right."""
    part = package.related(package.main, "styles")
    if part is None:
        return
    root, tag = package.tree(part), TAGS[language]
    for each in root.iter(LANG):
        each.set(VAL, tag)
    defaults = root.find(name("w:docDefaults"))
    if defaults is None:
        defaults = make("w:docDefaults")
        root.insert(0, defaults)
    holder = defaults.find(name("w:rPrDefault"))
    if holder is None:
        holder = make("w:rPrDefault")
        defaults.insert(0, holder)
    look = holder.find(name("w:rPr"))
    if look is None:
        look = make("w:rPr")
        holder.append(look)
    if look.find(LANG) is None:
        look.append(make("w:lang", val=tag))
    package.changed.add(part)
    for story in package.stories:
        for each in package.tree(story).iter(LANG):
            each.set(VAL, tag)


def _origins(
    records: Mapping[str, Mapping[str, Any]], report: Report, language: str
) -> list[list[str]]:
    """A row for each finding in the document: its name, what it says, and where it comes from."""
    seen: dict[str, list[str]] = {}
    for row in report.rows:
        record = records[row.id]
        said = str(record[f"text_{language}"])
        place = f"{record['notebook']}, {record['cell']}"
        seen.setdefault(row.id, [row.id, said if len(said) < 90 else said[:89] + "…", place])
    heads = [word(key, language) for key in ("origin_name", "origin_says", "origin_place")]
    return [heads, *(seen[key] for key in sorted(seen))]


def _append_origins(package: Package, study: Study, rows: list[list[str]], language: str) -> None:
    """The appendix of origins at the end of the body, before the last section's properties."""
    body = package.tree(package.main).find(BODY)
    title = word("origins", language)
    head = make("w:p", make("w:pPr", *_heading(package), make("w:pageBreakBefore")), run_of(title))
    said = word("origins_said", language, study.about.title(language), code_now())
    parts = [head, make("w:p", run_of(said))]
    if study.simulated:
        parts.append(make("w:p", run_of(word("simulated_data", language))))
    parts += [new_table(rows, title), make("w:p")]
    last = body[-1] if len(body) and body[-1].tag == SECT else None
    for each in parts:
        if last is None:
            body.append(each)
        else:
            last.addprevious(each)


def _heading(package: Package) -> list[Element]:
    """The style of a first heading, by whatever id this document gives it."""
    part = package.related(package.main, "styles")
    for style in package.tree(part).iter(name("w:style")) if part else ():
        label = style.find(name("w:name"))
        if label is not None and (label.get(VAL) or "").lower() == "heading 1":
            return [make("w:pStyle", val=style.get(name("w:styleId")))]
    return []


def _notes(package: Package, language: str) -> list[str]:
    """What the release leaves for people: their tracked changes and comments."""
    root = package.tree(package.main)
    tracked = sum(1 for _ in root.iter(INS, name("w:del")))
    comments = sum(1 for _ in root.iter(name("w:commentReference")))
    notes = [word("note_tracked", language, tracked)] if tracked else []
    return notes + ([word("note_comments", language, comments)] if comments else [])
