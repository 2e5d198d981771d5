from django.dispatch import Signal

# Sent in the transaction that made seals which are to be announced. Arguments: `over_all`, a Seal,
# and `departments`, the Seals of the same instant, one per department.
seal_made = Signal()

# Sent with `deliverable` before its deletion, in the same transaction. Receivers raise `Refused` if
# something of a team would be deleted with it.
deliverable_deleting = Signal()

# Sent in the transaction that stored the result. Argument: `inspection`.
submission_inspected = Signal()
