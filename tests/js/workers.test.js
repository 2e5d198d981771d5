// The service workers of the jury's tablet and of the projector, as Django makes them.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { answers, away, caches, forget, html, kept, SITE, text, worker } from "./worker.js";

beforeEach(forget);

// ---------------------------------------------------------------- the jury's tablet

const tablet = () => worker("templates/judging/scoring/worker.js", "/jury/sw.js");

test("a tablet opens the list and the sheets that it has shown, with the time moved on, and no other page", async () => {
  const { ask } = tablet();
  for (const url of ["/jury/", "/jury/info/equipes/7/", "/jury/?show=todo", "/jury/guide/"]) {
    answers(() => html(url));
    await ask(url);
  }
  answers(away);
  mock.timers.tick(60_000);

  assert.equal(await text(ask("/jury/")), `<body data-now="61000" data-net >/jury/`);
  assert.match(await text(ask("/jury/info/equipes/7/")), /equipes/);
  assert.match(await text(ask("/jury/?show=todo")), /\/jury\/$/); // the whole list
  assert.equal(await text(ask("/jury/guide/")), "no network");
  await assert.rejects(ask("/jury/", { mode: "cors" }), TypeError); // the page's script handles it
});

test("a tablet keeps the colours of the edition", async () => {
  const { ask } = tablet();
  answers(() => new Response("colours"));
  await ask("/apparence/plain/1b4f9c-x.css", { mode: "no-cors" });
  answers(away);

  assert.equal(await text(ask("/apparence/plain/1b4f9c-x.css", { mode: "no-cors" })), "colours");
});

test("an answer that is not the page is not stored", async () => {
  const { ask } = tablet();
  for (const answer of [html("login", { status: 401 }), Object.defineProperty(html("login"), "redirected", { value: true })]) {
    answers(() => answer);
    await ask("/jury/");
  }

  assert.equal(await kept("jury-pages", "/jury/"), false);
});

test("a tablet that was handed over shows no page of its former juror", async () => {
  const { ask } = tablet();
  answers(() => html("former"));
  await ask("/jury/");
  await (await caches.open("jury-flags")).put("/jury/vacant", new Response("1"));
  await (await caches.open("jury-deposits")).put("/jury/depots/1/copie/", new Response("secret"));
  answers(away);

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
  answers(() => new Response("fresh"));
  assert.equal(await text(ask(url, options)), "fresh");
});

// ---------------------------------------------------------------- the projector

const stage = (made, scene, more = "") => `<div id="stage" data-made="${made}"${more}>${scene}</div>`;
const projection = (inner) => html(`<main id="content">${inner}</main>`);

test("a projector shows its newest picture while the server is away, and never one of a rehearsal", async () => {
  const { ask, tell } = worker("templates/stage/projector/watch.js", "/ecran/veille.js");
  const page = `${SITE}/ecran/`;
  answers(() => projection(stage(1000, "first")));
  await ask("/ecran/");
  await tell({ page, stage: stage(4000, "second") });
  await tell({ page, stage: stage(5000, "invented", " data-rehearsal") });
  answers(away);
  mock.timers.tick(2000);

  assert.equal(await text(ask("/ecran/")), `<body data-now="6000" data-net ><main id="content">${stage(4000, "second")}</main>`);
  answers(() => projection(stage(5000, "invented", " data-rehearsal")));
  await ask("/ecran/");
  answers(away);
  assert.match(await text(ask("/ecran/")), /second/);
});

test("the other pages below the projector are not its own", async () => {
  const { ask } = worker("templates/stage/projector/watch.js", "/ecran/veille.js");

  assert.equal(await ask("/ecran/scene/"), undefined);
});
