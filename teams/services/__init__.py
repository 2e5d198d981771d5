"""Verbs of teams: `teams` makes and changes them, `membership` says who is in them."""
