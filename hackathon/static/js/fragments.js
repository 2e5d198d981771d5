// Parts of the page that many people see alike (docs/live.md). The server sends them when a message has changed them. What
// an element shows after its next instants is in it: <template data-at>.

import { serverNow, uncertainty } from "./clock.js";
import { morph } from "./morph.js";
import { cancel, later } from "./ticker.js";

const LONGEST = 5000; // ms; the estimate of the server's time gets better meanwhile
const UNSURE = 2000; // ms; with such an error it waits for the server's time
const MARGIN = 20; // ms; a boundary belongs to the earlier state

/** The names of the fragments on this page. */
export const shown = () => [
  ...new Set([...document.querySelectorAll("[data-fragment]")].map(({ dataset }) => dataset.fragment)),
];

/** Put each element in the place of the one with its id. @param {DocumentFragment} fresh */
function put(fresh) {
  for (const element of [...fresh.children]) {
    const old = element.id && document.getElementById(element.id);
    if (!old) continue;
    morph(old, element);
    window.htmx?.process(old);
  }
}

const tellOthers = () => document.body.dispatchEvent(new CustomEvent("live:refetched"));

/** Elements with ids. @param {string} html */
export function receive(html) {
  const parsed = document.createElement("template");
  parsed.innerHTML = html;
  put(parsed.content);
  tellOthers();
}

// ---------------------------------------------------------------- what the clock changes

/** Its element becomes this state, and keeps those that come after it. @param {HTMLTemplateElement} state */
function become(state) {
  const element = /** @type {HTMLElement} */ (state.parentElement);
  const all = [...element.querySelectorAll(":scope > template[data-at]")];
  for (const each of all) each.remove();
  put(state.content);
  element.append(...all.slice(all.indexOf(state) + 1));
  return true;
}

let timer = 0;

function passInstants() {
  cancel(timer);
  if (uncertainty() > UNSURE) {
    timer = later(passInstants, 500);
    return;
  }
  const now = serverNow() - MARGIN;
  let soonest = Infinity;
  let changed = false;
  for (const state of document.querySelectorAll("template[data-at]")) {
    const at = Date.parse(state.dataset.at);
    if (at >= now) soonest = Math.min(soonest, at);
    else if (state instanceof HTMLTemplateElement && state.isConnected) changed = become(state);
  }
  if (soonest < Infinity) timer = later(passInstants, Math.min(soonest - now + 1, LONGEST));
  if (changed) tellOthers();
}

export function start() {
  document.body.addEventListener("live:fragment.rendered", ({ detail }) => receive(detail.data.html));
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, passInstants);
  document.addEventListener("visibilitychange", passInstants);
  passInstants();
}
