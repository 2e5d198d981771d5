from collections.abc import Callable

# A frame of 560 KB, for which CPython allocates 1 MB: room for some 3,000 calls behind it.
STACK_SIZE = 70_000


def call_with_room[**P, R](function: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
    """Calls `function`, with memory for the frames of deep calls allocated at once
    (`docs/decisions/0039-room-for-frames.md`).
    """
    return function(*args, **named)


call_with_room.__code__ = call_with_room.__code__.replace(co_stacksize=STACK_SIZE)
