// The server's time in this page. The browser's own clock is not used: the page contains the server's time, round
// trips make it more exact, and performance.now() counts on.

import { ClockEstimate } from "./clock-estimate.js";

const DELIVERY = 1000; // ms; the error of the time in the page, which took some part of that to make and to send

const { dataset } = document.documentElement;
const pageTime = Number(document.body.dataset.now);
const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
// A page out of a cache was made long ago.
const isFresh = pageTime > 0 && !(navigation?.responseStart > 0 && navigation.transferSize === 0);

const computerAhead = () => Date.now() - performance.now();

const estimate = new ClockEstimate({
  // Counted from the page's first byte. Without a fresh page the computer's clock has to do until the first answer.
  offset: isFresh ? pageTime - (navigation?.responseStart || performance.now()) : computerAhead(),
  error: isFresh ? DELIVERY : Infinity,
  at: performance.now(),
  ahead: computerAhead(),
});

/** The server's time now, in epoch milliseconds. */
export const serverNow = () => estimate.serverAt(performance.now());

/** Upper bound of the error of `serverNow`, in milliseconds. */
export const uncertainty = () => estimate.uncertainty(performance.now());

/**
 * One round trip, sent and received on performance.now().
 * @param {number} sent
 * @param {number} received
 * @param {number} now the server's answer, in epoch milliseconds
 */
export function addRoundTrip(sent, received, now) {
  if (estimate.addRoundTrip(sent, received, now)) delete dataset.clock;
}

/** Whether the machine slept, or its clock was set, since the last call: times are shown as unsure until an answer. */
export function jumped() {
  const hasJumped = estimate.jumped(performance.now(), computerAhead());
  if (hasJumped) dataset.clock = "unsure";
  return hasJumped;
}

if (!isFresh) dataset.clock = "unsure";
