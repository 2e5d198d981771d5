"""Sphinx: `make docs`. With the tag `pdf` of this folder alone, else of all papers."""

import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

sys.path.insert(0, str(Path(__file__).parents[2]))
from hackathon.base.core.typography import spaced

project = "Crazy Charly Day"
language = "fr"
extensions = ["myst_parser"]
is_pdf = tags.has("pdf")  # type: ignore[name-defined]  # noqa: F821 - given by Sphinx
root_doc = "index" if is_pdf else "fr/index"
myst_heading_anchors = 3
html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["pages.css"]
suppress_warnings = ["myst.xref_missing"] if is_pdf else []  # the other papers are not in it
html_copy_source = html_show_sphinx = html_show_copyright = False
PAGES = re.compile(r"\]\(([\w-]+)\.md\)")


def add_contents(app: Sphinx, page: str, source: list[str]) -> None:
    """The pages in the order of the first one's links, then the papers in English."""
    if page != root_doc:
        return
    pages = "\n".join(dict.fromkeys(PAGES.findall(source[0])))
    contents = f"```{{toctree}}\n:hidden:\n\n{pages}\n```\n"
    if not is_pdf:
        english = ":caption: En anglais, pour les développeurs\n:glob:\n:maxdepth: 1\n"
        contents += (
            f"```{{toctree}}\n:hidden:\n{english}\n../*\n../operations/*\n../decisions/*\n```\n"
        )
    source[0] += f"\n{contents}"


class Spaces(SphinxTransform):
    """French typography, as on the pages of the site; not in code."""

    default_priority = 500

    def apply(self, **_kwargs: Any) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if not isinstance(text.parent, (nodes.literal, nodes.literal_block)):
                text.parent.replace(text, nodes.Text(spaced(str(text))))


def setup(app: Sphinx) -> None:
    app.connect("source-read", add_contents)
    app.add_transform(Spaces)
