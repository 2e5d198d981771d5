import pytest

from hackathon.core.typography import elided


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
def test_de_is_elided_before_a_name(name: str, text: str) -> None:
    assert elided(f"le code de {name}", name) == text


def test_que_is_elided_and_other_words_are_not() -> None:
    assert elided("plus que Ada : de Ada, idée Ada", "Ada") == "plus qu’Ada : d’Ada, idée Ada"
