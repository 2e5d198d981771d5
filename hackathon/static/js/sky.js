// The band and the day's line move with the server's time.

import { serverNow } from "./clock.js";

const STEPS = 20;
const { dataset } = document.body;

function fraction() {
  const [from, to] = [Date.parse(dataset.dayStart), Date.parse(dataset.dayEnd)];
  if (!(to > from)) return null;
  return Math.min(1, Math.max(0, (serverNow() - from) / (to - from)));
}

function move() {
  const now = fraction();
  if (now === null) return;
  for (const band of document.querySelectorAll("[data-sky-band]")) {
    const step = String(Math.round(now * STEPS));
    if (band.dataset.sky !== step) band.dataset.sky = step;
  }
  for (const marker of document.querySelectorAll("[data-day-now]")) {
    marker.style.setProperty("--at", `${(now * 100).toFixed(2)}%`);
  }
}

export function start() {
  document.body.addEventListener("live:edition.changed", ({ detail: { data } }) => {
    if (data.starts_at) dataset.dayStart = data.starts_at;
    if (data.deadline_at) dataset.dayEnd = data.deadline_at;
    move();
  });
  setInterval(move, 10_000);
  move();
}
