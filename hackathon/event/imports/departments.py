import re

from hackathon.base.core.errors import refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports.cells import Wrong, shown
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.headers import normal

EXCEPT = re.compile(r"\b(?:sauf|hors|excepté)\b", re.IGNORECASE)
ALL = frozenset({"tous", "toutes", "tous les departements", "all"})


class Departments:
    """Those of an edition, found by code or name. One query."""

    def __init__(self, edition: Edition, default: Department | None = None) -> None:
        self.all = list(edition.departments.all())
        self.default = default or (self.all[0] if len(self.all) == 1 else None)
        self.given = default
        self._keys = [
            (key, department)
            for department in self.all
            for name in (department.code, department.name)
            for key in dict.fromkeys((normal(name), _spoken(name)))
        ]

    @property
    def known(self) -> str:
        return ", ".join(department.code for department in self.all) or "–"

    def get(self, text: str) -> Department:
        """The only one that the text names."""
        exact = self._exact(text)
        inside = [exact] if exact else self._inside(text)[0]
        if len(inside) != 1:
            raise self._unknown(text)
        return inside[0]

    def several(self, text: str) -> list[Department]:
        """« INFO, GEA », « INFO et GEA », « tous », « tous sauf GEA ». Raises `Wrong` for anything
        else between them.
        """
        wanted, *without = EXCEPT.split(text)
        if without:
            excepted = self.several(without[0])
            return [one for one in self.several(wanted) if one not in excepted]
        if normal(text) in ALL:
            return self.all
        if exact := self._exact(text):
            return [exact]
        departments: list[Department] = []
        for part in re.split(r"[,;/+|\n]", text):
            inside, rest = self._inside(part)
            # Each side of an « et » must name one. Names may contain an « et ».
            sides = [side for side in rest.split(" et ") if side.strip()]
            if any("|" not in side for side in sides):
                raise self._unknown(text)
            departments += [one for one in inside if one not in departments]
        return departments

    def likely(self, text: str) -> Department | None:
        """The only one that the text names, also in « BUT Informatique » and « INFO1 »."""
        if exact := self._exact(text):
            return exact
        apart = re.sub(r"(?<=[A-Za-z])(?=[0-9])", " ", text)
        inside, _rest = self._inside(f"{text} {apart}")
        return inside[0] if len(inside) == 1 else None

    def _exact(self, text: str) -> Department | None:
        wanted = normal(text).replace(" ", "")
        return next((d for key, d in self._keys if key.replace(" ", "") == wanted), None)

    def _inside(self, text: str) -> tuple[list[Department], str]:
        """Those whose code or name is in the text, and the text with a bar for each."""
        pks: set[int] = set()
        rest = f" {_spoken(text)} "
        for key, department in sorted(self._keys, key=lambda pair: -len(pair[0])):
            if key and f" {key} " in rest:
                rest = rest.replace(f" {key} ", " | ")
                pks.add(department.pk)
        return [department for department in self.all if department.pk in pks], rest

    def _unknown(self, text: str) -> Wrong:
        refusal = refuse(ImportRefusal.DEPARTMENT_UNKNOWN, value=shown(text), known=self.known)
        return Wrong(refusal)


def _spoken(text: str) -> str:
    return normal(text.replace("&", " et "))
