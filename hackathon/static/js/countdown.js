// Every [data-countdown]: the same text as the server's `countdown_text`, kept true.

import { serverNow } from "./clock.js";
import { isNewer } from "./live.js";
import { chime } from "./sound.js";
import { cancel, later } from "./ticker.js";
import { say, secondsOf, words } from "./words.js";

const MINUTE = 60_000;
const DAY = 86_400;
const LONG_TEXT = 6; // as in the server's tag: what the largest size has room for
const SPOKEN_MINUTES = [60, 30, 15, 10, 5, 4, 3, 2, 1];
// Which instant of `edition.changed` a countdown with data-follows moves with.
const FOLLOWED = { deadline: "deadline_at", launch: "starts_at", registration: "registration_opens_at" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const title = document.title;

let spokenMinute = null;
let timer = 0;

/** The text for `ms` milliseconds left; tenths in the last minute, where nobody asked for less motion. */
export function textOf(ms, { tenths = true } = {}) {
  const seconds = ms / 1000;
  if (seconds >= DAY) {
    const whole = Math.floor(seconds);
    return say("days", { days: Math.floor(whole / DAY), hours: Math.floor((whole % DAY) / 3600) });
  }
  if (seconds <= 60) {
    if (!tenths) return String(Math.max(0, Math.ceil(seconds)));
    return (Math.max(0, Math.ceil(seconds * 10)) / 10).toFixed(1).replace(".", words.decimal ?? ",");
  }
  const total = Math.ceil(seconds);
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60)];
  return hours ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

function stateOf(ms) {
  if (ms <= 0) return "over";
  if (ms <= MINUTE) return "last";
  if (ms <= 10 * MINUTE) return "soon";
  return ms <= 60 * MINUTE ? "hour" : "calm";
}

function draw(element, now) {
  const left = Date.parse(element.dateTime) - now;
  const state = stateOf(left);
  const text = state === "over" ? element.dataset.over : textOf(left, { tenths: !calm.matches });
  if (element.textContent !== text) {
    element.textContent = text;
    element.classList.toggle("is-long", text.length > LONG_TEXT);
  }
  if (element.dataset.state !== state) element.dataset.state = state;
  if ("title" in element.dataset) {
    // Whole seconds in the tab: tenths there are only noise.
    const short = state === "over" ? text : textOf(left, { tenths: false });
    const wanted = `${short} · ${title}`;
    if (document.title !== wanted) document.title = wanted;
    if (element.dataset.follows === "deadline") chime(left, element.dateTime);
  }
  return left;
}

// Minutes, and few of them, for who listens: a screen reader that says seconds says nothing else.
function speak(left) {
  const region = document.querySelector("[data-countdown-spoken]");
  if (!region) return;
  const minute = left > 0 ? Math.ceil(left / MINUTE) : 0;
  if (minute === spokenMinute) return;
  const first = spokenMinute === null;
  spokenMinute = minute;
  if (first) return;
  if (minute === 0) region.textContent = say("over");
  else if (minute === 1) region.textContent = say("remains_minute");
  else if (SPOKEN_MINUTES.includes(minute)) region.textContent = say("remains_minutes", { minutes: minute });
}

function tick() {
  const now = serverNow();
  let soonest = Infinity;
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const left = draw(element, now);
    if ("title" in element.dataset) speak(left);
    if (left > 0) soonest = Math.min(soonest, left);
  }
  // Not the root's own attribute of that name, which says that the time is not sure.
  for (const element of document.querySelectorAll("body [data-clock]")) element.textContent = secondsOf(now);
  // On the second, so that all screens of a room turn together; ten times a second in the last minute,
  // if somebody looks.
  const tenths = soonest <= MINUTE + 500 && !document.hidden && !calm.matches;
  const step = tenths ? 100 : 1000;
  timer = later(tick, step - (now % step) + 2);
}

function restart() {
  cancel(timer);
  tick();
}

function follow(data) {
  for (const element of document.querySelectorAll("[data-countdown][data-follows]")) {
    const instant = data[FOLLOWED[element.dataset.follows]];
    if (!instant) continue;
    const delay = Number(element.dataset.delaySeconds || 0) * 1000;
    element.dateTime = new Date(Date.parse(instant) + delay).toISOString();
  }
  restart();
}

export function start() {
  document.body.addEventListener("live:edition.changed", ({ detail }) => isNewer(detail) && follow(detail.data));
  for (const type of ["live:extension.granted", "live:extension.revoked"]) {
    document.body.addEventListener(type, ({ detail }) => {
      if (!isNewer(detail)) return;
      const { deadline_at: deadline, delay_seconds: delay } = detail.data;
      // Only pages that say a delay of their own: organizers and jurors hear of it too, and their clock
      // stays. The deadline in the message is the team's, its delay counted in.
      for (const element of document.querySelectorAll("[data-follows=deadline][data-delay-seconds]")) {
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
