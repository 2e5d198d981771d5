"""Scripts for tests of a tablet: they read what is stored, and prepare it."""

CHANGES = """
from judging.models import SheetChange
found = SheetChange.objects.filter(juror__user__email=%r).exclude(device="").order_by("pk")
for c in found.select_related("criterion", "sheet__team"):
    print(c.sheet.team.name, c.kind, c.criterion.name if c.criterion else "", c.value, sep="|")
"""
ISSUE = """
from django.utils import timezone
from hackathon.base.accounts.models import User
from judging.models import Juror
from judging.setup.services import badges
juror = Juror.objects.get(user__email=%r)
by = juror.department.edition.organizers.first()
badge = badges.issue(juror=juror, by=by, at=timezone.now())
print(badge.token, badge.pin, juror.user.name, sep="|")
"""
BESIDE_MARKING = """
from judging.models import Flag, Juror, Skip
juror = Juror.objects.get(user__email=%r)
print([flag.text for flag in Flag.objects.filter(juror=juror)],
      [skip.reason for skip in Skip.objects.filter(juror=juror)],
      juror.paused_until is not None, len(juror.own_order), sep="|")
"""
# Draw the list of teams again and hold its reading of the stored order.
# `release()` resolves to the name of the first team once it is drawn.
HOLD_A_READING = """() => new Promise((held) => {
    const get = IDBObjectStore.prototype.get;
    IDBObjectStore.prototype.get = function (key) {
        if (!new Error().stack.includes("drawOrder")) return get.call(this, key);
        IDBObjectStore.prototype.get = get;
        let isReleased = false;
        // A transaction with a request stays open.
        const hold = () => isReleased || (get.call(this, key).onsuccess = hold);
        hold();
        const first = () => document.querySelector("[data-own-order] [data-slot=name]").textContent;
        const drawn = new Promise((resolve) => {
            this.transaction.addEventListener("complete", () => setTimeout(() => resolve(first())));
        });
        window.release = () => (isReleased = true) && drawn;
        held();
        return get.call(this, key);
    };
    document.body.dispatchEvent(new Event("live:refetched"));
})"""
# As another tab does while it checks whose tablet it is.
HOLD_THE_OWNER = """() => new Promise((held) => {
    navigator.locks.request("jury-keeper", () => {
        held();
        return new Promise((release) => { window.release = release; });
    });
})"""
# Everything that a page of this origin can read from the storage of the device.
LEFT = """async () => {
    const found = { local: { ...localStorage }, session: { ...sessionStorage } };
    for (const name of await caches.keys()) {
        if (name === "jury-static") continue;
        const cache = await caches.open(name);
        found[name] = await Promise.all((await cache.keys()).map(async (request) =>
            [request.url, await (await cache.match(request)).text()]));
    }
    const db = await new Promise((done) => {
        const request = indexedDB.open("jury");
        request.onsuccess = () => done(request.result);
    });
    for (const name of db.objectStoreNames) {
        found["db " + name] = await new Promise((done) => {
            const request = db.transaction(name).objectStore(name).getAll();
            request.onsuccess = () => done(request.result);
        });
    }
    db.close();
    return JSON.stringify(found);
}"""
# The keys that a page removes.
REMOVED = """{
    const { removeItem } = Storage.prototype;
    window.removed = [];
    Storage.prototype.removeItem = function (key) {
        if (key === "jury-vacant") window.removed.push(key);
        removeItem.call(this, key);
    };
}"""
NOTHING_MARKED = """
from judging.models import ScoreSheet
ScoreSheet.objects.filter(team__department__code=%r).delete()
"""
# All that was handed in for the last file is a film with a copy for reading.
FILMED = """
from pathlib import Path
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from submissions import live
from submissions.models import Deliverable, Inspection, Submission
copy = Path(%r).read_bytes()
films = Deliverable.objects.filter(department__code=%r, kind="file", is_deck=False)
film = films.order_by("position").last()
for submission in Submission.objects.filter(deliverable=film):
    inspection, _made = Inspection.objects.get_or_create(submission=submission)
    inspection.reading_copy.save(f"{submission.pk}.mp4", ContentFile(copy), save=False)
    inspection.reading_copy_bytes = len(copy)
    with transaction.atomic():
        inspection.save()
        live.submission_inspected(submission, inspection, at=timezone.now())
print(film.name)
"""
