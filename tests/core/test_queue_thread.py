import threading

from hackathon.base.core import queue_thread
from hackathon.base.core.queue_thread import QueueThread


def test_items_are_handled_in_order_in_another_thread():
    handled: list[tuple[int, str]] = []
    done = threading.Event()

    def handle(item: int) -> None:
        handled.append((item, threading.current_thread().name))
        if item == 3:
            done.set()

    queue = QueueThread("numbers", handle, exit_seconds=0)
    for number in (1, 2, 3):
        queue.put(number)

    assert done.wait(60)
    assert handled == [(1, "numbers"), (2, "numbers"), (3, "numbers")]


def test_an_error_is_logged_and_the_next_item_is_handled(caplog):
    done = threading.Event()

    def handle(item: str) -> None:
        if item == "bad":
            raise ValueError(item)
        done.set()

    queue = QueueThread("texts", handle, exit_seconds=0)
    queue.put("bad")
    queue.put("good")

    assert done.wait(60)
    assert "texts failed: bad" in caplog.text


def test_a_full_queue_drops_items_without_blocking(monkeypatch, caplog):
    monkeypatch.setattr(queue_thread, "SIZE", 1)
    started, go_on = threading.Event(), threading.Event()

    def handle(item: int) -> None:
        started.set()
        go_on.wait(60)

    queue = QueueThread("slow", handle, exit_seconds=0)
    queue.put(1)
    assert started.wait(60)
    queue.put(2)
    queue.put(3)

    assert "The queue of slow is full, dropped: 3" in caplog.text
    assert queue.waiting == 2
    go_on.set()
