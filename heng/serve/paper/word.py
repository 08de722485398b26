"""写成 Word · Writes a document as .docx, which Word and WPS open: real headings and tables, drawings as pictures."""

from collections.abc import Sequence
from functools import singledispatch
from io import BytesIO
from typing import Any

from docx import Document as Opened
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from heng.serve.paper.document import Beside, Block, Document, Drawing, Grid, Heading, Sentence, dated
from heng.serve.paper.typeset import picture

FONT = "Microsoft YaHei"
INK, QUIET = RGBColor(0x1F, 0x29, 0x37), RGBColor(0x6B, 0x72, 0x80)
SHADE, RULE = "EEF2F7", "D1D5DB"
LONG, SHORT, EDGE = 297, 210, 18
"""纸的长、宽与边（毫米） · The long and short side of A4 and its margin, in millimetres."""
SIZES = {"Title": 17, "Heading 1": 13, "Heading 2": 10.5}


def docx(made: Document) -> bytes:
    """写成 Word · The document as .docx; the same document gives the same bytes."""
    opened = Opened()
    _styled(opened, made)
    opened.add_paragraph(made.title, style="Title")
    facts = opened.add_paragraph()
    _run(facts, " · ".join(f"{name} {value}" for name, value in made.facts), size=8.5, ink=QUIET)
    for block in made.blocks:
        _put(block, opened)
    _footed(opened, made.foot)
    out = BytesIO()
    opened.save(out)
    return dated(out.getvalue())


def _styled(opened: Any, made: Document) -> None:
    section, moment = opened.sections[0], made.made.replace(tzinfo=None)
    sides = (Mm(LONG), Mm(SHORT)) if made.landscape else (Mm(SHORT), Mm(LONG))
    section.orientation = WD_ORIENT.LANDSCAPE if made.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = sides
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(EDGE)
    told = opened.core_properties
    told.title, told.author, told.comments, told.language = made.title, "", "", made.lang
    told.created = told.modified = moment
    for name in ("Normal", *SIZES):
        style = opened.styles[name]
        _font(style, SIZES.get(name, made.size))
        if name in SIZES:
            style.font.bold = True
            style.paragraph_format.keep_with_next = True
    plain = opened.styles["Normal"].paragraph_format
    plain.space_after, plain.line_spacing = Pt(4), 1.25


def _font(style: Any, size: float) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
        fonts.set(qn(script), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _run(paragraph: Any, text: str, *, size: float = 0, ink: RGBColor | None = None, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    if ink is not None:
        run.font.color.rgb = ink


@singledispatch
def _put(block: Block, _opened: Any) -> None:
    raise TypeError(type(block).__name__)


@_put.register
def _(block: Heading, opened: Any) -> None:
    opened.add_heading(block.text, block.level)


@_put.register
def _(block: Sentence, opened: Any) -> None:
    _run(opened.add_paragraph(), block.text, size=8.5 if block.quiet else 0, ink=QUIET if block.quiet else None)


@_put.register
def _(block: Drawing, opened: Any) -> None:
    _drawn(block, opened, _room(opened))


@_put.register
def _(block: Beside, opened: Any) -> None:
    for drawing in block.drawings:  # one below the other: a table of pictures is read by nobody's screen reader
        _drawn(drawing, opened, _room(opened) * 2 // 3)


def _room(opened: Any) -> int:
    section = opened.sections[0]
    return int(section.page_width - section.left_margin - section.right_margin)


def _drawn(drawing: Drawing, opened: Any, width: int) -> None:
    told = opened.add_paragraph()
    told.paragraph_format.keep_with_next = True
    _run(told, drawing.told, bold=True, size=9)
    shape = opened.add_picture(BytesIO(picture(drawing)), width=width)
    shape._inline.docPr.set("descr", drawing.told)  # noqa: SLF001 - the library has no other way to the words for the blind


@_put.register
def _(block: Grid, opened: Any) -> None:
    rows = [block.heads, *block.rows, *([block.foot] if block.foot else [])]
    table = opened.add_table(rows=len(rows), cols=len(block.heads))
    table.autofit = not block.widths
    _ruled(table)
    room, whole = _room(opened), sum(block.widths)
    for n, row in enumerate(rows):
        _row(table.rows[n], row, block.numbers, bold=n == 0 or (bool(block.foot) and n == len(rows) - 1))
        if block.widths:
            for cell, share in zip(table.rows[n].cells, block.widths, strict=True):
                cell.width = int(room * share / whole)
    for column, share in zip(table.columns, block.widths, strict=False):
        column.width = int(room * share / whole)
    _header(table.rows[0])
    opened.add_paragraph().paragraph_format.space_after = Pt(2)


def _row(row: Any, cells: Sequence[str], numbers: Sequence[bool], *, bold: bool) -> None:
    for cell, text, number in zip(row.cells, cells, numbers, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 1.1
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if number else WD_ALIGN_PARAGRAPH.LEFT
        _run(paragraph, text, size=8.5, bold=bold)
    kept = row._tr.get_or_add_trPr()  # noqa: SLF001 - a row is not broken over two pages; the library has no word for it
    kept.append(OxmlElement("w:cantSplit"))


def _header(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - repeated on every page
    for cell in row.cells:
        shade = OxmlElement("w:shd")
        for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", SHADE)):
            shade.set(qn(name), value)
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _ruled(table: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", RULE)):
            line.set(qn(name), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)  # noqa: SLF001


def _footed(opened: Any, foot: str) -> None:
    paragraph = opened.sections[0].footer.paragraphs[0]
    _run(paragraph, f"{foot}    ", size=8, ink=QUIET)
    run = paragraph.add_run()
    run.font.size = Pt(8)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)  # noqa: SLF001 - the number of the page is a field
