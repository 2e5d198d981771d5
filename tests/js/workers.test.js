// The service workers of the jury's tablet, of the list of meals and of the projector, as Django makes them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, mock, test } from "node:test";
import vm from "node:vm";

import { Caches } from "./storage.js";

const SITE = "https://ccd.example.org";
const NOW = 1_600_000_000_000;
const TAGS = {
  '{% url "judging:handover" %}': "/jury/changer/", '{% url "judging:badge" %}': "/jury/badge/", '{% url "judging:index" %}': "/jury/",
  "{{ shell|escapejs }}": "no network", "{{ emptied|escapejs }}": "handed over",
};
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const away = () => { throw new TypeError("no network"); };
const html = (text, options) => new Response(`<body data-now="1000" data-meals-net >${text}`, options);

mock.timers.enable({ apis: ["Date"], now: NOW });
/** @type {any} what the server answers */
let reply;
/** @type {Caches} */
let caches;
beforeEach(() => {
  caches = new Caches();
  reply = away;
});

/** A worker: its function asks for an address as a page does. @param {string} template @param {string} path */
function worker(template, path) {
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

const text = async (answer) => (await answer)?.text();
const kept = async (name, url) => Boolean(await (await caches.open(name)).match(url));

// ---------------------------------------------------------------- the jury's tablet

const tablet = () => worker("templates/judging/scoring/worker.js", "/jury/sw.js");

test("a tablet opens the list and the sheets that it has shown, with the time moved on, and no other page", async () => {
  const { ask } = tablet();
  for (const url of ["/jury/", "/jury/info/equipes/7/", "/jury/?show=todo", "/jury/guide/"]) {
    reply = () => html(url);
    await ask(url);
  }
  reply = away;
  mock.timers.tick(60_000);

  assert.equal(await text(ask("/jury/")), `<body data-now="61000" data-meals-net >/jury/`);
  assert.match(await text(ask("/jury/info/equipes/7/")), /equipes/);
  assert.match(await text(ask("/jury/?show=todo")), /\/jury\/$/); // the whole list
  assert.equal(await text(ask("/jury/guide/")), "no network");
  await assert.rejects(ask("/jury/", { mode: "cors" }), TypeError); // the page's script handles it
});

test("an answer that is not the page is not stored", async () => {
  const { ask } = tablet();
  for (const answer of [html("login", { status: 401 }), Object.defineProperty(html("login"), "redirected", { value: true })]) {
    reply = () => answer;
    await ask("/jury/");
  }

  assert.equal(await kept("jury-pages", "/jury/"), false);
});

test("a tablet that was handed over shows no page of its former juror", async () => {
  const { ask } = tablet();
  reply = () => html("former");
  await ask("/jury/");
  await (await caches.open("jury-flags")).put("/jury/vacant", new Response("1"));
  await (await caches.open("jury-deposits")).put("/jury/depots/1/copie/", new Response("secret"));
  reply = away;

  assert.equal((await ask("/jury/")).headers.get("Location"), `${SITE}/jury/changer/`);
  assert.equal(await text(ask("/jury/changer/")), "handed over");
  await assert.rejects(ask("/jury/depots/1/copie/"), TypeError);
});

test("a submission that was fetched in advance is read in parts", async () => {
  const { ask } = tablet();
  await (await caches.open("jury-deposits")).put("/jury/depots/1/copie/", new Response("0123456789"));
  const part = await ask("/jury/depots/1/copie/", { headers: { Range: "bytes=2-4" } });

  assert.deepEqual([part.status, part.headers.get("Content-Range"), await part.text()], [206, "bytes 2-4/10", "234"]);
  assert.equal(await text(ask("/jury/depots/1/copie/")), "0123456789");
});

test("another deliverable of a sheet comes from the stored parts without a network", async () => {
  const { ask } = tablet();
  const [url, options] = ["/jury/info/equipes/7/?deliverable=3", { mode: "cors", headers: { "HX-Request": "true" } }];
  await (await caches.open("jury-pages")).put(`${url}&piece=work`, new Response("part"));

  assert.equal(await text(ask(url, options)), "part");
  reply = () => new Response("fresh");
  assert.equal(await text(ask(url, options)), "fresh");
});

// ---------------------------------------------------------------- the list of meals

const LIST = "/repas/distribution/";
const list = () => worker("templates/meals/worker.js", `${LIST}hors-ligne.js`);

test("the list of meals opens without a network with the instant of its storing, for a day", async () => {
  const { ask } = list();
  reply = () => html("list");
  await ask(LIST);
  await ask(`${LIST}?q=ada`);
  const at = Date.now();
  reply = () => new Response("error", { status: 502 });
  mock.timers.tick(5000);

  assert.equal(await text(ask(LIST)), `<body data-now="6000" data-meals-net="${at}" >list`);
  assert.match(await text(ask(`${LIST}?floor=2`)), /list/); // that of all floors
  assert.equal(await kept("meals-handout", `${LIST}?q=ada`), false);
  mock.timers.tick(86_400_000);
  assert.equal(await text(ask(LIST)), "error");
  assert.equal(await kept("meals-handout", LIST), false);
});

test("the list is deleted once its person is signed out, or no helper any more", async () => {
  for (const answer of [() => html("no", { status: 404 }), () => Object.defineProperty(html("login"), "type", { value: "opaqueredirect" })]) {
    const { ask } = list();
    reply = () => html("list");
    await ask(LIST);
    reply = answer;
    await ask(LIST);

    assert.equal(await kept("meals-handout", LIST), false);
  }
});

test("a page of meals has its files stored, and itself", async () => {
  const { ask, tell } = list();
  reply = () => html("list");
  globalThis.fetch = async () => new Response("file");

  await tell({ page: SITE + LIST, files: [`${SITE}/static/bundle/meals.0123456789ab.js`] });
  reply = away;

  assert.equal(await text(ask("/static/bundle/meals.0123456789ab.js", { mode: "no-cors" })), "file");
  assert.match(await text(ask(LIST)), /list/);
});

// ---------------------------------------------------------------- the projector

const stage = (made, scene, more = "") => `<div id="stage" data-made="${made}"${more}>${scene}</div>`;
const projection = (inner) => html(`<main id="content">${inner}</main>`);

test("a projector shows its newest picture while the server is away, and never one of a rehearsal", async () => {
  const { ask, tell } = worker("templates/stage/projector/watch.js", "/ecran/veille.js");
  const page = `${SITE}/ecran/`;
  reply = () => projection(stage(1000, "first"));
  await ask("/ecran/");
  await tell({ page, stage: stage(4000, "second") });
  await tell({ page, stage: stage(5000, "invented", " data-rehearsal") });
  reply = away;
  mock.timers.tick(2000);

  assert.equal(await text(ask("/ecran/")), `<body data-now="6000" data-meals-net ><main id="content">${stage(4000, "second")}</main>`);
  reply = () => projection(stage(5000, "invented", " data-rehearsal"));
  await ask("/ecran/");
  reply = away;
  assert.match(await text(ask("/ecran/")), /second/);
});

test("the other pages below the projector are not its own", async () => {
  const { ask } = worker("templates/stage/projector/watch.js", "/ecran/veille.js");

  assert.equal(await ask("/ecran/scene/"), undefined);
});
