class BackupError(Exception):
    """What the person at the terminal can do something about."""
