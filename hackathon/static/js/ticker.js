// Timers that go on while the page is in the background. Browsers wake a hidden page's own timers once a
// minute; a worker's they leave alone. So the tab's title counts on and a dead connection is noticed.

const pending = new Map(); // id → { run, at, timer }
let worker = null;
let lastId = 0;

/** Run `run` in `ms` milliseconds, also in the background. Gives what `cancel` takes. */
export function later(run, ms) {
  const id = ++lastId;
  pending.set(id, { run, at: performance.now() + ms, timer: 0 });
  arm(id);
  return id;
}

/** Forget a timer; nothing happens if it has run. */
export function cancel(id) {
  clearTimeout(pending.get(id)?.timer);
  pending.delete(id);
}

function arm(id) {
  const job = pending.get(id);
  clearTimeout(job.timer);
  const ms = Math.max(0, job.at - performance.now());
  // Both, while hidden: a browser without workers is late, and no worse.
  job.timer = setTimeout(fire, ms, id);
  if (document.hidden) background()?.postMessage({ id, ms });
}

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
    // The page's own timers, then.
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
