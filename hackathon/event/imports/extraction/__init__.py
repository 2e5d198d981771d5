"""Bytes of a file to rows of text cells, in a process of its own (`core.sandbox`) without Django: a
file of a few bytes may ask for all memory, and calamine then ends the process that reads it.
"""
