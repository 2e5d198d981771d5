// Every [data-countdown]: the same text as the server's `countdown_text`, kept up to date.

import { serverNow } from "./clock.js";
import { countdownState, countdownText, isSpoken, minuteOf } from "./countdown-text.js";
import { chime } from "./sound.js";
import { cancel, later } from "./ticker.js";
import { titlePart } from "./title.js";
import { translate, secondsOf, translations } from "./translations.js";

const MINUTE = 60_000;
const LONG_TEXT = 6; // characters; as in the server's tag: what the largest size has room for
const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {number | null} */
let spokenMinute = null;
let timer = 0;

const countdowns = () => /** @type {NodeListOf<HTMLTimeElement>} */ (document.querySelectorAll("[data-countdown]"));

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
    titlePart("clock", state === "over" ? text : textOf(left, false)); // whole seconds in the tab
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
  if (isFirst) return;
  if (!isSpoken(minute)) region.textContent = ""; // what was said is no longer so
  else if (minute === 0) region.textContent = translate("over");
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
  if (!document.querySelector("[data-countdown][data-title]")) titlePart("clock", "");
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

export function start() {
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, restart);
  document.addEventListener("visibilitychange", restart);
  restart();
}
