import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, define, open, pass, serve } from "../../js/page.js";

open('<p data-muted hidden></p>');
define(window, "caches", caches);
const { start } = await import("../../../hackathon/extras/passages/static/js/decks-store.js");
const { play } = await import("../../../hackathon/static/js/screen-sound.js");

test("a projector says every minute what it has, and at once that its film is muted", async () => {
  const requests = serve(() => answer({ decks: [] }));
  const said = () => requests.filter(({ method }) => method === "POST").map(({ body }) => String(body));
  start("/projection/k/supports/", async () => {});
  await pass(70_000);
  const regular = said().length;
  let tries = 0;
  await play(/** @type {any} */ ({ muted: false, play: async () => { tries += 1; if (tries === 1) throw new Error("refused"); } }));
  await pass(100);

  assert.equal(regular, 2);
  assert.match(said().at(-1), /is_muted=on/);
  assert.match(said()[0], /is_muted=(&|$)/);
});
