"""Figures in a Word document: PNG with the SVG beside it, real alternative text, never stretched.

Word may compress a picture anew when it saves, so the bytes say nothing about whether a figure is
stale: the seal does. The name of the picture carries a digest of the alternative text, so that one
written by hand is kept.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from lostudy.publish.anchors import digest_of
from lostudy.publish.word.names import DRAWING, SPACES, Element, make, name
from lostudy.publish.word.package import Package

EMU_PER_MM, EMU_PER_TWIP = 36_000, 635
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
DOC_PR, EXTENT, INLINE = name("wp:docPr"), name("wp:extent"), name("wp:inline")
BLIP, EMBED, AEXT = name("a:blip"), name("r:embed"), name("a:ext")
SVG_BLIP = name("asvg:svgBlip")


@dataclass(frozen=True)
class Picture:
    """A figure's files, its size in English Metric Units and its words."""

    png: bytes
    svg: bytes
    width: int
    height: int
    alt: str


def read_picture(reports: Path, files: dict[str, str], alt: str) -> Picture:
    """The picture of a figure from the reports; raises FileNotFoundError where it is gone."""
    png = (reports / files["png"]).read_bytes()
    svg = (reports / files["svg"]).read_bytes() if "svg" in files else b""
    width, height, dpi = png_size(png)
    return Picture(png, svg, round(width / dpi * 914_400), round(height / dpi * 914_400), alt)


def png_size(png: bytes) -> tuple[int, int, float]:
    """Width and height in pixels, and dots per inch (96 where the file does not say)."""
    width, height = struct.unpack(">II", png[16:24])
    at = png.find(b"pHYs")
    dots = struct.unpack(">I", png[at + 4 : at + 8])[0] * 0.0254 if at > 0 else 96.0
    return width, height, dots


def picture_name(tag: str, alt: str) -> str:
    """The name of a picture: its seal, and a digest of the alternative text that was written."""
    return f"{tag}+{digest_of(alt)}"


def drawing_in(element: Element) -> Element | None:
    """The drawing inside an element."""
    return next(element.iter(DRAWING), None)


def alt_by_hand(drawing: Element) -> bool:
    """Whether somebody wrote another alternative text than the one a refresh left."""
    properties = next(drawing.iter(DOC_PR))
    label, _, written = (properties.get("name") or "").rpartition("+")
    return bool(label) and digest_of(properties.get("descr") or "") != written


def own_alt(drawing: Element) -> str:
    """Seal the alternative text that stands there as the one that was written; the text."""
    properties = next(drawing.iter(DOC_PR))
    label, text = properties.get("name") or "", properties.get("descr") or ""
    properties.set("name", picture_name(label.rpartition("+")[0], text))
    return text


def put_picture(
    package: Package, part: str, home: Element, picture: Picture, tag: str, number: int, room: int
) -> None:
    """Put a picture into a run, or in the place of the one in `home`; its width stays if there was
    one, and is at most `room`."""
    links = _links(package, part, picture)
    old = drawing_in(home)
    if old is None:
        width = min(picture.width, room)
        drawing = _drawing(links, picture, width, tag, picture.alt, number)
        home.append(drawing)
        return
    extent, properties = next(old.iter(EXTENT)), next(old.iter(DOC_PR))
    alt = (properties.get("descr") or "") if alt_by_hand(old) else picture.alt
    width, number = int(extent.get("cx")), int(properties.get("id") or number)
    fresh = _drawing(links, picture, width, tag, alt, number)
    if alt != picture.alt:
        properties = next(fresh.iter(DOC_PR))
        properties.set("name", picture_name(tag, picture.alt))
    before = [each.get(EMBED) for each in old.iter(BLIP, SVG_BLIP)]
    old.getparent().replace(old, fresh)
    for relation in set(before) - set(links):
        if relation and not _used(package, part, relation):
            package.unrelate(part, relation)


def _used(package: Package, part: str, relation: str) -> bool:
    return any(each.get(EMBED) == relation for each in package.tree(part).iter(BLIP, SVG_BLIP))


def _links(package: Package, part: str, picture: Picture) -> tuple[str, str]:
    """The relationships to the PNG and the SVG, which are stored once."""
    found = []
    for ending, content, kind in (("png", picture.png, "image/png"),
                                  ("svg", picture.svg, "image/svg+xml")):  # fmt: skip
        if not content:
            found.append("")
            continue
        media = f"word/media/lo-{digest_of(content.hex())}.{ending}"
        if media not in package.content:
            package.add(media, content, ending=kind)
        found.append(package.relate(part, "image", media))
    return found[0], found[1]


def _drawing(
    links: tuple[str, str], picture: Picture, width: int, tag: str, alt: str, number: int
) -> Element:
    height = round(width * picture.height / picture.width)
    label = picture_name(tag, alt)
    svg = ""
    if links[1]:
        svg = (f'<a:extLst><a:ext uri="{SVG_EXTENSION}"><asvg:svgBlip xmlns:asvg="{SPACES["asvg"]}"'
               f' r:embed="{links[1]}"/></a:ext></a:extLst>')  # fmt: skip
    xml = (
        f'<w:drawing xmlns:w="{SPACES["w"]}" xmlns:wp="{SPACES["wp"]}" xmlns:a="{SPACES["a"]}"'
        f' xmlns:pic="{SPACES["pic"]}" xmlns:r="{SPACES["r"]}">'
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}"/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{SPACES["pic"]}"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="0"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{links[0]}">{svg}</a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing>"
    )
    drawing = etree.fromstring(xml)
    for each in drawing.iter(DOC_PR, name("pic:cNvPr")):
        each.set("name", label)
        each.set("descr", alt)
    return drawing


def room_of(element: Element) -> int:
    """The width of the text around an element, in English Metric Units; A4 where it is not said."""
    root = element.getroottree().getroot()
    behind = [each for each in root.iter(name("w:sectPr"))]
    section = next((each for each in behind if _after(element, each)), None)
    if section is None:
        return 160 * EMU_PER_MM
    size, margins = section.find(name("w:pgSz")), section.find(name("w:pgMar"))
    if size is None or margins is None:
        return 160 * EMU_PER_MM
    sides = sum(int(float(margins.get(name(f"w:{side}")) or 0)) for side in ("left", "right"))
    wide = (int(float(size.get(name("w:w")))) - sides) * EMU_PER_TWIP
    columns = section.find(name("w:cols"))
    number = int(columns.get(name("w:num")) or 1) if columns is not None else 1
    return int(wide / number - (number - 1) * 12_700 * 18) if number > 1 else wide


def _after(element: Element, section: Element) -> bool:
    """Whether a section's properties stand behind an element in the document."""
    body = next(element.iterancestors(name("w:body")), None)
    if body is None:
        return True
    top = next(
        (each for each in [element, *element.iterancestors()] if each.getparent() is body), None
    )
    own = next(
        (each for each in [section, *section.iterancestors()] if each.getparent() is body), None
    )
    return top is not None and own is not None and body.index(own) >= body.index(top)


def empty_run() -> Element:
    """A run for a picture."""
    return make("w:r")
