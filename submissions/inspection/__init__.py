"""Checks of what was received: can it be opened, what does it contain, a thumbnail of it.

The inspectors (`pdf`, `images`, `videos`, `archives`, `texts`, `links`) don't import Django and run
in a process of their own (`python -m submissions.inspection`, started by `sandbox`): they read
untrusted files with libraries that are written in C. `services` stores what they find.
"""
