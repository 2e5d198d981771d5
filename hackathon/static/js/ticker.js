// Timers that also run while the page is hidden. Browsers wake a hidden page's own timers once a minute, but not those
// of a worker: the tab's title goes on counting, and a dead connection is noticed.

/** @type {Map<number, { run: () => void, at: number, timer: number }>} */
const pending = new Map();
/** @type {Worker | null} */
let worker = null;
let lastId = 0;

/**
 * Run a function in `ms` milliseconds. Returns what `cancel` takes.
 * @param {() => void} run
 * @param {number} ms
 */
export function later(run, ms) {
  const id = ++lastId;
  pending.set(id, { run, at: performance.now() + ms, timer: 0 });
  arm(id);
  return id;
}

/** @param {number} id of a timer, also of one that has run */
export function cancel(id) {
  clearTimeout(pending.get(id)?.timer);
  pending.delete(id);
}

/** @param {number} id */
function arm(id) {
  const job = pending.get(id);
  if (!job) return;
  clearTimeout(job.timer);
  const ms = Math.max(0, job.at - performance.now());
  // While hidden both are set: without workers the timer is late, and no worse.
  job.timer = setTimeout(fire, ms, id);
  if (document.hidden) background()?.postMessage({ id, ms });
}

/** @param {number} id */
function fire(id) {
  const job = pending.get(id);
  if (!job) return;
  cancel(id);
  job.run();
}

function background() {
  if (worker) return worker;
  try {
    worker = new Worker(new URL("./ticker-worker.js", import.meta.url));
    worker.addEventListener("message", ({ data: id }) => fire(id));
  } catch {
    // No workers: the page's own timers have to do.
  }
  return worker;
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    worker?.terminate();
    worker = null;
  }
  for (const id of [...pending.keys()]) arm(id);
});
