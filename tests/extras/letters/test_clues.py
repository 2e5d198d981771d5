import pytest

from hackathon.extras.letters.clues import ClueKind, clues_of

JURY = ["Élodie Martin", "Jean-Luc Durand", "Max"]
DEPARTMENT = ("Information et communication", "INFOCOM")


def found(text: str) -> list[tuple[ClueKind, str]]:
    return [tuple(clue) for clue in clues_of(text, jury=JURY, department=DEPARTMENT)]


@pytest.mark.parametrize(
    ("text", "clues"),
    [
        ("Comme le disait Elodie, chiffrez.", [(ClueKind.NAME, "Elodie")]),
        ("Demandez à M. DURAND.", [(ClueKind.NAME, "DURAND")]),
        ("Venez voir Luc.", [(ClueKind.NAME, "Luc")]),
        ("Bravo ! J.D.", [(ClueKind.INITIALS, "J.D")]),
        ("Bravo, EM", [(ClueKind.INITIALS, "EM")]),
        ("Écrivez à jury@iut.fr.", [(ClueKind.EMAIL, "jury@iut.fr.")]),
        ("En tant que client, j’achète.", [(ClueKind.ROLE, "En tant que client")]),
        ("En tant qu’élue, non.", [(ClueKind.ROLE, "En tant qu’élue")]),
        ("Je suis graphiste : soignez.", [(ClueKind.ROLE, "Je suis graphiste")]),
        ("Revoyez mon cours.", [(ClueKind.MINE, "mon cours")]),
        ("En INFOCOM on attend mieux.", [(ClueKind.DEPARTMENT, "INFOCOM")]),
    ],
)
def test_what_may_betray_its_author_is_pointed_at(text, clues):
    assert found(text) == clues


@pytest.mark.parametrize(
    "text",
    [
        "Un besoin réel, bien compris : le budget tient.",
        "Le jeu plaît aux clients, chiffrez ce qu’ils paieraient.",  # « jeu » is not « je »
        "On comprend tout de suite à quoi sert le site.",
        "J’ai compris le besoin à la première page.",
        "Au maximum trois écrans.",
        "Monsieur Lambda s’y retrouve.",
        "",
    ],
)
def test_plain_sentences_are_not(text):
    assert found(text) == []


def test_each_clue_is_named_once():
    assert found("Max, Max et Max") == [(ClueKind.NAME, "Max")]
