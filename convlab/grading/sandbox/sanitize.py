"""Students' texts and pictures made fit for a page that a teacher opens: nothing in them runs.

nbconvert puts markdown on nbgrader's pages as it is, HTML, scripts and all. So HTML in a student's markdown is shown as
text, and what the real renderer makes of it is looked through afterwards: if anything is left that is not on the
short lists below, the cell is shown as plain text.
"""

import base64
import binascii
import html.parser
import mimetypes
import os
import pathlib
import re
import struct
import urllib.parse
from collections.abc import Collection
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from .alarm import TimeIsUp, time_limit
from .wire import clean

__all__ = ["as_text", "attachments", "disarm", "markdown", "png"]

LETTERS = 50_000  # of one cell of markdown
SECONDS = 1  # to render it
PICTURE = 2_000_000  # letters of one picture
PIXELS = 20_000_000
SMALLEST = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}

TAGS = frozenset(
    "a blockquote br code dd del div dl dt em hr img li ol p pre s span strong sub sup "
    "table tbody td th thead tr ul".split()
)
ATTRIBUTES = frozenset("alt class href src start style title".split())
CLASSES = re.compile(r"highlight|hl-\w+|language-\w+|[a-z]{1,2}[a-z0-9]?")  # of code in colours
STYLES = re.compile(r"text-align: ?(left|right|center);?")  # of a table's columns
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+(.*?))?[ \t]*#*[ \t]*")
UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
LINKS = ("http", "https", "mailto")


def markdown(text: str, pictures: dict | None = None) -> str:
    """Return a student's markdown with nothing in it that a browser would run. ``pictures``: :func:`attachments`.

    Examples
    --------
    >>> markdown("**2 < 3** <script>alert(1)</script>")
    '**2 < 3** < script>alert(1)< /script>'
    >>> print(markdown("[a](javascript:alert) and $a<b$"))
    ```
    [a](javascript:alert) and $a< b$
    ```
    """
    text = re.sub(r"<(?=[A-Za-z!/?])", "< ", clean(text, LETTERS))
    # No picture from elsewhere: it would tell who looks at it, and when.
    text = re.sub(r"!(?=\[[^\]\n]{0,200}\]\((?!\s{0,9}attachment:))", "! ", text)
    text = "\n".join(_without_headings(text.split("\n")))
    return text if _renders(text, pictures or {}) else as_text(text)


def _without_headings(lines):
    """Headings as bold lines: they would have ids, and Formgrader finds its fields by theirs."""
    fence, before = None, ""
    for line in lines:
        mark = FENCE.match(line)
        heading = HEADING.fullmatch(line)
        if fence:
            fence = None if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        elif heading:
            line = f"\n**{heading[1].strip('*')}**\n" if heading[1] else ""
        elif UNDERLINE.fullmatch(line) and before.strip():
            line = f"\n{line}"
        yield line
        before = line


def as_text(text: str) -> str:
    """Return text as a block of code in markdown.

    Examples
    --------
    >>> as_text("```")
    '````\\n```\\n````'
    """
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def attachments(found: Any) -> dict:
    """Return what is a picture among the attachments of a cell: PNG, JPEG or GIF, nothing else.

    Examples
    --------
    >>> attachments({"a.png": {"image/png": "iVBORw0KGgo="}, "b": {"image/svg+xml": "PHN2Zz4="}, "c": 3})
    {'a.png': {'image/png': 'iVBORw0KGgo='}}
    """
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in found.items() if isinstance(found, dict) else ():
        for kind, start in SMALLEST.items():
            data = bundle.get(kind) if isinstance(bundle, dict) else None
            data = "".join(data) if isinstance(data, list) and all(isinstance(s, str) for s in data) else data
            if isinstance(data, str) and len(data) <= PICTURE and (_bytes(data) or b"").startswith(start):
                kept.setdefault(name, {})[kind] = data
    return kept


def png(data: Any) -> bool:
    """Whether some text is a PNG picture of a sensible size, in base64.

    Examples
    --------
    >>> png("PHN2Zz4="), png("https://example.org")
    (False, False)
    """
    raw = (_bytes(data) if isinstance(data, str) and len(data) <= PICTURE else None) or b""
    if not raw.startswith(SMALLEST["image/png"]) or len(raw) < 24:
        return False
    width, height = struct.unpack(">II", raw[16:24])
    return width * height <= PIXELS


def disarm(folder: str | os.PathLike[str], shipped: Collection[str] = ()) -> None:
    """Rename a student's files that a browser would run as a page: Formgrader serves them to the teacher.

    ``shipped`` are relative names of the teacher's own files.
    """
    for path in sorted(pathlib.Path(folder).rglob("*")):
        kind = mimetypes.guess_type(path.name)[0] or ""
        active = any(word in kind for word in ("html", "xml", "script"))
        if active and path.is_file() and str(path.relative_to(folder)) not in shipped:
            path.rename(path.with_name(f"{path.name}.txt"))


def _bytes(data):
    if not isinstance(data, str):
        return None
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _renders(text, pictures):
    """Whether nbconvert makes a page of it, in time, that has only what is on the lists."""
    try:
        with time_limit(SECONDS):
            renderer = IPythonRenderer(escape=False, attachments=pictures)
            page = Page()
            page.feed(MarkdownWithMath(renderer=renderer).render(text))
            page.close()
    except (Exception, TimeIsUp):  # whatever goes wrong there would go wrong on the teacher's page as well
        return False
    return page.harmless


class Page(html.parser.HTMLParser):
    """Looks at every tag of a page."""

    def __init__(self):
        super().__init__()
        self.harmless = True

    def handle_starttag(self, tag, attrs):
        names = {name for name, _ in attrs}
        links = [(name, value or "") for name, value in attrs if name in ("href", "src")]
        good = tag in TAGS and names <= ATTRIBUTES and all(_leads_nowhere_bad(tag, *link) for link in links)
        for name, value in attrs:
            if name == "class":
                good = good and all(map(CLASSES.fullmatch, (value or "").split()))
            if name == "style":
                good = good and STYLES.fullmatch(value or "") is not None
        self.harmless = self.harmless and good

    def handle_decl(self, decl):
        self.harmless = False

    handle_pi = unknown_decl = handle_comment = handle_decl


def _leads_nowhere_bad(tag, name, value):
    if tag == "img":
        return name == "src" and re.match(r"data:image/(png|jpeg|gif);base64,", value) is not None
    if value.startswith("#"):
        return True
    try:
        return urllib.parse.urlsplit(value.strip()).scheme.lower() in LINKS
    except ValueError:
        return False
