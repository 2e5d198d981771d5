from django.dispatch import Signal

# Sent with `edition` and `users` (None: everybody). Receivers write nothing, and return unsaved
# `Duty` objects for people who answer calls for another reason, as jurors do.
duties_asked = Signal()

# Sent with `team` and `at`, in the transaction that registers it.
team_registered = Signal()

# Sent with `team`, `into` and `at` before `team` is dissolved, in the same transaction.
teams_merged = Signal()

# Sent with `team`, `before` (its former department), `by` and `at`, in the transaction of the
# change. Receivers raise `Refused` if something of the team belongs to the former department.
department_changed = Signal()

# Sent with `departments`, `by` and `at` after teams of them became absent or present, in the same
# transaction. Receivers raise `Refused` if it is too late.
presence_changed = Signal()

# Sent with `team` and `at` before its deletion, in the same transaction, which holds its lock.
team_dissolving = Signal()

# `edition`, `which`: one of `enums.PROGRESS`. A receiver returns the ids of the teams.
progress_requested = Signal()
