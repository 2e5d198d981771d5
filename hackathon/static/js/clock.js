// What time it is on the server. A browser's own clock is never believed: the page brings the server's
// time, round trips refine it, and performance.now() counts on, which nobody can set.

// How far two good clocks part, in ms per ms: an old round trip knows less with each second.
const DRIFT = 1e-4;
// performance.now() and the computer's clock part by more than this at once: the machine slept and one of
// them with it, or somebody set the clock. Only a round trip can tell which.
const JUMP = 2000;
// The page as delivered: it was made, and came over the line, in some unknown part of that.
const DELIVERED = 1000;

const delivered = Number(document.body.dataset.now);
const [navigation] = performance.getEntriesByType("navigation");
// A page out of a cache was made long ago, and its time has stood still since.
const isFresh = delivered > 0 && !(navigation?.responseStart > 0 && navigation.transferSize === 0);

// Server epoch ms minus performance.now(). Counted from when the page's first byte came, not from when we
// run. Without the server's word the computer's clock is all there is, until the first answer.
let offset = isFresh ? delivered - (navigation?.responseStart || performance.now()) : computerAhead();
// The round trip that counts: how wrong it may be at most, and when it was.
let best = { error: isFresh ? DELIVERED : Infinity, at: performance.now() };
let ahead = computerAhead();

function computerAhead() {
  return Date.now() - performance.now();
}

/** The server's time now, in epoch milliseconds. */
export const serverNow = () => performance.now() + offset;

/** By how many milliseconds `serverNow` may be wrong at most, if the answer that counts was not delayed by lies. */
export const uncertainty = () => best.error + (performance.now() - best.at) * DRIFT;

/**
 * One round trip: sent and received on performance.now(), `now` the server's answer in between. The
 * fastest wins, because it can be wrong by half of its length only.
 */
export function heard(sent, received, now) {
  const error = (received - sent) / 2;
  if (!Number.isFinite(now) || error > uncertainty()) return;
  best = { error, at: received };
  offset = now + error - received;
  delete document.documentElement.dataset.clock;
}

/**
 * Whether the machine slept, or its clock was set, since the last time this was asked. What is shown is then
 * marked as not sure until the next round trip, and any answer is better than what we had.
 */
export function jumped() {
  const before = ahead;
  ahead = computerAhead();
  if (Math.abs(ahead - before) < JUMP) return false;
  best = { error: Infinity, at: performance.now() };
  document.documentElement.dataset.clock = "unsure";
  return true;
}

if (!isFresh) document.documentElement.dataset.clock = "unsure";
