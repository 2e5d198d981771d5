"""What real Docker was asked in tests/containers, and did: `docker-answered`. There the list grows.
The stand-in is believed only for what is in it.
"""

from collections.abc import Iterable
from pathlib import Path

LIST = Path(__file__).with_name("docker-answered")
OF_OTHERS = {"chown -R"}  # tests/operations/test_pitr.py writes it into the same log
TAKE_A_VALUE = {"-e", "-u", "--entrypoint", "--filter", "--format"}


def shape(call: str) -> str:
    """The command and its options, without values, services, and what runs in a container."""
    words = iter(call.split())
    command, options = [next(words, "")], set()
    if command[0] in ("compose", "image", "builder"):
        command.append(next(words, ""))
    for word in words:
        if word.startswith("-"):
            name, _, value = word.partition("=")
            options.add(name)
            if name in TAKE_A_VALUE and not value:
                next(words, "")
        elif command[-1] in ("exec", "run"):
            break
    return " ".join([*command, *sorted(options)])


def unanswered(calls: Iterable[str]) -> set[str]:
    return {shape(call) for call in calls} - set(LIST.read_text().splitlines()) - OF_OTHERS


def note(calls: Iterable[str]) -> None:
    known = set(LIST.read_text().splitlines())
    found = known | {shape(call) for call in calls}
    if found != known:
        LIST.write_text("\n".join([*sorted(found), ""]))
