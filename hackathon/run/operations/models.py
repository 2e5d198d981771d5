from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of a process, and how far its clock is from that of the database."""

    process = models.CharField(max_length=150, unique=True)  # kind@host:pid
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(db_index=True)  # by the clock of the database
    # Positive: the clock of the process is ahead.
    clock_skew_ms = models.FloatField(default=0)
    # Half of the round trip to the database: the skew is known no better.
    clock_error_ms = models.FloatField(default=0)

    # Open pages by the widest audience that they have (`heartbeats.page_counts`).
    pages = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.process
