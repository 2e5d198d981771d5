"""Questions and news to the apps above."""

from django.dispatch import Signal

# Sent with `edition`, and with `users` or None for everybody; nothing may be written. Who knows of
# people who answer calls for help by what else they are gives a list of `Duty` that is not saved.
duties_asked = Signal()

# Sent with `team` and `at`, in the transaction that registers it.
team_registered = Signal()
# Sent with `team`, in the transaction that deletes it, which holds its lock, before it does.
team_dissolving = Signal()
