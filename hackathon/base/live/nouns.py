"""What live messages are about. Needs no settings: the benchmarks use it too."""


def noun_of(kind: str) -> str:
    """`team` for a message of the type `team.updated`: parts of pages name it (`docs/live.md`)."""
    return kind.partition(".")[0]
