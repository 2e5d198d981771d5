// Parts of a page that follow the live messages. A block names in data-block the messages that make it stale, and
// htmx fetches it again at the event `stale`. The first message of a burst is shown at once; then there is a pause,
// so that sixty deposits in a minute are a few requests, and the last message of a burst is never lost.

const GATHER = 250; // ms; a deposit is several messages
const PAUSE = 3000; // ms

/** @type {Map<string, number>} block id → when it was fetched, on performance.now() */
const fetched = new Map();
/** @type {Set<string>} ids of blocks */
const scheduled = new Set();

/** @param {string} id */
function makeStale(id) {
  if (scheduled.has(id)) return;
  scheduled.add(id);
  const now = performance.now();
  const wait = Math.max(GATHER, (fetched.get(id) ?? -PAUSE) + PAUSE - now);
  setTimeout(() => {
    scheduled.delete(id);
    const block = document.getElementById(id);
    if (!block) return;
    fetched.set(id, performance.now());
    window.htmx.trigger(block, "stale");
  }, wait);
}

/** @param {HTMLElement} block */
const typesOf = (block) => (block.dataset.block ?? "").split(/\s+/).filter(Boolean);

// Organizers receive every announcement, and may warn nine teams at once: this page shows them in a list, not as toasts.
if (document.querySelector("#dialogs[data-quiet]")) {
  const toasts = document.querySelector("[data-toasts]");
  if (toasts) toasts.dataset.quiet = "";
}

const blocks = [...document.querySelectorAll("[data-block]")];
for (const type of new Set([...blocks.flatMap(typesOf), "caught-up", "clock.passed"])) {
  const always = type === "caught-up" || type === "clock.passed";
  document.body.addEventListener(`live:${type}`, () => {
    for (const block of document.querySelectorAll("[data-block][id]")) {
      if (always || typesOf(block).includes(type)) makeStale(block.id);
    }
  });
}
