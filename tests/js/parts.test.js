import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { NOW, fire, hide, open, pass, rest, serve } from "./page.js";

open("<main></main>", { user: "1" });
const { addRoundTrip } = await import("../../hackathon/static/js/clock.js");
const instants = await import("../../hackathon/static/js/instants.js");
const parts = await import("../../hackathon/static/js/parts.js");

const part = (id, more = "", text = "ancien") => `<p id="${id}" data-shows="team help" data-src="/essai/" ${more}>${text}</p>`;
const html = (body) => new Response(body, { headers: { "Content-Type": "text/html" } });
const text = (id) => document.getElementById(id).textContent;
const message = (type = "team.updated", more = {}) => fire("live", { type, data: {}, ...more });
const at = (seconds) => `<template data-at="${new Date(Date.now() + seconds * 1000).toISOString()}"></template>`;

function show(body) {
  document.querySelector("main").innerHTML = body;
  fire("live:refetched", {});
}

/** Requests, each with the milliseconds since now. */
function counted(reply = () => html(part("a", "", "nouveau"))) {
  const began = Date.now();
  const made = [];
  serve((url) => {
    made.push([Date.now() - began, url]);
    return reply(url);
  });
  return made;
}

addRoundTrip(0, 0, NOW);
parts.start();
instants.start();
// After a quiet time each part has its first pause.
beforeEach(async () => {
  show("");
  hide(false);
  await pass(30_000);
});

test("a message about a noun that the part shows fetches it, in one request for several messages", async () => {
  show(part("a", 'data-pace="now"'));
  const made = counted();

  message("question.asked");
  message("teams.counted");
  message();
  message("help.claimed");
  await pass(600);

  assert.deepEqual(made, [[250, "/essai/?parts=a"]]);
  assert.equal(text("a"), "nouveau");
});

test("parts with one address come in one request, and an address keeps its query", async () => {
  const open = (text) => `<p id="c" data-shows="team" data-src="/essai/?open=INFO" data-pace="now">${text}</p>`;
  show(part("a", 'data-pace="now"') + part("b", 'data-pace="now"') + open("c"));
  const made = counted(() => html(part("a", "", "1") + part("b", "", "2") + open("3")));

  message();
  await pass(600);

  assert.deepEqual(made.map(([, url]) => url), ["/essai/?parts=a,b", "/essai/?open=INFO&parts=c"]);
  assert.deepEqual(["a", "b", "c"].map(text), ["1", "2", "3"]);
});

test("a part that names fields of the edition follows those only", async () => {
  show('<p id="a" data-shows="edition.timezone" data-src="/essai/" data-pace="now">a</p>');
  const made = counted();

  message("edition.changed", { data: { changed: ["deadline_at"] } });
  await pass(600);
  assert.deepEqual(made, []);
  message("edition.changed", { data: { changed: ["name", "timezone"] } });
  await pass(600);

  assert.equal(made.length, 1);
});

test("pages ask over the time that the message names, and few people at once", async () => {
  show(part("a") + '<p id="b" data-shows="team" data-src="/autre/" data-pace="now">b</p>');
  const made = counted((url) => html(url.startsWith("/autre") ? '<p id="b">2</p>' : part("a", "", "1")));

  message("team.updated", { spread: 4000 });
  await pass(5000);

  assert.deepEqual(made, [[250, "/autre/?parts=b"], [2250, "/essai/?parts=a"]]);
});

test("while messages go on the pauses grow, but not where few people watch", async () => {
  const asked = {};
  for (const pace of ["usual", "now", "stage"]) {
    show(part("a", `data-pace="${pace}"`));
    const made = counted(() => html(part("a", `data-pace="${pace}"`)));
    for (let n = 0; n < 100; n += 1) {
      message("team.updated", { spread: 0 });
      await pass(100);
    }
    asked[pace] = made.map(([ms]) => ms);
    await pass(30_000);
  }

  assert.deepEqual(asked.usual.slice(0, 5), [250, 550, 2550, 5550, 8550]);
  assert.ok(asked.now.length > 10);
  assert.ok(asked.stage.length > 10);
});

test("an instant in a part is a cause like a message, and does not wait for a pause", async () => {
  show(part("a", 'data-pace="slow"'));
  const replies = [() => `ancien${at(1)}`, () => "nouveau"];
  const made = counted(() => html(part("a", 'data-pace="slow"', replies.shift()())));

  message();
  await pass(6000);

  // Each after half of the spread of 1.5 s; the pause would be 8 s.
  assert.deepEqual(made.map(([ms]) => ms), [1000, 3030]);
  assert.equal(text("a"), "nouveau");
});

test("a hidden page fetches nothing until it is shown, and then once", async () => {
  show(part("a", 'data-pace="now"', `ancien${at(1)}`));
  const made = counted();
  hide(true);

  message();
  await pass(60_000);
  assert.deepEqual(made, []);
  message();
  hide(false);
  await pass(2000);

  assert.equal(made.length, 1);
});

test("what had no answer is fetched again", async () => {
  show(part("a", 'data-pace="now"'));
  const replies = [
    () => { throw new TypeError("no network"); },
    () => new Response("", { status: 503 }),
    () => html(part("a", "", "nouveau")),
  ];
  const made = counted(() => replies.shift()());

  message();
  await pass(10_000);

  assert.equal(made.length, 3);
  assert.equal(text("a"), "nouveau");
});

test("a projector asks until it has its stage", async () => {
  show(part("a", 'data-pace="stage"'));
  const replies = [
    () => html("<h1>Bienvenue sur le Wi-Fi</h1>"),
    () => new Response("", { status: 404 }),
    () => html(part("a", 'data-pace="stage"', "nouveau")),
  ];
  const made = counted(() => replies.shift()());

  message();
  await pass(20_000);

  assert.equal(made.length, 3);
  assert.equal(text("a"), "nouveau");
});

test("nothing has changed, or may be seen: the part stays, and is not asked for again", async () => {
  for (const status of [204, 404]) {
    show(part("a", 'data-pace="now"'));
    const made = counted(() => new Response(null, { status }));

    message();
    await pass(30_000);

    assert.equal(made.length, 1, String(status));
    assert.equal(text("a"), "ancien");
  }
});

test("an answer that a newer one has overtaken changes nothing", async () => {
  show(part("a", 'data-pace="stage"'));
  const held = [];
  counted(() => new Promise((answer) => { held.push(answer); }));

  message();
  await pass(40);
  message();
  await pass(1000);
  held[1](html(part("a", 'data-pace="stage"', "nouveau")));
  await rest();
  held[0](html(part("a", 'data-pace="stage"', "ancien")));
  await rest();

  assert.equal(text("a"), "nouveau");
});

test("a part that was replaced while it was fetched is fetched again", async () => {
  show(part("a", 'data-pace="stage"'));
  const held = [];
  counted(() => new Promise((answer) => { held.push(answer); }));

  message();
  await pass(40);
  show(part("a", 'data-pace="stage"', "remplacé"));
  held[0](html(part("a", "", "ancien")));
  await rest();
  assert.equal(text("a"), "remplacé");
  await pass(1000);
  held[1](html(part("a", "", "nouveau")));
  await rest();

  assert.equal(text("a"), "nouveau");
});

test("after too many missed messages every part is fetched", async () => {
  show(part("a", 'data-pace="now"') + '<p id="b" data-shows="" data-src="/autre/">b</p>');
  const made = counted((url) => html(url.startsWith("/autre") ? '<p id="b">2</p>' : part("a", "", "1")));

  fire("live:caught-up", { data: { complete: true } });
  await pass(2000);
  assert.deepEqual(made, []);
  fire("live:caught-up", { data: { complete: false } });
  await pass(2000);

  assert.deepEqual(made.map(([, url]) => url).sort(), ["/autre/?parts=b", "/essai/?parts=a"]);
});

test("another key replaces the part as a whole", async () => {
  show(part("a", 'data-pace="stage" data-key="day"'));
  const before = document.getElementById("a");
  counted(() => html(part("a", 'data-pace="stage" data-key="night"', "nuit")));

  message();
  await pass(100);

  assert.equal(text("a"), "nuit");
  assert.notEqual(document.getElementById("a"), before);
});

test("a page is not reloaded for the edition that it shows already", async () => {
  let reloads = 0;
  window.location.reload = () => { reloads += 1; };
  show("");
  document.body.dataset.liveAfter = "7";
  const shown = (id) => message("edition.changed", { id, data: { changed: ["is_current"] }, spread: 1000 });

  shown(6); // sent again, because it was committed shortly before the page was made
  shown(7);
  await pass(2000);
  assert.equal(reloads, 0);
  shown(8);
  await pass(2000);

  assert.equal(reloads, 1);
});

test("a page whose form awaits its answer is not reloaded for another edition, and then it is", async () => {
  let reloads = 0;
  window.location.reload = () => { reloads += 1; };
  show('<form id="form"></form><form id="handled"></form>');
  document.getElementById("handled").addEventListener("submit", (event) => event.preventDefault());
  const send = (id) => document.getElementById(id).dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  const another = () => message("edition.changed", { data: { changed: ["is_current"] }, spread: 1000 });

  send("form");
  another();
  await pass(59_000);
  assert.equal(reloads, 0);
  await pass(21_000);
  assert.equal(reloads, 1);
  send("handled");
  another();
  await pass(1000);

  assert.equal(reloads, 2);
});
