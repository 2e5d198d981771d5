// The projector. Its stage is a block as those of the control room, which names in data-block the messages that make it
// stale. It is fetched here and not by htmx: what comes takes the place of what is shown only if it is a stage;
// whatever else comes, or nothing, the last picture stays and its clock goes on.

import * as lights from "./screen-lights.js";
import * as machine from "./screen-machine.js";
import { morph } from "./morph.js";
import { cancel, later } from "./ticker.js";

const GATHER = 250; // ms; a deposit is several messages
const PAUSE = 3000; // between two fetches of a busy minute
const PATIENCE = 8000;
const ANYWAY = 120_000; // nothing is missed, and yet: a picture is never older
const AGAIN = [1000, 2000, 5000, 10_000]; // after an answer that did not come
const AT_ONCE = new Set(["screen.switched", "ceremony.moved", "caught-up", "clock.passed"]);
const NEWS_SECONDS = 20; // an announcement stands out for so long
const RELOAD_MINUTES = 10; // at most as often, whatever the server says

const assets = stage().dataset.assets;
let timer = 0;
let due = Infinity;
let asking = false;
let fetched = -PAUSE;
let failures = 0;

function stage() {
  return document.getElementById("stage");
}

/** Fetch in `ms` at the latest. */
function soon(ms) {
  const at = performance.now() + ms;
  if (asking && at < due) due = at; // what is on its way may have been made before this
  if (asking || at >= due) return;
  cancel(timer);
  due = at;
  timer = later(ask, ms);
}

async function ask() {
  asking = true;
  due = Infinity;
  let wait = ANYWAY;
  try {
    const answer = await fetch(stage().getAttribute("hx-get"), {
      headers: { "HX-Request": "true" }, // a part of a page
      cache: "no-store",
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const text = await answer.text();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("stage");
    if (!fresh) throw new Error("no stage"); // e.g. what a hotel's network answers to everything
    failures = 0;
    show(fresh);
    machine.keepStage(text);
  } catch {
    wait = AGAIN[Math.min(failures, AGAIN.length - 1)];
    failures += 1;
  } finally {
    asking = false;
    fetched = performance.now();
    const next = Math.min(wait, Math.max(0, due - fetched));
    due = Infinity;
    soon(next);
  }
}

function show(fresh) {
  const old = stage();
  const { made, assets: wanted } = fresh.dataset;
  const announced = stampOf(old);
  const { scene, since } = old.dataset; // of the ceremony each step is a picture of its own
  if (fresh.dataset.scene === scene && fresh.dataset.since === since) {
    morph(old, fresh);
  } else {
    old.replaceWith(fresh);
    lights.forget();
  }
  if (stampOf(stage()) !== announced) standOut();
  lights.look(stage());
  document.body.dispatchEvent(new CustomEvent("live:refetched", { detail: { madeAt: Number(made) } }));
  if (wanted !== assets) renew();
}

const stampOf = (within) => within.querySelector("[data-banner]")?.dataset.banner;

let standing = 0;
function standOut() {
  document.body.classList.add("has-news");
  cancel(standing);
  standing = later(() => document.body.classList.remove("has-news"), NEWS_SECONDS * 1000);
}

// The server has other files than those that this page runs. It is loaded anew once it surely can be, and not
// again and again if that changes nothing.
async function renew() {
  const before = Number(sessionStorage.getItem("screen-renewed"));
  if (Date.now() - before < RELOAD_MINUTES * 60_000) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) });
    if (!answer.ok || answer.redirected || !(await answer.text()).includes('id="stage"')) return;
    sessionStorage.setItem("screen-renewed", String(Date.now()));
    location.reload();
  } catch {
    // The next picture says it again.
  }
}

function heard(type) {
  const pause = Math.max(GATHER, fetched + PAUSE - performance.now());
  soon(AT_ONCE.has(type) ? 0 : pause);
}

for (const type of [...stage().dataset.block.split(" "), "caught-up", "clock.passed"]) {
  document.body.addEventListener(`live:${type}`, () => heard(type));
}
window.addEventListener("online", () => soon(0));
// A picture that does not come leaves its place empty: no sign of a broken one in front of four hundred people.
document.addEventListener("error", ({ target }) => target instanceof HTMLImageElement && target.classList.add("is-gone"), true);
lights.look(stage());
machine.start(stage().dataset.watchUrl);
soon(0); // the page itself may be one that was kept
