from django.dispatch import Signal

# Sent in the transaction that creates an edition (not a clone), with `edition`.
edition_created = Signal()

# Sent in the transaction of a clone, with `source`, `clone`, `parts` (of `ClonedPart`, and names of
# extras), `by`, `at` and `department_map`: the new departments by primary key of the old ones,
# empty without departments. Receivers copy the parts that they keep.
edition_cloned = Signal()

# Sent in the transaction that switches extras on and off, with `edition`, the names that were on
# `before`, and `at`. Receivers may refuse.
extras_chosen = Signal()

# Sent with `edition`, `departments` (empty: all) and `at` before the user confirms that an instant
# moves. The receiver writes nothing, and returns `moves.Concerned`.
move_previewed = Signal()

# Sent with `edition`. Receivers return a list of `program.Instant`: those in the table of the day,
# which move with the whole day.
instants_asked = Signal()

# Sent with `department` and `at` in the transaction in which a public brief becomes secret again.
brief_hidden = Signal()
