// Every [data-countdown]: the same text as the server's `countdown_text`, kept up to date.

import { serverNow } from "./clock.js";
import { countdownState, countdownText, isSpoken, minuteOf } from "./countdown-text.js";
import { isNewer } from "./live.js";
import { chime } from "./sound.js";
import { cancel, later } from "./ticker.js";
import { translate, secondsOf, translations } from "./translations.js";

const MINUTE = 60_000;
const LONG_TEXT = 6; // characters; as in the server's tag: what the largest size has room for
// The instant of `edition.changed` that a countdown with data-follows shows.
/** @type {Record<string, string>} */
const FOLLOWED = { deadline: "deadline_at", launch: "starts_at", registration: "registration_opens_at" };
const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
const title = document.title;

/** @type {number | null} */
let spokenMinute = null;
let timer = 0;

/** @param {string} [more] attributes of a selector */
const countdowns = (more = "") =>
  /** @type {NodeListOf<HTMLTimeElement>} */ (document.querySelectorAll(`[data-countdown]${more}`));

/** @param {number} ms left */
const textOf = (ms, tenths = true) => countdownText(ms, { days: translations.days, decimal: translations.decimal, tenths });

/** @param {HTMLTimeElement} element @param {number} now */
function draw(element, now) {
  const left = Date.parse(element.dateTime) - now;
  const state = countdownState(left);
  const text = state === "over" ? (element.dataset.over ?? "") : textOf(left, !lessMotion.matches);
  if (element.textContent !== text) {
    element.textContent = text;
    element.classList.toggle("is-long", text.length > LONG_TEXT);
  }
  if (element.dataset.state !== state) element.dataset.state = state;
  if ("title" in element.dataset) {
    const short = state === "over" ? text : textOf(left, false); // whole seconds in the tab
    const wanted = `${short} · ${title}`;
    if (document.title !== wanted) document.title = wanted;
    if (element.dataset.follows === "deadline") chime(left, element.dateTime);
  }
  return left;
}

/** Announce few minutes to screen readers: one that reads each second reads nothing else. @param {number} left ms */
function speak(left) {
  const region = document.querySelector("[data-countdown-spoken]");
  if (!region) return;
  const minute = minuteOf(left);
  if (minute === spokenMinute) return;
  const isFirst = spokenMinute === null;
  spokenMinute = minute;
  if (isFirst || !isSpoken(minute)) return;
  if (minute === 0) region.textContent = translate("over");
  else region.textContent = minute === 1 ? translate("remains_minute") : translate("remains_minutes", { minutes: minute });
}

function tick() {
  const now = serverNow();
  let soonest = Infinity;
  for (const element of countdowns()) {
    const left = draw(element, now);
    if ("title" in element.dataset) speak(left);
    if (left > 0) soonest = Math.min(soonest, left);
  }
  // In the body: the root has an attribute of that name when the time is unsure.
  for (const element of document.querySelectorAll("body [data-clock]")) element.textContent = secondsOf(now);
  // On the second, so that all screens of a room change together; ten times a second in the last minute while the
  // page is visible.
  const tenths = soonest <= MINUTE + 500 && !document.hidden && !lessMotion.matches;
  const step = tenths ? 100 : 1000;
  timer = later(tick, step - (now % step) + 2);
}

function restart() {
  cancel(timer);
  tick();
}

/** @param {Record<string, string>} data of `edition.changed` */
function follow(data) {
  for (const element of countdowns("[data-follows]")) {
    const instant = data[FOLLOWED[element.dataset.follows ?? ""]];
    if (!instant) continue;
    const delay = Number(element.dataset.delaySeconds || 0) * 1000;
    element.dateTime = new Date(Date.parse(instant) + delay).toISOString();
  }
  restart();
}

export function start() {
  document.body.addEventListener("live:edition.changed", ({ detail }) => isNewer(detail) && follow(detail.data));
  for (const type of /** @type {const} */ (["live:extension.granted", "live:extension.revoked"])) {
    document.body.addEventListener(type, ({ detail }) => {
      if (!isNewer(detail)) return;
      const { deadline_at: deadline, delay_seconds: delay } = detail.data;
      // Only on pages of the team: organizers and jurors receive the message too, and their countdown stays.
      // The deadline in the message is the team's, delay included.
      for (const element of countdowns("[data-follows=deadline][data-delay-seconds]")) {
        element.dataset.delaySeconds = delay ?? 0;
        if (deadline) element.dateTime = deadline;
      }
      restart();
    });
  }
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, restart);
  document.addEventListener("visibilitychange", restart);
  restart();
}
