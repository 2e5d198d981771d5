// The control room: what the plot shows under the pointer, and a sound when something urgent comes, for those who have
// sounds on.

import { around } from "./dom.js";
import { ring } from "./sound.js";
import { timeOf } from "./translations.js";

const BIN = 300_000; // ms
const URGENT = [988, 784]; // Hz

/** @param {HTMLElement} plot @param {number} index of a bin */
function describe(plot, index) {
  const counts = (plot.dataset.plot ?? "").split(" ");
  const says = plot.querySelector("[data-plot-says]");
  if (!says || counts[index] === undefined) return;
  const from = Date.parse(plot.dataset.plotSince ?? "") + index * BIN;
  const texts = { from: timeOf(from), to: timeOf(from + BIN), n: counts[index] };
  says.textContent = Object.entries(texts).reduce((text, [name, value]) => text.replace(`{${name}}`, value), plot.dataset.plotLabel ?? "");
  plot.dataset.plotAt = String(index);
}

/** @param {PointerEvent} event */
function onPoint(event) {
  const plot = around(event, ".plot");
  if (!(plot instanceof HTMLElement)) return;
  const { left, width } = plot.getBoundingClientRect();
  const count = (plot.dataset.plot ?? "").split(" ").length;
  describe(plot, Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * count))));
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const plot = around(event, ".plot");
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!(plot instanceof HTMLElement) || !step) return;
  event.preventDefault();
  describe(plot, Math.max(0, Number(plot.dataset.plotAt ?? -1) + step));
}

/** Of the page and of the rows of extras. */
const urgent = () => [...document.querySelectorAll("[data-urgent]")].reduce((n, part) => n + Number(part.getAttribute("data-urgent")), 0);

let before = urgent();
function onFresh() {
  const now = urgent();
  if (now > before) ring(URGENT);
  before = now;
}

document.addEventListener("pointermove", onPoint);
document.addEventListener("pointerdown", onPoint);
document.addEventListener("keydown", onKey);
document.body.addEventListener("live:refetched", onFresh);
