// Parts of the page that many people see alike (docs/live.md). The server sends them when a message has changed them.

import { morph } from "./morph.js";

/** The names of the fragments on this page. */
export const shown = () => [
  ...new Set([...document.querySelectorAll("[data-fragment]")].map(({ dataset }) => dataset.fragment)),
];

/** Put each element in the place of the one with its id. @param {DocumentFragment} fresh */
export function put(fresh) {
  for (const element of [...fresh.children]) {
    const old = element.id && document.getElementById(element.id);
    if (!old) continue;
    morph(old, element);
    window.htmx?.process(old);
  }
}

export const tellOthers = () => document.body.dispatchEvent(new CustomEvent("live:refetched", { detail: {} }));

/** Elements with ids. @param {string} html */
export function receive(html) {
  const parsed = document.createElement("template");
  parsed.innerHTML = html;
  put(parsed.content);
  tellOthers();
}

export function start() {
  document.body.addEventListener("live:fragment.rendered", ({ detail }) => receive(detail.data.html));
}
