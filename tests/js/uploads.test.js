import assert from "node:assert/strict";
import { test } from "node:test";

import { fire, open, rest } from "./page.js";

const line = (by, deliverable) => `<p data-by="${by}" data-who="Ada" data-name="gros.mov" data-team="3" data-deliverable="${deliverable}"></p>`;
open(`<div id="team-uploads">${line(1, 7)}${line(2, 8)}</div>`, { user: 1 });
const { ofTeammate, start } = await import("../../hackathon/static/js/uploads.js");
const { hold } = await import("../../hackathon/static/js/submissions-turns.js");

const own = () => [...document.querySelectorAll("[data-by]")].map(({ dataset }) => dataset.own);
start();

test("the line of an own upload says that it waits for its page", async () => {
  await rest();

  assert.deepEqual(own(), ["this-page", undefined]);
});

test("the line of an own upload says that another tab sends it, and after it is closed that it waits", async () => {
  const release = await hold("3/7", () => {});
  fire("live:refetched");
  await rest();
  assert.deepEqual(own(), ["another-tab", undefined]);

  release();
  await rest();
  fire("live:refetched");
  await rest();
  assert.deepEqual(own(), ["this-page", undefined]);
});

test("only the upload of somebody else is a reason to ask before a second one", () => {
  assert.equal(ofTeammate("7"), undefined);
  assert.equal(ofTeammate("8").dataset.who, "Ada");
});
