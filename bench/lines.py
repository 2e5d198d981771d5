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
    return not path.startswith(("tests/", "bench/")) and "/migrations/" not in path


KINDS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "Python": (".py", is_product),
    "migrations": (".py", lambda path: "/migrations/" in path),
    "tests (Python)": (".py", lambda path: path.startswith("tests/")),
    "tests (JavaScript)": (".js", lambda path: path.startswith("tests/")),
    "JavaScript": (".js", lambda path: path.startswith("hackathon/")),
    "CSS": (".css", lambda path: True),
    "templates": ("", lambda path: path.startswith("templates/")),
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
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True)  # noqa: S607
    names = listed.stdout.splitlines()
    for kind, (suffix, belongs) in KINDS.items():
        found = [root / name for name in names if name.endswith(suffix) and belongs(name)]
        print(f"{kind}: {len(found)} files, {sum(len(lines_of(path)) for path in found)} lines")
    python = [root / name for name in names if name.endswith(".py") and is_product(name)]
    docstrings, code = docstrings_and_code(python)
    print(f"docstrings: {docstrings} lines, {docstrings / code:.3f} per line of code")
    pages = [root / name for name in names if name.startswith("templates/")]
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
