from functools import partial
from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer


class Consumer(CeleryConsumer):
    """Looks every two seconds whether Redis is back. Celery's own waits two seconds longer each
    time, up to 30: after an outage of a minute, workers would be silent for 15 s more.
    """

    def ensure_connected(self, conn: Any) -> Any:
        conn.ensure_connection = partial(conn.ensure_connection, interval_step=0)
        return super().ensure_connected(conn)
