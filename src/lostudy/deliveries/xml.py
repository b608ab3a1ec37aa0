"""The XML inside REFI-QDA, Word and LibreOffice files: without entities, found by local name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from lostudy.deliveries.files import refusal


def parse(path: Path, data: bytes, *, huge: bool = False) -> Any:
    """XML without entities, without network, without huge trees (unless its size was checked)."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=huge, load_dtd=False,
        remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _malformed(path, error) from None
    _without_entities(path, root)
    return root


def pieces(path: Path, stream: IO[bytes], names: Sequence[str]) -> Iterator[tuple[Any, Any]]:
    """(root, element) for each element of these local names as it ends; then it is let go.

    As `parse`, but the file is never whole in memory. Last comes (root, root): what stands
    directly under the root and was not asked for.
    """
    from lxml import etree

    events = etree.iterparse(
        stream, events=("end",), tag=[f"{{*}}{name}" for name in names], resolve_entities=False,
        no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    root = None
    try:
        for _, element in events:
            if root is None:
                root = element.getroottree().getroot()
                _without_entities(path, root)
            yield root, element
            element.clear()
            while element.getprevious() is not None and element is not root:
                del element.getparent()[0]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _malformed(path, error) from None
    _without_entities(path, events.root)
    yield events.root, events.root


def _malformed(path: Path, error: Exception) -> Exception:
    return refusal(
        path, "the XML is not well formed; the file was cut off or changed by hand",
        "export it again", row=getattr(error, "lineno", None) or None, rule="xml.syntax")


def _without_entities(path: Path, root: Any) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise refusal(
            path, "the XML declares its own entities, which no coding tool does",
            "do not open it; ask the sender how it was made", rule="xml.entities")


def local(element: Any) -> str:
    """The tag without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def guid(text: str | None) -> str:
    """A guid without braces, in lower case.

    >>> guid("{AB-1}")
    'ab-1'
    """
    return (text or "").strip().strip("{}").casefold()


def children(element: Any, *names: str) -> Iterator[Any]:
    """The direct children with one of these local names."""
    return iter(element.iterchildren(*(f"{{*}}{name}" for name in names)))


def every(element: Any, *names: str) -> Iterator[Any]:
    """Every element below, at any depth, with one of these local names, in document order."""
    return iter(element.iter(*(f"{{*}}{name}" for name in names)))
