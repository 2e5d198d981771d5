// The service worker of the list on which meals are handed out, as Django makes it.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { answers, away, forget, html, kept, SITE, text, worker } from "../../js/worker.js";

beforeEach(forget);
const listed = () => new Response(`<body data-now="1000" data-meals-net >list`);

const LIST = "/repas/distribution/";
const list = () => worker("hackathon/extras/meals/templates/meals/worker.js", `${LIST}hors-ligne.js`);

test("the list of meals opens without a network with the instant of its storing, for a day", async () => {
  const { ask } = list();
  answers(() => listed());
  await ask(LIST);
  await ask(`${LIST}?q=ada`);
  const at = Date.now();
  answers(() => new Response("error", { status: 502 }));
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
    answers(() => listed());
    await ask(LIST);
    answers(answer);
    await ask(LIST);

    assert.equal(await kept("meals-handout", LIST), false);
  }
});

test("a page of meals has its files stored, and itself", async () => {
  const { ask, tell } = list();
  answers(() => listed());
  globalThis.fetch = async () => new Response("file");

  await tell({ page: SITE + LIST, files: [`${SITE}/static/bundle/meals.0123456789ab.js`] });
  answers(away);

  assert.equal(await text(ask("/static/bundle/meals.0123456789ab.js", { mode: "no-cors" })), "file");
  assert.match(await text(ask(LIST)), /list/);
});
