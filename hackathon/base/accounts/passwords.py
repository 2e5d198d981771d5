from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OTHER_LETTERS = 4


class KnownWords:
    """Refuses what somebody who knows the event tries first: its words, with hardly any other
    letters, whatever figures and signs are around and between them.
    """

    def __init__(self, words: Collection[str]) -> None:
        self.words = sorted(words, key=len, reverse=True)

    def validate(self, password: str, user: object = None) -> None:
        letters = "".join(filter(str.isalpha, password.lower()))
        others = letters
        for word in self.words:
            others = others.replace(word, "")
        if others != letters and len(others) < OTHER_LETTERS:
            raise ValidationError(self.get_help_text(), code="password_known_words")

    def get_help_text(self) -> str:
        return _(
            "Le mot de passe ne doit pas se réduire au nom de l’événement, de l’école ou d’un rôle."
        )
