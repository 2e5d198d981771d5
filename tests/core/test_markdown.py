import pytest

from hackathon.base.core import markdown

REL = 'rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Voir https://example.org/a?b=1.", "https://example.org/a?b=1"),
        ("Voir <https://example.org/>.", "https://example.org/"),
        ("[ici](https://example.org)", "https://example.org"),
        ("Écrivez à max@example.org", "mailto:max@example.org"),
    ],
)
def test_an_address_is_a_link(text, address):
    assert f'<a href="{address}" {REL}>' in markdown.render(text)
    (block,) = markdown.blocks(text)
    assert [span["href"] for span in block["spans"] if span["href"]] == [address]


@pytest.mark.parametrize(
    "text",
    ["rendu.py", "Node.js", "www.example.org", "javascript:alert(1)", "`https://example.org`"],
)
def test_what_is_no_address_is_no_link(text):
    assert "<a" not in markdown.render(text)
