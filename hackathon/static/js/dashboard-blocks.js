// Blocks that follow the live messages. A block names in data-block the messages that make it stale and
// listens to `stale` with htmx. Sixty deposits in a minute are a few fetches: the first news is shown at
// once, then there is a pause, and the last news of a burst is never lost.

const GATHER = 250; // a deposit is several messages
const PAUSE = 3000;

const fetched = new Map(); // block id → when
const waiting = new Set();

function makeStale(id) {
  if (waiting.has(id)) return;
  waiting.add(id);
  const now = performance.now();
  const wait = Math.max(GATHER, (fetched.get(id) ?? -PAUSE) + PAUSE - now);
  setTimeout(() => {
    waiting.delete(id);
    const block = document.getElementById(id);
    if (!block) return;
    fetched.set(id, performance.now());
    window.htmx.trigger(block, "stale");
  }, wait);
}

function typesOf(block) {
  return block.dataset.block.split(/\s+/).filter(Boolean);
}

// An organizer hears every announcement, and warns nine teams at once: here a list shows them, not toasts.
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
