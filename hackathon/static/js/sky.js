// The sky above the page and the day's line follow the server's time.

import { serverNow } from "./clock.js";
import { one, write } from "./dom.js";
import { later } from "./ticker.js";
import { translate } from "./translations.js";

const STEPS = 20;
const EVERY = 5_000; // ms
const MINUTE = 60_000;

/** How much of the day has passed, 0 to 1; null without a day. @param {number} now */
function fraction(now) {
  const { dayStart, dayEnd } = document.querySelector("[data-day-start]")?.dataset ?? {};
  const [from, to] = [Date.parse(dayStart), Date.parse(dayEnd)];
  if (!(to > from)) return null;
  return Math.min(1, Math.max(0, (now - from) / (to - from)));
}

/** « dans 49 min », « dans 2 h 05 », « dans 3 j 4 h », as the server's `until`. @param {number} ms */
function until(ms) {
  const total = Math.max(1, Math.ceil(ms / MINUTE));
  const [hours, minutes] = [Math.floor(total / 60), total % 60];
  if (hours >= 24) return translate("until_days", { days: Math.floor(hours / 24), hours: hours % 24 });
  if (hours) return translate("until_hours", { hours, minutes: String(minutes).padStart(2, "0") });
  return translate("until_minutes", { minutes });
}

/** @param {HTMLElement} day @param {number} now */
function markNext(day, now) {
  const moments = [...day.querySelectorAll("[data-day-moment]")];
  const next = moments.find((moment) => Date.parse(moment.dataset.dayMoment) > now);
  for (const moment of moments) moment.classList.toggle("is-next", moment === next);
  const line = day.querySelector("[data-day-next]");
  if (!line) return;
  if (next) {
    line.dataset.dayNext = next.dataset.dayMoment;
    fill(line, "time", one(".day-time", next).textContent);
    fill(line, "label", one(".day-label", next).textContent);
  }
  // Without a next moment in this list, it is the one of another day that the server has written.
  const left = Date.parse(line.dataset.dayNext) - now;
  line.hidden = !(left > 0);
  if (left > 0) fill(line, "left", until(left));
}

/** @param {HTMLElement} line @param {string} slot @param {string} text */
const fill = (line, slot, text) => write(one(`[data-slot=${slot}]`, line), text);

function move() {
  const now = serverNow();
  const at = fraction(now);
  if (at === null) return;
  for (const band of document.querySelectorAll("[data-sky-band]")) {
    const step = String(Math.round(at * STEPS));
    if (band.dataset.sky !== step) band.dataset.sky = step;
  }
  for (const marker of document.querySelectorAll("[data-day-now]")) {
    marker.style.setProperty("--at", `${(at * 100).toFixed(2)}%`);
  }
  for (const day of document.querySelectorAll("[data-day]")) markNext(day, now);
}

function step() {
  move();
  later(step, EVERY - (serverNow() % EVERY) + 20);
}

export function start() {
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, move);
  document.addEventListener("visibilitychange", () => document.hidden || move());
  step();
}
