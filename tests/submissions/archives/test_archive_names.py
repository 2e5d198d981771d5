import unicodedata

import pytest

from submissions.archives.names import NAME_MAX_CHARS, UniquePaths, extension_of, safe_name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("Com’unik", "Com’unik"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("CON", "_CON"),
        ("nul.tar", "_nul.tar"),
        ("lpt¹", "_lpt¹"),
        ("console", "console"),
        (" fin. . ", "fin"),
        ("...", "sans nom"),
        ("", "sans nom"),
        ("a\x00b\tc\nd", "ab c d"),
        ("exe.\u202efdp", "exe.fdp"),
        (unicodedata.normalize("NFD", "Épicerie"), "Épicerie"),
        ("\ud800", "sans nom"),
    ],
)
def test_safe_name(given, safe):
    assert safe_name(given) == safe


def test_long_names_fit_every_file_system():
    name = safe_name("🧅" * 10_000)

    assert len(name) == NAME_MAX_CHARS
    assert len(f"100 {name} v1000 (2).tar.gz".encode()) <= 255


@pytest.mark.parametrize(
    ("filename", "extension"),
    [
        ("a.PDF", ".pdf"),
        ("a.tar.gz", ".tar.gz"),
        ("a", ""),
        ("a.é", ""),
        ("a.pdf/", ""),
        ("a.verylongthing", ""),
    ],
)
def test_extension_of(filename, extension):
    assert extension_of(filename) == extension


def test_names_that_are_equal_on_windows_get_numbers():
    paths = UniquePaths()

    taken = [paths.take("INFO/", name, ".pdf") for name in ("Pixels", "pixels", "PIXELS")]

    assert taken == ["INFO/Pixels.pdf", "INFO/pixels (2).pdf", "INFO/PIXELS (3).pdf"]
