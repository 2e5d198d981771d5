import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, define, NOW, open, pass, serve } from "../../js/page.js";

const MINUTE = 60_000;

open('<div id="stage" data-scene="brief" data-shows="screen" data-src="/projection/k/scene/" data-pace="stage"></div><section data-show="/projection/k/etat/" hidden></section>');
define(window, "caches", caches);
define(globalThis, "matchMedia", () => ({ matches: false, addEventListener() {} }));
/** Answer the projector; a stage that fails would be asked for again at a random time. @param {() => object} known */
const serveProjector = (known) =>
  serve((url) => (url.endsWith("/etat/") ? answer(known()) : new Response('<div id="stage" data-scene="night"></div>')));

test("a projector without a package asks often in the minutes after the instant, and rarely later", async () => {
  const known = { instant: new Date(NOW - 1000).toISOString(), package: null, key: "" };
  const requests = serveProjector(() => known);
  const reports = () => requests.filter(({ url }) => url.endsWith("/etat/")).length;
  await import("../../../hackathon/extras/brief_scene/static/js/brief-scene.js");
  await pass(MINUTE);
  const soon = reports();
  await pass(MINUTE);
  requests.length = 0;
  await pass(MINUTE);

  assert.ok(soon > 60, `${soon}`);
  assert.ok(reports() <= 7, `${reports()}`);
});

test("another instant or package fetches the stage, whose scene depends on them", async () => {
  let known = { instant: new Date(NOW + 60 * MINUTE).toISOString(), package: null, key: "" };
  const requests = serveProjector(() => known);
  const stages = () => requests.filter(({ url }) => url.startsWith("/projection/k/scene/")).length;
  await pass(MINUTE);
  const learned = stages();
  await pass(MINUTE);
  const unchanged = stages();
  known = { ...known, instant: new Date(NOW + 30 * MINUTE).toISOString() };
  await pass(MINUTE);

  assert.deepEqual([learned, unchanged, stages()], [1, 1, 2]);
});
