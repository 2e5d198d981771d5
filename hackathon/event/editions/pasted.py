"""Departments as people paste them: code and name, in either order."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CODE = re.compile(r"[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*")
COLUMNS = re.compile(r"\s*[\t;|]\s*")
SIGNS = re.compile(r"\s+[-–—=]+>?\s+|\s*[:,]\s*")
NAME_AND_CODE = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]")


def department(line: str) -> tuple[str, str]:
    """Code and name, both as typed. Raises `ValidationError`."""
    line = line.strip()
    pairs = [separator.split(line, maxsplit=1) for separator in (COLUMNS, SIGNS)]
    if match := NAME_AND_CODE.fullmatch(line):
        pairs.append([match[1], match[2].strip()])
    for pair in pairs:
        if len(pair) == 2 and (ordered := _ordered(*pair)):
            return ordered
    return _of_words(line)


def _ordered(first: str, second: str) -> tuple[str, str] | None:
    """The code is in capitals, or else the first one."""
    is_first, is_second = (CODE.fullmatch(part) is not None for part in (first, second))
    if is_first and (first.isupper() or not (is_second and second.isupper())):
        return first, second
    return (second, first) if is_second else None


def _of_words(line: str) -> tuple[str, str]:
    """« Techniques de commercialisation » has no code."""
    first, _space, rest = line.partition(" ")
    before, _space, last = line.rpartition(" ")
    if rest and (first.isupper() or (first.islower() and rest.lstrip()[0].isupper())):
        return first, rest.strip()
    if before and last.isupper() and CODE.fullmatch(last):
        return last, before.strip()
    raise _missing(line)


def _missing(line: str) -> ValidationError:
    if CODE.fullmatch(line) and line.isupper():
        why = _("« {text} » : il manque le nom. Écrivez par exemple « {text} Génie civil ».")
    else:
        why = _("« {text} » : il manque le code. Écrivez par exemple « GCCD Génie civil ».")
    return ValidationError(why.format(text=line))
