// What time it is on the server. A browser's own clock is never believed: the page brings the server's
// time, socket round trips refine it, and performance.now() counts on, which nobody can set.

const KEPT_FOR = 10 * 60_000; // a round trip older than this no longer speaks for today's drift

let offset = null; // server epoch ms minus performance.now()
let best = { trip: Infinity, at: 0 };

const delivered = Number(document.body.dataset.now);
if (delivered) {
  // The page was made before its first byte arrived: count from there, not from when we run.
  const [entry] = performance.getEntriesByType("navigation");
  const madeAt = entry && entry.responseStart > 0 ? entry.responseStart : performance.now();
  offset = delivered - madeAt;
} else {
  offset = Date.now() - performance.now();
}

/** The server's time now, in epoch milliseconds. */
export const serverNow = () => performance.now() + offset;

/** One round trip: sent and received on performance.now(), `now` the server's answer. */
export function heard(sent, received, now) {
  const trip = received - sent;
  const stale = received - best.at > KEPT_FOR;
  if (trip > best.trip && !stale) return;
  best = { trip, at: received };
  offset = now + trip / 2 - received;
}

// A laptop that slept may have a performance.now() that slept too: the old best is worth nothing.
let seen = Date.now() - performance.now();
export function sleptSince() {
  const gap = Date.now() - performance.now();
  const slept = Math.abs(gap - seen) > 2000;
  seen = gap;
  if (slept) best = { trip: Infinity, at: 0 };
  return slept;
}

