"""Word comments beside numbers that changed: what it was, what it is, does the sentence hold."""

from __future__ import annotations

from lostudy.publish.word.names import BODY, BOX, FALLBACK, Element, P, ancestor, make, name
from lostudy.publish.word.package import Package
from lostudy.publish.word.text import run_of

AUTHOR, INITIALS = "lostudy", "lo"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
EMPTY = (b'<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
)  # fmt: skip
COMMENT, CID = name("w:comment"), name("w:id")
RANGES = (name("w:commentRangeStart"), name("w:commentRangeEnd"), name("w:commentReference"))


def can_comment(part: str, package: Package, control: Element) -> bool:
    """Word takes comments in the body only, not in headers, notes or text boxes."""
    return part == package.main and ancestor(control, BOX, FALLBACK) is None


def comment(package: Package, control: Element, text: str) -> None:
    """Lay a comment beside a control."""
    part = _part(package)
    root = package.tree(part)
    taken = [int(each.get(CID)) for each in root.iter(COMMENT)]
    number = str(max(taken, default=-1) + 1)
    paragraph = make("w:p", run_of(text))
    root.append(make("w:comment", paragraph, id=number, author=AUTHOR, initials=INITIALS))
    package.changed.add(part)
    start, end = make("w:commentRangeStart", id=number), make("w:commentRangeEnd", id=number)
    reference = make("w:r", make("w:commentReference", id=number))
    home = ancestor(control, P)
    if home is None:
        behind = control.getnext()
        home = behind if behind is not None and behind.tag == P else next(control.iter(P))
        own = home.find(name("w:pPr"))
        at = 0 if own is None else 1
        home.insert(at, start)
        home.append(end)
        home.append(reference)
        return
    control.addprevious(start)
    control.addnext(end)
    end.addnext(reference)


def drop_comments(package: Package) -> int:
    """Take our own comments out of the document; how many there were."""
    part = package.related(package.main, "comments")
    if part is None or part not in package.content:
        return 0
    root = package.tree(part)
    own = [each for each in root.iter(COMMENT) if each.get(name("w:author")) == AUTHOR]
    numbers = {each.get(CID) for each in own}
    for each in own:
        root.remove(each)
    body = package.tree(package.main).find(BODY)
    for mark in [each for each in body.iter(*RANGES) if each.get(CID) in numbers]:
        home = mark.getparent()
        home.remove(mark)
        if mark.tag == RANGES[2] and not len([each for each in home if each.tag != name("w:rPr")]):
            home.getparent().remove(home)
    if own:
        package.changed |= {part, package.main}
    return len(own)


def drop_empty_part(package: Package) -> None:
    """Take the part of comments away where it holds none, so that nobody need look into it."""
    part = package.related(package.main, "comments")
    if part is None or part not in package.content or len(package.tree(part)):
        return
    for row in package.relations(package.main):
        if package.target(package.main, row.get("Id")) == part:
            package.unrelate(package.main, row.get("Id"))
            return


def _part(package: Package) -> str:
    found = package.related(package.main, "comments")
    if found is not None and found in package.content:
        return found
    part = f"{package.main.rsplit('/', 1)[0]}/comments.xml"
    package.add(part, EMPTY, kind=KIND)
    package.relate(package.main, "comments", part)
    return part
