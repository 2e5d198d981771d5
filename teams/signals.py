from django.dispatch import Signal

# Sent with `edition` and `users` (None: everybody). Receivers write nothing, and return unsaved
# `Duty` objects for people who answer calls for another reason, as jurors do.
duties_asked = Signal()

# Sent with `team` and `at`, in the transaction that registers it.
team_registered = Signal()

# Sent with `team` before its deletion, in the same transaction, which holds its lock.
team_dissolving = Signal()
