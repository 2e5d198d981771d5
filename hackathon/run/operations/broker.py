from typing import Any

from kombu.transport import redis


class Channel(redis.Channel):
    """After Redis went away, Celery gives back and acknowledges tasks over a channel that it has
    closed. In kombu this is an `AttributeError`, which ends the worker; here it is one more error
    of a lost connection.
    """

    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection.client is None:
            raise ConnectionError("The connection to Redis was closed")
        return super()._connparams(asynchronous)  # type: ignore[misc]


class Transport(redis.Transport):
    Channel = Channel
