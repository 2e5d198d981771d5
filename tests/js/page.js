// A page for scripts under Node: a DOM, and a clock that only `pass` moves. Each test file has one page, since modules
// read it once, when they are imported.

import { mock } from "node:test";

import { Window } from "happy-dom";

import { Caches, Locks } from "./storage.js";

export const NOW = Date.UTC(2020, 10, 28, 21); // on the device and on the server
const STEP = 10; // ms
const NAMES = /^(document|window|location|localStorage|sessionStorage|history|DOMParser|(HTML\w*|SVG\w*)?Element|HTML\w+Element|Node|Document\w*|EventTarget|MutationObserver|\w*Event)$/;

class Channel extends EventTarget {
  postMessage() {}
}

/**
 * The window of a page whose names are global from now on. `data` are the attributes of its body.
 * @param {string} html of its body
 * @param {Record<string, string | number>} [data]
 */
export function open(html, data = {}) {
  const window = new Window({
    url: "https://ccd.example.org/page/",
    settings: { navigation: { disableMainFrameNavigation: true } }, // another address, without a request
  });
  const attributes = Object.entries({ now: NOW, timezone: "UTC", ...data }).map(([name, value]) => `data-${name}="${value}"`);
  window.document.write(`<!doctype html><html lang="fr"><body ${attributes.join(" ")}>${html}</body></html>`);
  for (const name of Object.getOwnPropertyNames(window)) {
    if (NAMES.test(name)) define(globalThis, name, window[name]);
  }
  define(globalThis, "navigator", window.navigator);
  define(navigator, "locks", new Locks());
  define(globalThis, "isSecureContext", true);
  define(globalThis, "caches", new Caches());
  define(globalThis, "BroadcastChannel", Channel);
  // Missing in this DOM.
  Object.defineProperty(window.HTMLOptionElement.prototype, "defaultSelected", {
    get() { return this.hasAttribute("selected"); },
  });
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
  const { clearTimeout } = globalThis;
  globalThis.clearTimeout = (timer) => { if (timer) clearTimeout(timer); };
  performance.now = () => Date.now() - NOW;
  mock.method(Math, "random", () => 0.5); // no jitter
  return window;
}

/** @param {object} on @param {string} name @param {unknown} value */
export const define = (on, name, value) => Object.defineProperty(on, name, { value, configurable: true, writable: true });

/** Time passes, and what it started comes to rest. @param {number} ms */
export async function pass(ms) {
  // In steps, so that a timer that sets another one does so at its own time.
  for (let left = ms; left > 0; left -= STEP) {
    mock.timers.tick(Math.min(STEP, left));
    await new Promise((done) => { setImmediate(done); });
  }
  await rest();
}

/** What was started and needs no time, such as reading the database, has happened. */
export async function rest() {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => { setImmediate(done); });
}

/** Show or hide the page. @param {boolean} hidden */
export function hide(hidden) {
  define(document, "hidden", hidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

/** An event on the body with this detail. @param {string} type @param {unknown} [detail] */
export const fire = (type, detail) => document.body.dispatchEvent(new CustomEvent(type, { detail }));

/** @param {unknown} body @param {number} [status] */
export const answer = (body, status = 200) => new Response(JSON.stringify(body), { status });

/**
 * Answer requests with `reply`; returns those that were made.
 * @param {(url: string, options: RequestInit) => Response | Promise<Response>} reply
 */
export function serve(reply) {
  /** @type {{ url: string, [option: string]: any }[]} */
  const requests = [];
  globalThis.fetch = async (url, options = {}) => {
    requests.push({ url: String(url), ...options });
    return reply(String(url), options);
  };
  return requests;
}
