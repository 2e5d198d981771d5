import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, define, NOW, open, pass, serve } from "./page.js";

const MINUTE = 60_000;

open('<div id="stage" data-scene="brief"></div><section data-show="/projection/k/etat/" hidden></section>');
define(window, "caches", caches);
const { start } = await import("../../hackathon/static/js/screen-brief.js");

test("a projector without a package asks often in the minutes after the instant, and rarely later", async () => {
  const known = { instant: new Date(NOW - 1000).toISOString(), package: null, key: "" };
  const requests = serve(() => answer(known));
  start();
  await pass(MINUTE);
  const soon = requests.length;
  await pass(MINUTE);
  requests.length = 0;
  await pass(MINUTE);

  assert.ok(soon > 60, `${soon}`);
  assert.ok(requests.length <= 7, `${requests.length}`);
});
