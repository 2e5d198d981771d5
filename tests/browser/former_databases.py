"""The databases as devices have them since the first version of the pages: nobody clears a tablet
before the site is updated. No page may raise their versions without an upgrade of what they hold.
"""

from playwright.sync_api import Page

STORES = {
    "jury": {
        "meta": {"keyPath": "key"},
        "changes": {"keyPath": "n", "autoIncrement": True},
        "sheets": {"keyPath": "team"},
        "sealed": {"keyPath": "id"},
    },
    "drafts": {"drafts": {}},
    "deposits": {"transfers": {"keyPath": "key"}, "files": {"keyPath": "key"}},
}
# Stores these values, by store and key; a file is described by its name and text.
STORE = """([name, stores, values]) => new Promise((done, fail) => {
    const opening = indexedDB.open(name, 1);
    opening.onerror = () => fail(opening.error);
    opening.onupgradeneeded = () => {
        for (const [store, options] of Object.entries(stores)) {
            opening.result.createObjectStore(store, options);
        }
    };
    opening.onsuccess = () => {
        const transaction = opening.result.transaction(Object.keys(stores), "readwrite");
        for (const [store, key, value] of values) {
            if (value.file) value.file = new File([value.file.text], value.file.name, value.file);
            transaction.objectStore(store).put(value, ...(key ? [key] : []));
        }
        transaction.oncomplete = () => done(opening.result.close());
        transaction.onabort = () => fail(transaction.error);
    };
})"""
COUNT = """([name, store]) => new Promise((done) => {
    indexedDB.open(name).onsuccess = ({ target: { result } }) => {
        const counting = result.transaction(store).objectStore(store).count();
        counting.onsuccess = () => { result.close(); done(counting.result); };
    };
})"""


def store_before(page: Page, name: str, *values: tuple[str, str | None, dict]) -> None:
    """Leaves the page for one without scripts, and makes the database anew there."""
    page.route("**/sans-script/", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("/sans-script/")
    page.evaluate("(name) => { indexedDB.deleteDatabase(name); }", name)
    page.evaluate(STORE, [name, STORES[name], [list(value) for value in values]])


def stored(page: Page, name: str, store: str) -> int:
    count: int = page.evaluate(COUNT, [name, store])
    return count
