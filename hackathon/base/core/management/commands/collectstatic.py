from django.contrib.staticfiles.management.commands import collectstatic
from django.core.files.storage import Storage


class Command(collectstatic.Command):
    """Replaces each file whose content is not that of its source.

    Django's own command compares times: where an older version follows a newer one, the files of
    the newer one would stay.
    """

    def delete_file(self, path: str, prefixed_path: str, source_storage: Storage) -> bool:
        if not self.storage.exists(prefixed_path):
            return True
        with self.storage.open(prefixed_path) as target, source_storage.open(path) as source:
            is_same = target.read() == source.read()
        if is_same:
            self.unmodified_files.append(prefixed_path)
            return False
        if not self.dry_run:
            self.storage.delete(prefixed_path)
            self.storage.delete(f"{prefixed_path}.gz")  # not written anew if it saves little
        return True
