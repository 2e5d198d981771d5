import io
import zipfile
from collections.abc import Callable

from tests.submissions.inspection import samples

# Each script leaves a trace that the test looks for.
SCRIPT = "localStorage.setItem('pwned','{name}');new Image().src='/pwned?{name}'"


def script(name: str) -> str:
    # JavaScript whose execution the tests can detect.
    return SCRIPT.format(name=name)


def _html(name: str) -> bytes:
    return f"<!doctype html><title>x</title><script>{script(name)}</script>".encode()


def _svg(name: str) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" onload="{script(name)}">'
        f"<script>{script(name)}</script></svg>"
    ).encode()


def _xhtml(name: str) -> bytes:
    return (
        f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>'
        f"{script(name)}</script></html>"
    ).encode()


def _pdf_and_html(name: str) -> bytes:
    # Begins as a PDF, and is HTML for a program that searches for tags.
    return b"%PDF-1.4\n" + _html(name) + samples.pdf(1)


def _html_and_pdf(name: str) -> bytes:
    # Begins as HTML; PDF readers accept a header that comes later.
    return b"<html><script>" + script(name).encode() + b"</script>\n" + samples.pdf(1)


def _gif_and_js(name: str) -> bytes:
    # `GIF89a=1;` is an assignment: as a script, the rest is executed.
    picture = samples.image("GIF", (4, 4))
    body = b"/*" + picture[8:].replace(b"*/", b"**") + b"*/=1;" + script(name).encode()
    return b"GIF89a" + body


def _pdf_and_zip(name: str) -> bytes:
    out = io.BytesIO(samples.pdf(1))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("index.html", _html(name))
    return out.getvalue()


def _pdf_with_script(name: str) -> bytes:
    action = b'/OpenAction<</S/JavaScript/JS(app.launchURL\\("javascript:%s"\\))>>'
    escaped = script(name).encode().replace(b"(", b"\\(").replace(b")", b"\\)")
    return samples.written_pdf(
        b"<</Type/Catalog/Pages 2 0 R" + action % escaped + b">>",
        samples.ONE_PAGE,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    )


MAKERS: dict[str, Callable[[str], bytes]] = {
    "page.html": _html,
    "dessin.svg": _svg,
    "page.xhtml": _xhtml,
    "feuille.xml": _xhtml,
    "app.js": lambda name: script(name).encode(),
    "html-qui-se-dit.pdf": _html,
    "svg-qui-se-dit.png": _svg,
    "html-qui-se-dit.mp4": _html,
    "pdf-et-html.pdf": _pdf_and_html,
    "html-et-pdf.pdf": _html_and_pdf,
    "pdf-et-html.html": _pdf_and_html,
    "gif-et-js.gif": _gif_and_js,
    "gif-et-js.js": _gif_and_js,
    "pdf-et-zip.zip": _pdf_and_zip,
    "pdf-a-script.pdf": _pdf_with_script,
    "bombe.zip": lambda _: samples.zip_bomb(),
    "bombe.png": lambda _: samples.png_bomb(60_000),
}


def content_of(name: str) -> bytes:
    """Not made when the module is imported: the bomb takes two seconds."""
    return MAKERS[name](name)


# (as the client sends it, as it is stored)
NAMES = [
    ("../../etc/cron.d/x.pdf", "x.pdf"),
    ("..\\..\\windows\\x.pdf", "x.pdf"),
    ("C:\\Users\\ada\\x.pdf", "x.pdf"),
    ("/etc/passwd", "passwd"),
    ("a\0b.pdf", "ab.pdf"),
    ("facture\u202efdp.exe", "facturefdp.exe"),
    ("\u200f\u202bx.pdf", "x.pdf"),
    ("é" * 400 + ".pdf", "é" * 251 + ".pdf"),
    ("x." + "p" * 800, "x." + "p" * 253),
    ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
    ('x";a="b.pdf', 'x";a="b.pdf'),
    ("CON.pdf", "CON.pdf"),
    (".pdf", ".pdf"),
]
