import re

from hackathon.core.errors import refuse
from hackathon.editions.models import Department, Edition
from hackathon.imports.cells import Wrong, shown
from hackathon.imports.errors import ImportRefusal
from hackathon.imports.headers import normal

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
        if exact := self._exact(text):
            return exact
        inside, _rest = self._inside(text)
        if len(inside) != 1:
            raise self._unknown(text)
        return inside[0]

    def several(self, text: str) -> list[Department]:
        """« INFO, GEA », « INFO et GEA », « tous », « tous sauf GEA »."""
        wanted, *without = EXCEPT.split(text)
        if len(without) == 1:
            excepted = self.several(without[0])
            return [department for department in self.several(wanted) if department not in excepted]
        if normal(text) in ALL:
            return self.all
        if exact := self._exact(text):
            return [exact]
        parts = [part for part in re.split(r"[,;/+|\n]", text) if part.strip()]
        return list(
            dict.fromkeys(department for part in parts for department in self._all_in(part))
        )

    def likely(self, text: str) -> Department | None:
        """Also of « BUT Informatique » and « INFO1 »: the longest code or name in the text."""
        if exact := self._exact(text):
            return exact
        wanted = normal(text)
        wanted = f" {wanted} {re.sub(r'(?<=[a-z])(?=[0-9])', ' ', wanted)} "
        inside = [(len(key), d) for key, d in self._keys if key and f" {key} " in wanted]
        return max(inside, key=lambda match: match[0])[1] if inside else None

    def _exact(self, text: str) -> Department | None:
        wanted = normal(text).replace(" ", "")
        return next((d for key, d in self._keys if key.replace(" ", "") == wanted), None)

    def _all_in(self, text: str) -> list[Department]:
        """Raises `Wrong` if one side of an « et » names none. Names may contain an « et »."""
        departments, rest = self._inside(text)
        sides = rest.split(" et ")
        if not departments or (len(sides) > 1 and any(s.strip() and "|" not in s for s in sides)):
            raise self._unknown(text)
        return departments

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
