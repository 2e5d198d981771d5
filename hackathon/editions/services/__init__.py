"""Verbs. Each locks the edition, asks the rule, writes, notes it, and tells the pages."""
