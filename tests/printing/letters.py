import pypdfium2


def cut_letters(pdf: bytes, text: str) -> list[str]:
    """Those of `text` whose top is blank on the first page."""
    page, scale = pypdfium2.PdfDocument(pdf)[0], 8
    letters, drawn = page.get_textpage(), page.render(scale=scale).to_pil().convert("L")
    found = letters.search(text).get_next()
    assert found is not None
    cut = []
    for index in range(found[0], found[0] + found[1]):
        left, bottom, right, top = (scale * edge for edge in letters.get_charbox(index))
        below = drawn.height - top
        box = (left, below, right, below + 0.1 * (top - bottom))
        if letters.get_text_range(index, 1).strip() and drawn.crop(box).getextrema()[0] > 128:
            cut.append(letters.get_text_range(index, 1))
    return cut
