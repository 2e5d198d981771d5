from django.dispatch import Signal

# Sent in the transaction that made seals which are to be announced. Arguments: `over_all`, a Seal,
# and `departments`, the Seals of the same instant, one per department.
seal_made = Signal()

# Sent in the transaction that stored the result. Argument: `inspection`.
submission_inspected = Signal()
