// When a team has submitted everything its window glows, and its name is shown for some seconds.

import { one } from "./dom.js";
import { later } from "./ticker.js";

const SECONDS = { alone: 6, crowded: 2 };
const CROWD = 3;
const LIMIT = 60; // names in the queue
const GLOW = [
  { transform: "scale(1)", boxShadow: "0 0 0 0 rgb(255 224 122 / 95%)" },
  { transform: "scale(1.5)", boxShadow: "0 0 0 1.2rem rgb(255 224 122 / 35%)", offset: 0.12 },
  { transform: "scale(1.25)", boxShadow: "0 0 2.5rem 0.5rem rgb(255 224 122 / 80%)", offset: 0.8 },
  { transform: "scale(1)", boxShadow: "0 0 0 0 rgb(255 224 122 / 0%)" },
];

const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
const box = document.querySelector("[data-lit]");
/** @type {string[]} names of teams */
const waiting = [];
/** @type {Map<string | undefined, string | undefined> | null} team → state as last shown */
let states = null;
let showing = false;

/** Another scene is shown next: do not compare with this one. */
export function forget() {
  states = null;
}

/** A small window has its state as class. @param {HTMLElement} pane */
const stateOf = (pane) => pane.dataset.state ?? pane.className;

/** Find the windows that have lit up since the last call. @param {HTMLElement} stage */
export function look(stage) {
  const panes = [...stage.querySelectorAll("[data-pane]")];
  const now = new Map(panes.map((pane) => [pane.dataset.pane, stateOf(pane)]));
  const before = states;
  states = panes.length ? now : null;
  if (!before) return;
  for (const pane of panes) {
    const { pane: team, name = "" } = pane.dataset;
    if (stateOf(pane) !== "complete" || !before.has(team) || before.get(team) === "complete") continue;
    if (name && waiting.length < LIMIT) waiting.push(name);
    if (!lessMotion.matches) pane.animate(GLOW, { duration: SECONDS.alone * 1000, easing: "ease-out" });
  }
  if (!showing) next();
}

function next() {
  if (!box) return;
  const name = waiting.shift();
  showing = name !== undefined;
  box.classList.toggle("is-on", showing);
  if (name === undefined) return;
  one("[data-lit-name]", box).textContent = name;
  later(next, 1000 * (waiting.length > CROWD ? SECONDS.crowded : SECONDS.alone));
}
