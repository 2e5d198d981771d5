"""Colours that stay readable. Contrast and luminance as in WCAG 2.2, success criterion 1.4.3."""

type Rgb = tuple[int, int, int]

BLACK, WHITE = "#000000", "#ffffff"
STEPS = 50  # of a change towards black or white


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(color: str, other: str, share: float) -> str:
    """`share`: of the other one, from 0 to 1."""
    pairs = zip(_rgb(color), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(color: str, *, on: str, ratio: float) -> str:
    """The nearest to it, towards black or white, that has at least this contrast with `on`."""
    target = max(BLACK, WHITE, key=lambda end: contrast(end, on))
    shades = (mixed(color, target, step / STEPS) for step in range(STEPS + 1))
    return next((shade for shade in shades if contrast(shade, on) >= ratio), target)


def _rgb(color: str) -> Rgb:
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _rgb(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
