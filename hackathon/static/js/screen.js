// The projector. Its stage is a part like any other (parts.js); another scene takes its place as a whole ([data-key]). Without
// an answer the last picture stays, and its clock goes on.

import "./main.js"; // one bundle with what every page runs
import { one } from "./dom.js";
import * as lights from "./screen-lights.js";
import * as machine from "./screen-machine.js";
import * as sound from "./screen-sound.js";
import { stale } from "./parts.js";
import { cancel, later } from "./ticker.js";

const TIMEOUT = 8000; // ms
const NEWS_SECONDS = 20; // a new announcement is highlighted
const RELOAD_MINUTES = 10; // at least between two reloads

const stage = () => one("#stage");
const assets = stage().dataset.assets;
let shown = stage().dataset.key;

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

let announced = stampOf(stage());

/** The stage has been fetched, or something in it has changed. @param {CustomEvent<any>} event */
function onFresh({ detail: { address, text } }) {
  const { key, src, assets: wanted } = stage().dataset;
  if (key !== shown) lights.forget(); // it was replaced as a whole
  shown = key;
  if (stampOf(stage()) !== announced) highlight();
  announced = stampOf(stage());
  lights.look(stage());
  if (address === src) machine.keepStage(text);
  if (wanted !== assets) renew();
}

document.body.addEventListener("live:refetched", onFresh);
window.addEventListener("online", () => stale(stage()));
// An image that cannot be loaded leaves its place empty, without the browser's broken-image sign.
document.addEventListener("error", ({ target }) => target instanceof HTMLImageElement && target.classList.add("is-gone"), true);
lights.look(stage());
sound.start();
machine.start(stage().dataset.watchUrl ?? "");
stale(stage()); // the page itself may come from the service worker's cache
