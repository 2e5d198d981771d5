class BackupError(Exception):
    """What the person at the terminal can do something about."""


class BackupRunning(BackupError):
    """Another process makes one."""
