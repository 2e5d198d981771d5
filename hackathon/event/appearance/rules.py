from hackathon.base.core.colors import BLACK, WHITE, mixed, readable
from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.appearance.errors import AppearanceRefusal
from hackathon.event.editions.enums import Theme

MEGABYTE = 1_000_000
PICTURE_MAX_BYTES = 2 * MEGABYTE
# Of `tokens.css`: what the colours of a school stand on, and what stands on them.
COLOR, ACCENT = "#4b3bff", "#ffe07a"
INK, LIGHT_PAGE, DARK_SURFACE = "#15122e", "#f3f2f9", "#221d3d"
TEXT, FIGURES = 4.5, 7.0  # least contrasts
# Both themes of a page, by the switches of `tokens.css`.
BOTH = "var(--light, {light}) var(--dark, {dark})"
PLAIN_CSS = """
[data-sky="20"] {{ --sky-a: {night}; --sky-b: {night}; --sky-c: {night_2}; }}
.sky::before {{ display: none; }}
:root {{ --day-colors: linear-gradient(90deg, {soft}, {color}); --school: {night_2}; }}
"""


def palette(color: str, accent: str) -> dict[str, str]:
    """Of the two colours of a school (empty: ours), changed as little as they can be read."""
    color, accent = color or COLOR, accent or ACCENT
    night = readable(color, on=WHITE, ratio=14)
    lamp = readable(readable(accent, on=night, ratio=FIGURES), on=INK, ratio=FIGURES)
    action = readable(color, on=WHITE, ratio=TEXT)
    return {
        "color": color,
        "night": night,
        "night_2": readable(color, on=WHITE, ratio=11),
        "dusk": readable(color, on=WHITE, ratio=8),
        "soft": mixed(color, WHITE, 0.55),
        "lamp": lamp,
        "lamp_pale": mixed(lamp, WHITE, 0.6),
        "action": action,
        "action_hover": mixed(action, BLACK, 0.18),
        "link": readable(color, on=LIGHT_PAGE, ratio=TEXT),
        "link_dark": readable(color, on=DARK_SURFACE, ratio=TEXT),
        "info": mixed(color, WHITE, 0.9),
        "info_dark": mixed(color, DARK_SURFACE, 0.75),
    }


def stylesheet(theme: str, color: str, accent: str) -> str:
    """Overrides tokens. Empty for our own look."""
    if theme == Theme.NIGHT and not (color or accent):
        return ""
    found = palette(color, accent)
    tokens = {
        "night": found["night"],
        "night-2": found["night_2"],
        "dusk": found["dusk"],
        "wall": found["night_2"],
        "school": f"linear-gradient(180deg, {found['dusk']}, {found['night_2']} 80%)",
        "ceremony-sky": f"linear-gradient(180deg, {found['night']}, {found['dusk']})",
        "lamp": found["lamp"],
        "lamp-pale": found["lamp_pale"],
        "lamp-glow": f"color-mix(in srgb, {found['lamp']} 50%, transparent)",
    }
    of_pages = {
        "action": (found["action"], found["action"]),
        "action-hover": (found["action_hover"], found["action_hover"]),
        "link": (found["link"], found["link_dark"]),
        "focus": (found["link"], found["link_dark"]),
        "info-bg": (found["info"], found["info_dark"]),
    }
    lines = [f"  --{name}: {value};" for name, value in tokens.items()]
    pages = [
        f"  --{name}: {BOTH.format(light=light, dark=dark)};"
        for name, (light, dark) in of_pages.items()
    ]
    text = "\n".join([":root {", *lines, "}", ":root, .at-night {", *pages, "}"])
    return text + (PLAIN_CSS.format(**found) if theme == Theme.PLAIN else "\n")


def is_mended(color: str, accent: str) -> bool:
    """Whether a page shows one of them lighter or darker than it is, to keep text readable."""
    found = palette(color, accent)
    changed_accent = bool(accent) and found["lamp"] != accent
    return changed_accent or (bool(color) and found["action"] != color)


def picture_refusal(filename: str, size: int) -> Refusal | None:
    """`size` in bytes."""
    if size <= PICTURE_MAX_BYTES:
        return None
    largest = PICTURE_MAX_BYTES // MEGABYTE
    return refuse(AppearanceRefusal.PICTURE_TOO_LARGE, filename=filename, max=largest)
