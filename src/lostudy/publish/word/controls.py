"""Content controls: the anchors of findings in a Word document.

The seal stands in the tag and in the title of a control, because LibreOffice 7.4 keeps the title
only. Around an author's own sentence, which LibreOffice unwraps when it holds numbers, a bookmark
says the same in short.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from lostudy.publish.anchors import Address, unsealed
from lostudy.publish.word.names import (
    ID,
    INS,
    MOVED_TO,
    RPR,
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
from lostudy.publish.word.text import emptied, run_of

ORDER = tuple(
    name(f"w:{each}")
    for each in (
        "rPr", "alias", "tag", "id", "lock", "placeholder", "temporary", "showingPlcHdr",
        "dataBinding", "label", "tabIndex", "equation", "comboBox", "date", "docPartObj",
        "docPartList", "dropDownList", "picture", "richText", "text", "citation", "group",
        "bibliography",
    )
)  # fmt: skip
RANK = {each: place for place, each in enumerate(ORDER)}
ALIAS, TAG = name("w:alias"), name("w:tag")
BOUND = tuple(name(f"w:{each}") for each in ("dataBinding", "showingPlcHdr", "placeholder"))
PLAIN = name("w:text")
MARK = "_lo_"


def anchor_of(control: Element) -> tuple[Address, str] | None:
    """The address and digest that a control carries in its tag, or else in its title."""
    properties = control.find(SDT_PR)
    if properties is None:
        return None
    for kind in (TAG, ALIAS):
        found = properties.find(kind)
        anchor = unsealed(found.get(VAL) or "") if found is not None else None
        if anchor is not None:
            return anchor
    return None


def control(tag: str, number: int, *content: Element, plain: bool) -> Element:
    """A new control; `plain`: it holds one run of text and nothing else."""
    properties = make(
        "w:sdtPr", make("w:alias", val=tag), make("w:tag", val=tag), make("w:id", val=str(number))
    )
    if plain:
        properties.append(make("w:text", multiLine="1"))
    return make("w:sdt", properties, make("w:sdtContent", *content))


def reseal(control_: Element, tag: str) -> None:
    """Write a new tag and title, and let go of what would bring an old value back."""
    properties = control_.find(SDT_PR)
    for kind in (ALIAS, TAG):
        found = properties.find(kind)
        if found is None:
            found = make("w:alias" if kind == ALIAS else "w:tag")
            properties.append(found)
        found.set(VAL, tag)
    for each in [each for each in properties if each.tag in BOUND]:
        properties.remove(each)
    tidy(control_)


def tidy(control_: Element) -> None:
    """The properties of a control in the order of the schema; LibreOffice has another one."""
    properties = control_.find(SDT_PR)
    if properties is not None:
        ranked = sorted(properties, key=lambda each: RANK.get(each.tag, len(ORDER)))
        if ranked != list(properties):
            properties[:] = ranked


def take_apart_ids(roots: Iterable[Element]) -> set[int]:
    """Give each control a number of its own; the two halves of a text box share theirs.

    Returns the places of the roots in which a number was changed.
    """
    seen: set[str] = set()
    changed = set()
    for place, root in enumerate(roots):
        for each in root.iter(SDT):
            if next(each.iterancestors(name("mc:Fallback")), None) is not None:
                continue
            found = each.find(f"{SDT_PR}/{ID}")
            if found is not None and found.get(VAL) in seen:
                found.set(VAL, str(free_number(seen, found.get(VAL))))
                changed.add(place)
            if found is not None:
                seen.add(found.get(VAL))
    return changed


def free_number(taken: set[str], seed: str) -> int:
    """A control number that nobody has: the same one for the same seed."""
    for turn in range(10_000):
        digest = hashlib.sha256(f"{seed}/{turn}".encode()).hexdigest()
        number = int(digest[:8], 16) % 2_000_000_000 + 1
        if str(number) not in taken:
            return number
    raise AssertionError("ten thousand numbers are taken")


def fill(control_: Element, text: str) -> None:
    """Put text into a control in the look of the run that was there.

    Deletions stay, and so do an author's notes, comments and pictures.
    """
    content = control_.find(SDT_IN)
    runs = [run for run in content.iter(R) if not _gone(run, content)]
    if not runs:
        home = next(content.iter(P), content)
        look = control_.find(f"{SDT_PR}/{RPR}")
        home.append(run_of(text, look))
        return
    runs[0].addprevious(run_of(text, runs[0].find(RPR)))
    for run in runs:
        parent = run.getparent()
        if parent is not None and not emptied(run):
            parent.remove(run)


def _gone(run: Element, within: Element) -> bool:
    gone = (name("w:del"), name("w:moveFrom"))
    return any(each.tag in gone for each in run.iterancestors() if within in each.iterancestors())


def put_behind(run: Element, made: Element) -> None:
    """Put a control behind a run; a tracked insertion is parted, and goes on inside the control."""
    parent = run.getparent()
    if parent.tag in (INS, MOVED_TO):
        content = made.find(SDT_IN)
        around = make(f"w:{parent.tag.rsplit('}')[-1]}")
        around.attrib.update(parent.attrib)
        around[:] = list(content)
        content.append(around)
    part_behind(run, made)


def part_behind(run: Element, made: Element) -> None:
    """Put an element behind a run at the level of the paragraph; a tracked insertion is parted."""
    parent = run.getparent()
    if parent.tag not in (INS, MOVED_TO):
        run.addnext(made)
        return
    behind = list(run.itersiblings())
    parent.addnext(made)
    if behind:
        rest = make(f"w:{parent.tag.rsplit('}')[-1]}")
        rest.attrib.update(parent.attrib)
        rest[:] = behind
        made.addnext(rest)


def unwrap(control_: Element) -> None:
    """Take a control away and leave what it holds."""
    content = control_.find(SDT_IN)
    for child in list(content) if content is not None else []:
        control_.addprevious(child)
    control_.getparent().remove(control_)


def mark_name(address: Address, digest: str) -> str:
    """The bookmark that stands for an address: Word allows 40 characters."""
    return f"{MARK}{_short(address.id)}_{digest}"


def marked(label: str, ids: Iterable[str]) -> tuple[str, str] | None:
    """The id and digest that a bookmark of ours stands for."""
    parts = label[len(MARK) :].split("_")
    if not label.startswith(MARK) or len(parts) != 2:
        return None
    return next(((each, parts[1]) for each in ids if _short(each) == parts[0]), None)


def _short(id_: str) -> str:
    return hashlib.sha256(id_.encode()).hexdigest()[:10]
