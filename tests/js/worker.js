// A service worker as Django makes it, for tests.

import { readFileSync } from "node:fs";
import { mock } from "node:test";
import vm from "node:vm";

import { Caches } from "./storage.js";

export const SITE = "https://ccd.example.org";
const NOW = 1_600_000_000_000;
const TAGS = {
  '{% url "judging:handover" %}': "/jury/changer/", '{% url "judging:badge" %}': "/jury/badge/", '{% url "judging:index" %}': "/jury/",
  "{{ shell|escapejs }}": "no network", "{{ emptied|escapejs }}": "handed over",
};
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
export const away = () => { throw new TypeError("no network"); };
export const html = (text, options) => new Response(`<body data-now="1000" data-net >${text}`, options);

mock.timers.enable({ apis: ["Date"], now: NOW });
/** @type {any} what the server answers */
let reply;
/** @type {Caches} */
export let caches;

/** Before each test. */
export function forget() {
  caches = new Caches();
  reply = away;
}

/** @param {any} answer of the server from now on */
export function answers(answer) {
  reply = answer;
}

/** A worker: its function asks for an address as a page does. @param {string} template @param {string} path */
export function worker(template, path) {
  const listeners = {};
  const context = vm.createContext({
    AbortSignal, DOMException, Date, Headers, Request, Response: class extends Response { static redirect = (url) => Response.redirect(SITE + url); }, URL,
    caches, location: new URL(path, SITE), addEventListener: (type, act) => { listeners[type] = act; },
    fetch: async (request) => reply(request),
    importScripts: (name) => vm.runInContext(read(`hackathon/static/${name}`), context),
  });
  context.self = context;
  vm.runInContext(read(template).replace(/\{% static "(.*?)" %\}/g, "$1").replace(/\{[%{].*?[%}]\}/g, (tag) => TAGS[tag]), context);
  /** @param {string} url @param {{ mode?: string, headers?: Record<string, string> }} [options] */
  const ask = async (url, { mode = "navigate", headers = {} } = {}) => {
    let answer;
    const request = { url: SITE + url, method: "GET", mode, headers: new Headers(headers) };
    listeners.fetch({ request, respondWith: (given) => { answer = given; } });
    return answer;
  };
  const tell = async (data) => {
    let done;
    listeners.message({ data, waitUntil: (promise) => { done = promise; } });
    await done;
  };
  return { ask, tell };
}

export const text = async (answer) => (await answer)?.text();
export const kept = async (name, url) => Boolean(await (await caches.open(name)).match(url));
