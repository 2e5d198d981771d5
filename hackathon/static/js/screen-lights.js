// A team has handed in everything: its window glows, and its name stands over the school for some seconds.

import { later } from "./ticker.js";

const SECONDS = { alone: 6, crowded: 2 };
const CROWD = 3;
const MOST = 60; // names that wait
const GLOW = [
  { transform: "scale(1)", boxShadow: "0 0 0 0 rgb(255 224 122 / 95%)" },
  { transform: "scale(1.5)", boxShadow: "0 0 0 1.2rem rgb(255 224 122 / 35%)", offset: 0.12 },
  { transform: "scale(1.25)", boxShadow: "0 0 2.5rem 0.5rem rgb(255 224 122 / 80%)", offset: 0.8 },
  { transform: "scale(1)", boxShadow: "0 0 0 0 rgb(255 224 122 / 0%)" },
];

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const box = document.querySelector("[data-lit]");
const waiting = [];
let states = null; // team → state, as last shown; null where nothing can be compared
let showing = false;

/** What is shown next is another scene: what happened meanwhile is no news. */
export function forget() {
  states = null;
}

/** See which windows have lit up since the last look. */
export function look(stage) {
  const panes = [...stage.querySelectorAll("[data-pane]")];
  const now = new Map(panes.map((pane) => [pane.dataset.pane, pane.dataset.state]));
  const before = states;
  states = panes.length ? now : null;
  if (!before) return;
  for (const pane of panes) {
    const { pane: team, state, name } = pane.dataset;
    if (state !== "complete" || !before.has(team) || before.get(team) === "complete") continue;
    if (waiting.length < MOST) waiting.push(name);
    if (!calm.matches) pane.animate(GLOW, { duration: SECONDS.alone * 1000, easing: "ease-out" });
  }
  if (!showing) next();
}

function next() {
  const name = waiting.shift();
  showing = name !== undefined;
  box.classList.toggle("is-on", showing);
  if (!showing) return;
  box.querySelector("[data-lit-name]").textContent = name;
  later(next, 1000 * (waiting.length > CROWD ? SECONDS.crowded : SECONDS.alone));
}
