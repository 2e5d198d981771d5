"""A look inside what was received: does it open, what is in it, a picture of it.

The inspectors (`pdf`, `images`, `videos`, `archives`, `texts`, `links`) know nothing of the site:
they run in a process of their own (`python -m submissions.inspection`), because what they read was
made by anybody and the libraries that read it are written in C. `apart` starts that process,
`results` brings what it found to the team.
"""
