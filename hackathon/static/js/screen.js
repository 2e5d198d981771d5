// The projector. Its stage is a block as on the control page: data-block names the messages that make it stale. It is
// fetched here and not by htmx, since an answer may replace what is shown only if it is a stage; otherwise the last
// picture stays and its clock goes on.

import "./main.js"; // one bundle with what every page runs
import { one } from "./dom.js";
import * as lights from "./screen-lights.js";
import * as machine from "./screen-machine.js";
import { morph } from "./morph.js";
import { cancel, later } from "./ticker.js";

const GATHER = 250; // ms; a deposit is several messages
const PAUSE = 3000; // between two fetches of a busy minute
const TIMEOUT = 8000; // ms
const MAX_AGE = 120_000; // ms; also without messages
const RETRY = [1000, 2000, 5000, 10_000]; // ms
const AT_ONCE = new Set(["screen.switched", "ceremony.moved", "caught-up", "clock.passed", "announcement.published",
  "announcement.corrected", "announcement.withdrawn"]);
const SPREAD = 1250; // ms; hundreds of pages watch a ceremony
const NEWS_SECONDS = 20; // a new announcement is highlighted
const RELOAD_MINUTES = 10; // at least between two reloads

const stage = () => one("#stage");
const assets = stage().dataset.assets;
let timer = 0;
let due = Infinity;
let asking = false;
let fetched = -PAUSE;
let failures = 0;

/** Fetch in `ms` at the latest. @param {number} ms */
function soon(ms) {
  const at = performance.now() + ms;
  if (asking && at < due) due = at; // the answer under way may be older than this message
  if (asking || at >= due) return;
  cancel(timer);
  due = at;
  timer = later(ask, ms);
}

async function ask() {
  asking = true;
  due = Infinity;
  let wait = MAX_AGE;
  try {
    const answer = await fetch(stage().dataset.src ?? "", {
      headers: { "HX-Request": "true" }, // a part of a page
      cache: "no-store",
      signal: AbortSignal.timeout?.(TIMEOUT),
    });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const text = await answer.text();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("stage");
    if (!fresh) throw new Error("no stage"); // e.g. the sign-in page of a Wi-Fi network
    failures = 0;
    show(fresh);
    machine.keepStage(text);
  } catch {
    wait = RETRY[Math.min(failures, RETRY.length - 1)];
    failures += 1;
  } finally {
    asking = false;
    fetched = performance.now();
    const next = Math.min(wait, Math.max(0, due - fetched));
    due = Infinity;
    soon(next);
  }
}

/** @param {HTMLElement} fresh */
function show(fresh) {
  const old = stage();
  const { assets: wanted } = fresh.dataset;
  const announced = stampOf(old);
  const { scene, since } = old.dataset; // each step of the ceremony is replaced as a whole
  if (fresh.dataset.scene === scene && fresh.dataset.since === since) {
    morph(old, fresh);
  } else {
    old.replaceWith(fresh);
    lights.forget();
  }
  if (stampOf(stage()) !== announced) highlight();
  lights.look(stage());
  document.body.dispatchEvent(new CustomEvent("live:refetched"));
  if (wanted !== assets) renew();
}

/** @param {HTMLElement} within */
const stampOf = (within) => within.querySelector("[data-banner]")?.dataset.banner;

let highlighting = 0;
function highlight() {
  document.body.classList.add("has-news");
  cancel(highlighting);
  highlighting = later(() => document.body.classList.remove("has-news"), NEWS_SECONDS * 1000);
}

// The server has other scripts or styles than this page: reload, but only if the page can be fetched, and not again and
// again if that does not change them.
async function renew() {
  const before = Number(sessionStorage.getItem("screen-renewed"));
  if (Date.now() - before < RELOAD_MINUTES * 60_000) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout?.(TIMEOUT) });
    if (!answer.ok || answer.redirected || !(await answer.text()).includes('id="stage"')) return;
    sessionStorage.setItem("screen-renewed", String(Date.now()));
    location.reload();
  } catch {
    // The next picture tries again.
  }
}

/** @param {string} type */
function onMessage(type) {
  const isCeremony = "since" in stage().dataset;
  const pause = Math.max(GATHER, fetched + PAUSE - performance.now()) + (isCeremony ? Math.random() * SPREAD : 0);
  soon(AT_ONCE.has(type) || (type === "edition.changed" && !isCeremony) ? 0 : pause);
}

for (const type of [...(stage().dataset.block ?? "").split(/\s+/), "caught-up", "clock.passed"]) {
  document.body.addEventListener(`live:${type}`, () => onMessage(type));
}
window.addEventListener("online", () => soon(0));
// An image that cannot be loaded leaves its place empty, without the browser's broken-image sign.
document.addEventListener("error", ({ target }) => target instanceof HTMLImageElement && target.classList.add("is-gone"), true);
lights.look(stage());
machine.start(stage().dataset.watchUrl ?? "");
soon(0); // the page itself may come from the service worker's cache
