"""What the confined process reads of an archive of sources."""

import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from submissions.inspection.dispatch import FileJob, inspect, inspect_here
from submissions.inspection.result import Result
from submissions.inspection.sandbox import inspect_in_subprocess
from tests.submissions.inspection import samples

type Inspect = Callable[..., Result]


@pytest.fixture
def inspected(tmp_path) -> Inspect:
    def act(files: dict[str, bytes], name: str = "sources.zip") -> Result:
        path = tmp_path / "key"
        path.write_bytes(samples.archive(files))
        return inspect_here(FileJob(str(path), name))

    return act


def noise(kind: str = "PNG", side: int = 100) -> bytes:
    # Larger than an icon: noise cannot be compressed.
    image = Image.frombytes("RGB", (side, side), random.Random(1).randbytes(3 * side * side))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def tree(result: Result) -> list[Any]:
    return [(depth, name, files) for depth, name, _size, files in result.contents["tree"]]


def test_the_tree_has_directories_with_their_files_and_folds_what_is_not_the_teams_own(inspected):
    result = inspected(
        {
            "site/src/app.js": b"x" * 2000,
            "site/README.md": b"# GRAAL",
            "site/node_modules/left-pad/index.js": b"y",
            "site/node_modules/left-pad/readme.md": b"not ours",
            "__MACOSX/site/._app.js": b"z",
        }
    )

    assert tree(result) == [
        (0, "site/", 4),
        (1, "README.md", None),
        (1, "node_modules/", 2),
        (1, "src/", 1),
        (2, "app.js", None),
    ]
    assert result.contents["tree"][0][2] == 2000 + 7 + 1 + 8
    assert (result.contents["name"], result.contents["text"]) == ("site/README.md", "# GRAAL")
    assert result.contents["is_markdown"]


def test_a_long_tree_is_cut(inspected):
    result = inspected({f"{n:03}.txt": b"a" for n in range(310)})

    assert (len(result.contents["tree"]), result.contents["more"]) == (300, 10)


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (["b/README", "deep/er/readme.md", "index.html"], "b/README"),
        (["app.py", "web/index.html"], "web/index.html"),
        (["film.mp4"], ""),
    ],
)
def test_the_readme_nearest_to_the_root_is_read(inspected, names, read):
    assert inspected(dict.fromkeys(names, b"text")).contents["name"] == read


def test_its_pictures_are_one_picture(inspected):
    result = inspected(
        {
            "shots/one.png": noise(),
            "shots/two.jpg": noise("JPEG", side=300),
            "shots/broken.png": noise()[:-3000],
            "node_modules/logo.png": noise(),
            "icon.png": samples.image(size=(4, 4)),
        }
    )

    with Image.open(io.BytesIO(result.thumbnail)) as picture:
        assert picture.format == "WEBP"
        assert picture.width == 2 * 400 + 8
        assert picture.height == 300


def test_what_was_read_stays_if_the_pictures_are_too_much(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(samples.archive({"README.md": b"# A", "one.png": noise()}))

    results = list(inspect(FileJob(str(path), "sources.zip")))

    assert [bool(result.contents) for result in results] == [False, True, True]
    assert [bool(result.thumbnail) for result in results] == [False, False, True]
    assert inspect_in_subprocess(FileJob(str(path), "sources.zip")) == results[-1]


@pytest.mark.parametrize("name", ["rapport.docx", "sources.zip"])
def test_nothing_is_read_of_a_document_or_of_a_damaged_archive(tmp_path, name):
    path = tmp_path / "key"
    content = samples.archive({"[Content_Types].xml": b"a" * 5000, "word/image.png": noise()})
    if name == "sources.zip":
        middle = content.index(b"word/image.png") + 100
        content = content[:middle] + b"\0" * 200 + content[middle + 200 :]
    path.write_bytes(content)

    result = inspect_here(FileJob(str(path), name))

    assert (result.contents, result.thumbnail) == ({}, b"")
