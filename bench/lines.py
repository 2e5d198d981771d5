"""`python -m bench.lines [PATH]`: lines of a checkout, and its docstring lines per line of code.

A line of code has a token that is neither a comment nor a docstring.
"""

import ast
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterable
from pathlib import Path

DEFINITIONS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
BLANK = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
BLANK |= {tokenize.ENCODING, tokenize.ENDMARKER}
LONG_LINE, LONG_FUNCTION = 160, 40


def is_product(path: str) -> bool:
    return not path.startswith(("tests/", "bench/", "deploy/")) and "/migrations/" not in path


def is_page(path: str) -> bool:
    """Templates, texts of mails, scripts and styles."""
    of_extra = path.startswith("hackathon/extras/") and "/templates/" in path
    own = path.endswith((".js", ".css")) and path.startswith("hackathon/")
    return path.startswith("templates/") or of_extra or own


# By the names of decision 38, which has their budgets.
KINDS: dict[str, Callable[[str], bool]] = {
    "Python of the core": lambda path: (
        path.endswith(".py") and is_product(path) and not path.startswith("hackathon/extras/")
    ),
    "Python of extras": lambda path: (
        path.endswith(".py") and is_product(path) and path.startswith("hackathon/extras/")
    ),
    "Templates, texts, JavaScript, CSS": is_page,
    "Tests": lambda path: path.startswith("tests/") and path.endswith((".py", ".js")),
    "deploy": lambda path: path.startswith("deploy/"),
    "bench": lambda path: path.startswith("bench/") and path.endswith((".py", ".js", ".mjs")),
    "migrations": lambda path: path.endswith(".py") and "/migrations/" in path,
}


def names_of(root: Path) -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True)  # noqa: S607
    return [name for name in listed.stdout.splitlines() if (root / name).is_file()]


def counted(root: Path) -> dict[str, int]:
    """Lines by kind."""
    names = names_of(root)
    return {
        kind: sum(len(lines_of(root / name)) for name in names if belongs(name))
        for kind, belongs in KINDS.items()
    }


def lines_of(path: Path) -> list[str]:
    return path.read_text().splitlines()


def docstrings_and_code(paths: Iterable[Path]) -> tuple[int, int]:
    docstrings = code = 0
    for path in paths:
        docs: set[int] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, DEFINITIONS) and ast.get_docstring(node) is not None:
                docs |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
        filled: set[int] = set()
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                if token.type not in BLANK:
                    filled |= set(range(token.start[0], token.end[0] + 1))
        docstrings += len(docs)
        code += len(filled - docs)
    return docstrings, code


def main(root: Path) -> None:
    for kind, lines in counted(root).items():
        print(f"{kind}: {lines}")
    names = names_of(root)
    python = [root / name for name in names if name.endswith(".py") and is_product(name)]
    docstrings, code = docstrings_and_code(python)
    print(f"docstrings: {docstrings} lines, {docstrings / code:.3f} per line of code")
    pages = [root / name for name in names if is_page(name) and "/templates/" in f"/{name}"]
    wide = sum(len(line) > LONG_LINE for path in pages for line in lines_of(path))
    print(f"lines of templates above {LONG_LINE} characters: {wide}")
    lengths = [
        (node.end_lineno or 0) - node.lineno + 1
        for path in python
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = sum(length > LONG_FUNCTION for length in lengths)
    print(f"functions above {LONG_FUNCTION} lines: {long}, the longest has {max(lengths)}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
