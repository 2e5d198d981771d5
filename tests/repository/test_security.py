"""docs/security.md claims nothing that is not there, and leaves no requirement out."""

import re
from collections import Counter
from pathlib import Path

from hackathon.fixed_settings import SECRETS
from hackathon.settings import BASE_DIR

TEXT = (BASE_DIR / "docs" / "security.md").read_text()
NAMED = re.compile(r"`([\w./-]+\.(?:py|md|conf|yml|json|lock|toml)|\.\w+/?\w+)(?:::(\w+))?`")
# `* **1.2.6, 1.2.7** n/a: no LDAP or XPath`, over one or more lines.
ANSWERS = re.findall(r"^\* \*\*([\d., \n]+)\*\* (\S+):((?: .+)?(?:\n  .+)*)", TEXT, re.M)
# How many requirements of levels 1 and 2 each section of OWASP ASVS 5.0 has, if they are 1, 2, 3…
SECTIONS = {
    1: {1: 2, 2: 9, 3: 11, 4: 3, 5: 2},
    2: {1: 3, 2: 3, 3: 4, 4: 1},
    3: {2: 2, 3: 4, 4: 6, 5: 5, 7: 2},
    4: {1: 3, 2: 1, 3: 2, 4: 4},
    5: {1: 1, 2: 3, 3: 2, 4: 3},
    6: {1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4},
    7: {1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2},
    8: {1: 2, 2: 3, 3: 1, 4: 1},
    9: {1: 3, 2: 4},
    10: {1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3},
    11: {1: 2, 2: 3, 3: 3, 4: 4, 5: 1, 6: 1},
    12: {1: 3, 2: 2, 3: 4},
    13: {1: 1, 2: 5, 3: 2, 4: 5},
    14: {1: 2, 2: 4, 3: 3},
    15: {1: 3, 2: 3, 3: 7},
    16: {1: 1, 2: 5, 3: 4, 4: 3, 5: 3},
    17: {1: 1, 2: 4, 3: 2},
}


def test_every_file_and_test_that_is_named_exists():
    found = NAMED.findall(TEXT)
    assert len(found) > 150
    for name, test in found:
        path = BASE_DIR / name
        assert path.exists(), name
        assert not test or f"def {test}(" in path.read_text(), test


def test_each_requirement_has_one_answer_and_each_answer_a_state():
    asked = {
        f"{chapter}.{section}.{number}"
        for chapter, sections in SECTIONS.items()
        for section, count in sections.items()
        for number in range(1, count + 1)
    }
    answered = Counter(
        number for numbers, _state, _why in ANSWERS for number in re.findall(r"[\d.]+", numbers)
    )

    assert len(asked) == 253
    assert set(answered) == asked
    assert set(answered.values()) == {1}
    assert {state for _numbers, state, _why in ANSWERS} == {"yes", "partly", "no", "n/a"}


def test_what_is_met_or_missing_is_explained():
    assert [numbers for numbers, _state, why in ANSWERS if len(why.strip()) < 4] == []


def test_security_policy_is_linked():
    assert "docs/security.md" in (BASE_DIR / "SECURITY.md").read_text()
    assert Path(BASE_DIR / "SECURITY.md").stat().st_size < 6000


ROWS = {
    "CCD_DATABASE_PASSWORD": "password of PostgreSQL, address of Sentry",
    "CCD_SENTRY_DSN": "password of PostgreSQL, address of Sentry",
    "CCD_SECRET_KEY": "secret key",
    "CCD_FORMER_SECRET_KEYS": "former secret keys",
    "CCD_S3_SECRET_KEY": "key of S3",
    "CCD_SMTP_PASSWORD": "password of SMTP",
    "CCD_PUSH_SECRET": "push secret, secret of OpenID Connect",
    "CCD_OIDC_CLIENT_SECRET": "push secret, secret of OpenID Connect",
}


def test_the_table_of_secrets_is_that_of_the_settings():
    lines = TEXT[TEXT.index("| secret |") :].partition("\n\n")[0].splitlines()
    heads, _rule, *rows = [[c.strip() for c in line.strip("|").split("|")] for line in lines]
    given = {row[0]: {p for p, c in zip(heads, row, strict=True) if c == "yes"} for row in rows}

    assert given.pop("passphrase of backups") == {"worker"}
    assert given == {
        ROWS[secret]: set(processes) - {"backup"}  # of Kubernetes, where `worker` makes none
        for secret, processes in SECRETS.items()
    }
