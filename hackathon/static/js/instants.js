// What the clock changes. An element has a <template data-at> for each instant at which it changes: with what it becomes then,
// or empty, if only the server knows it. Then the part around it is stale (parts.js).

import { serverNow, uncertainty } from "./clock.js";
import { put, tellOthers } from "./fragments.js";
import { passed } from "./parts.js";
import { cancel, later } from "./ticker.js";

const LONGEST = 5000; // ms; the estimate of the server's time gets better meanwhile
const UNSURE = 2000; // ms; with such an error it waits for the server's time
const MARGIN = 20; // ms; a boundary belongs to the earlier state

/** Its element becomes this state, and keeps those that come after it. @param {HTMLTemplateElement} state */
function become(state) {
  const element = /** @type {HTMLElement} */ (state.parentElement);
  const all = [...element.querySelectorAll(":scope > template[data-at]")];
  for (const former of all) former.remove();
  put(state.content);
  element.append(...all.slice(all.indexOf(state) + 1));
}

/** @param {HTMLTemplateElement} instant */
function ask(instant) {
  const part = instant.closest("[data-shows][id]");
  instant.remove();
  if (part instanceof HTMLElement) passed(part);
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
  let hasChanged = false;
  for (const template of document.querySelectorAll("template[data-at]")) {
    const at = Date.parse(template.dataset.at);
    if (at >= now) soonest = Math.min(soonest, at);
    else if (!(template instanceof HTMLTemplateElement) || !template.isConnected) continue;
    else if (template.content.childElementCount) {
      become(template);
      hasChanged = true;
    } else ask(template);
  }
  if (soonest < Infinity) timer = later(passInstants, Math.min(soonest - now + 1, LONGEST));
  if (hasChanged) tellOthers();
}

export function start() {
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, passInstants);
  document.addEventListener("visibilitychange", passInstants);
  passInstants();
}
