import re

from hackathon.core.errors import refuse
from hackathon.editions.models import Department, Edition
from hackathon.imports.cells import Wrong, shown
from hackathon.imports.errors import ImportRefusal
from hackathon.imports.headers import normal

ALL = frozenset({"tous", "toutes", "tous les departements", "all"})


class Departments:
    """Those of an edition, found by code or name. One query."""

    def __init__(self, edition: Edition, default: Department | None = None) -> None:
        self.all = list(edition.departments.all())
        self.default = default or (self.all[0] if len(self.all) == 1 else None)
        self.given = default
        self._keys = [(normal(key), d) for d in self.all for key in (d.code, d.name)]

    @property
    def known(self) -> str:
        return ", ".join(department.code for department in self.all) or "–"

    def get(self, text: str) -> Department:
        found = self.likely(text)
        if found is None:
            raise Wrong(
                refuse(ImportRefusal.DEPARTMENT_UNKNOWN, value=shown(text), known=self.known)
            )
        return found

    def several(self, text: str) -> list[Department]:
        """« INFO, GEA », « tous »."""
        if normal(text) in ALL:
            return self.all
        if (whole := self.likely(text)) and not re.search(r"[,;/+\n]", text):
            return [whole]
        parts = [part for part in re.split(r"[,;/+\n]", text) if part.strip()]
        return list(dict.fromkeys(self.get(part) for part in parts))

    def likely(self, text: str) -> Department | None:
        """Also of « BUT Informatique »: the longest code or name in the text."""
        wanted = normal(text)
        for key, department in self._keys:
            if key.replace(" ", "") == wanted.replace(" ", ""):
                return department
        inside = [(len(key), d) for key, d in self._keys if key and f" {key} " in f" {wanted} "]
        return max(inside, key=lambda found: found[0])[1] if inside else None
