"""A Word document with the styles of an edition: the whole look stands in them, and an editor changes it there."""

import io
from typing import Any, NamedTuple

from wijkpeiling.charts.style import Style
from wijkpeiling.errors import ReportError
from wijkpeiling.extras import PUBLISH, library
from wijkpeiling.language import LOCALES
from wijkpeiling.report.office import CREATED, LONGEST_PROPERTY, cut

A4_MM = (210, 297)
MARGIN_MM = 22
TEXT_MM, TEXT_LYING_MM = (side - 2 * MARGIN_MM for side in A4_MM)
# on the machines of editors, which Inter is not; without it a program takes one of the same widths
FONT = "Calibri"
# Word opens a file that asks for less in compatibility mode
WORD_2013 = "15"
# at most as wide and as high
LOGO_MM = (60, 10)
TABLE_STYLE, TABLE_TEXT_ID = "Wijkpeiling Table", "TableText"


class _Look(NamedTuple):
    """A style of paragraphs: points, and the role of its colour in the house style."""

    size: float
    before: float = 0
    after: float = 8
    colour: str = "ink"
    is_bold: bool = False
    is_italic: bool = False
    stays_with_next: bool = False
    based_on: str = "Normal"
    indent: float = 0


LOOKS = {
    "Normal": _Look(11, before=4, after=6),
    "Title": _Look(26, before=24, after=10, colour="brand", is_bold=True),
    "Subtitle": _Look(13, after=18, colour="quiet"),
    "Heading 1": _Look(18, before=26, after=8, colour="brand", is_bold=True, stays_with_next=True),
    "Heading 2": _Look(14, before=18, after=6, is_bold=True, stays_with_next=True),
    "Heading 3": _Look(12, before=14, after=4, is_bold=True, stays_with_next=True),
    "Heading 4": _Look(11, before=12, after=4, is_bold=True, stays_with_next=True),
    "TOC Heading": _Look(14, before=18, after=6, is_bold=True, stays_with_next=True),
    "toc 1": _Look(11, after=4),
    "toc 2": _Look(10, after=2, colour="quiet", indent=14),
    "Caption": _Look(10.5, before=12, after=6, is_bold=True),
    "List Bullet": _Look(11, after=4),
    "List Number": _Look(11, after=4),
    "Quote": _Look(11, is_italic=True),
    "Header": _Look(9, after=0, colour="quiet"),
    "Footer": _Look(9, after=0, colour="quiet"),
    # of our own
    "Topic": _Look(10, before=26, after=0, colour="quiet", stays_with_next=True),
    "Lead": _Look(13, after=8),
    "Key Figure": _Look(12, after=6),
    "Finding": _Look(11, before=2),
    "Figure": _Look(11, before=10, after=0, stays_with_next=True),
    "Figure Caption": _Look(10.5, before=4, after=6, is_bold=True, based_on="Caption"),
    "Table Text": _Look(9, after=0),
    "Note": _Look(9, before=3, after=3, colour="quiet"),
    "Header Warning": _Look(9, after=0, colour="warning", is_bold=True, based_on="Header"),
    "Warning": _Look(11, after=10, colour="warning", is_bold=True),
}
BUILTIN = ("toc 1", "toc 2")
# kinds of styles, as the library numbers them: paragraph, character; table
OF_TEXT, OF_TABLES = (1, 2), 3


def new_document(title: str, language: str, style: Style, *, task: str = "writing a Word document") -> Any:
    """An empty A4 document in a language, with the styles in the looks of a style and its sender above every page.

    Raises
    ------
    ReportError
        When python-docx-ng is not installed, which ``task`` takes; for a logo that cannot be drawn.
    """
    document = library("docx", task, ReportError, PUBLISH).Document()
    prepare(document, title, language)
    for name, look in LOOKS.items():
        _set_style(document, name, look, style)
    _add_table_style(document, style)
    _set_language(document, language, style.fonts.family if style.fonts else FONT)
    _add_sender(document, style)
    return document


def prepare(document: Any, title: str, language: str) -> None:
    """Page, language and properties of a new document, of which the library's own are American."""
    _set_page(document)
    _drop_table_styles(document)
    _set_language(document, language)
    known = document.core_properties
    known.title, known.author, known.comments = cut(title, LONGEST_PROPERTY), "", ""
    known.created = known.modified = CREATED


def _add_sender(document: Any, style: Style) -> None:
    """Logo of the sender in the head of the pages, or its name."""
    from docx.shared import Mm, Pt

    head = document.sections[0].header.paragraphs[0]
    name = style.sender.name if style.sender else ""
    if name or style.logo:
        head.paragraph_format.space_after = Pt(8)
    if style.logo is None:
        if name:
            head.add_run(name).bold = True
        return
    from wijkpeiling.report.typesetting import as_png

    picture = head.add_run().add_picture(io.BytesIO(as_png(style.logo)), description=name or style.logo.file)
    smaller = min(Mm(LOGO_MM[0]) / picture.width, Mm(LOGO_MM[1]) / picture.height)
    picture.width, picture.height = round(picture.width * smaller), round(picture.height * smaller)


def _set_page(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = map(Mm, A4_MM)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), WORD_2013)


def turn_page(document: Any) -> None:
    """Go on with a new page that lies when the last one stands, and stands when it lies."""
    from docx.enum.section import WD_ORIENT, WD_SECTION

    stands = document.sections[-1].orientation == WD_ORIENT.PORTRAIT
    # the library turns width and height with it
    document.add_section(WD_SECTION.NEW_PAGE).orientation = WD_ORIENT.LANDSCAPE if stands else WD_ORIENT.PORTRAIT


def _drop_table_styles(document: Any) -> None:
    """The library's hundred table styles, ten times the text of an edition."""
    for one in list(document.styles):
        if one.type == OF_TABLES and one.name not in ("Normal Table", "Table Grid"):
            one.delete()


def _set_style(document: Any, name: str, look: _Look, style: Style) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    known = {one.name for one in document.styles}
    made = (
        document.styles[name]
        if name in known
        else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, name in BUILTIN)
    )
    for element in [*made.element.iter(qn("w:rFonts"), qn("w:pBdr"), qn("w:color"), qn("w:spacing"), qn("w:kern"))]:
        element.getparent().remove(element)
    if name != "Normal":
        made.base_style = document.styles[look.based_on]
    made.hidden, made.quick_style = False, True
    made.font.size, made.font.bold, made.font.italic = Pt(look.size), look.is_bold or None, look.is_italic or None
    made.font.color.rgb = RGBColor.from_string(getattr(style.colours, look.colour).removeprefix("#").upper())
    form = made.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(look.before), Pt(look.after), look.stays_with_next
    if look.indent:
        form.left_indent = Pt(look.indent)
    if name in BUILTIN:
        form.tab_stops.add_tab_stop(Mm(TEXT_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    form.line_spacing = 1.0 if look.size < 10 else 1.15


def _add_table_style(document: Any, style: Style) -> None:
    """Lines between rows, a head with a ground, a first column that heads its row."""
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    rule, ink, panel = (getattr(style.colours, role).removeprefix("#") for role in ("rule", "ink", "panel"))
    line = 'w:val="single" w:sz="{}" w:space="0" w:color="{}"'
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE.replace(" ", "")}">'
            f'<w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>'
            f"<w:tblPr><w:tblBorders><w:top {line.format(8, ink)}/><w:bottom {line.format(8, ink)}/>"
            f"<w:insideH {line.format(4, rule)}/></w:tblBorders>"
            '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
            '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
            f"<w:tcBorders><w:bottom {line.format(8, ink)}/></w:tcBorders>"
            f'<w:shd w:val="clear" w:color="auto" w:fill="{panel}"/><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
            f'<w:tblStylePr w:type="firstCol"><w:rPr><w:color w:val="{ink}"/></w:rPr></w:tblStylePr></w:style>'
        )
    )


def _set_language(document: Any, language: str, font: str = FONT) -> None:
    """The language and font of every style, of the settings and of the file."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    styles, locale = document.styles.element, LOCALES[language].replace("_", "-")
    for fonts in list(styles.iter(qn("w:rFonts"))):
        fonts.getparent().remove(fonts)
    fonts = OxmlElement("w:rFonts")
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), font)
    styles.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}").insert(0, fonts)
    for style in document.styles:
        if style.type in OF_TEXT and style.element.get_or_add_rPr().find(qn("w:lang")) is None:
            style.element.rPr.append(OxmlElement("w:lang"))
    for mark in [*styles.iter(qn("w:lang")), *document.settings.element.iter(qn("w:themeFontLang"))]:
        mark.set(qn("w:val"), locale)
    document.core_properties.language = locale
