import pytest
from django.utils.translation import ngettext, override

from hackathon.base.core.typography import elided


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Hélène Aubry", "le code d’Hélène Aubry"),
        ("Élodie", "le code d’Élodie"),
        ("Yves", "le code d’Yves"),
        ("Yann", "le code de Yann"),
        ("Dan", "le code de Dan"),
        ("", "le code de "),
    ],
)
def test_de_is_elided_before_a_name(name, text):
    assert elided(f"le code de {name}", name) == text


def test_que_is_elided_and_other_words_are_not():
    assert elided("plus que Ada : de Ada, idée Ada", "Ada") == "plus qu’Ada : d’Ada, idée Ada"


@pytest.mark.parametrize(("language", "text"), [("fr", "0 équipe"), ("en", "0 teams")])
def test_zero_is_singular_in_french(language, text):
    with override(language):
        assert ngettext("%(n)s équipe", "%(n)s équipes", 0) % {"n": 0} == text
