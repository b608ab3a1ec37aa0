"""The XML inside REFI-QDA, Word and LibreOffice files: without entities, found by local name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
        line = getattr(error, "lineno", None)
        raise refusal(
            path, "the XML is not well formed; the file was cut off or changed by hand",
            "export it again", row=line or None, rule="xml.syntax") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise refusal(
            path, "the XML declares its own entities, which no coding tool does",
            "do not open it; ask the sender how it was made", rule="xml.entities")
    return root


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
    return (child for child in element if local(child) in names)


def every(element: Any, *names: str) -> Iterator[Any]:
    """Every element below, at any depth, with one of these local names, in document order."""
    return (found for found in element.iter() if local(found) in names)
