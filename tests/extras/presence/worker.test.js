// The service worker of the list of who is there, as Django makes it.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { answers, away, forget, html, kept, SITE, text, worker } from "../../js/worker.js";

beforeEach(forget);
const listed = () => new Response(`<body data-now="1000" data-presence-net >list`);

const LIST = "/presence/";
const list = () => worker("hackathon/extras/presence/templates/presence/worker.js", `${LIST}hors-ligne.js`);

test("the list opens without a network with the instant of its storing, for a day", async () => {
  const { ask } = list();
  answers(() => listed());
  await ask(LIST);
  const at = Date.now();
  answers(() => new Response("error", { status: 502 }));
  mock.timers.tick(5000);

  assert.equal(await text(ask(LIST)), `<body data-now="6000" data-presence-net="${at}" >list`);
  assert.match(await text(ask(`${LIST}?moment=2`)), /list/); // that of the current one
  mock.timers.tick(86_400_000);
  assert.equal(await text(ask(LIST)), "error");
  assert.equal(await kept("presence-list", LIST), false);
});

test("the list is deleted once its person is signed out, or notes presence no more", async () => {
  for (const answer of [() => html("no", { status: 404 }), () => Object.defineProperty(html("login"), "type", { value: "opaqueredirect" })]) {
    const { ask } = list();
    answers(() => listed());
    await ask(LIST);
    answers(answer);
    await ask(LIST);

    assert.equal(await kept("presence-list", LIST), false);
  }
});

test("the page has its files stored, and itself", async () => {
  const { ask, tell } = list();
  answers(() => listed());
  globalThis.fetch = async () => new Response("file");

  await tell({ page: SITE + LIST, files: [`${SITE}/static/bundle/presence.0123456789ab.js`] });
  answers(away);

  assert.equal(await text(ask("/static/bundle/presence.0123456789ab.js", { mode: "no-cors" })), "file");
  assert.match(await text(ask(LIST)), /list/);
});
