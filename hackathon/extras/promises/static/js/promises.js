// A promise of a file, when the line is down. What it needs is on the page already: a phone scans the QR code, or somebody
// reads the code to an organizer (docs/decisions/0049-promises-of-deposits.md).

import { copyOf, one, write } from "#site/dom.js";
import { sha256Of } from "#site/sha256.js";
import { box, translate } from "#site/submissions-translations.js";
import { filled } from "#site/translations.js";
import { codeOf } from "./promises-codes.js";

/** @typedef {import("#site/submissions-transfer.js").Transfer} Transfer */

const DOWN = ["lost", "failing"]; // states of a transfer that a phone can help
const HANGING = ["opening", "checking", "sending"]; // a dead route may answer nothing for minutes
const SILENT_MS = 10_000; // without a byte sent
const SOON_MS = 15 * 60_000; // before the deadline; a line that falls earlier is likely to come back
const MARGIN = 4; // modules around a QR code

/** By deliverable; others after the key of the team was renewed. @returns {Record<string, string>} */
const addresses = () => JSON.parse(one("#own-promises").dataset.addresses ?? "{}");
/** @type {WeakMap<Transfer, HTMLElement>} what is offered for it */
const offers = new WeakMap();
/** @type {WeakMap<Element, HTMLElement>} where, on a card */
const places = new WeakMap();

document.body.addEventListener("deposits:second", ({ target, detail }) => {
  if (target instanceof HTMLElement) offerPromise(target, detail);
});

/** @param {Transfer} transfer */
const isDown = ({ state, movedAt }) =>
  DOWN.includes(state) || (HANGING.includes(state) && performance.now() - movedAt > SILENT_MS);

/** @param {HTMLElement} card */
function placeOf(card) {
  let place = places.get(card);
  if (!place) {
    place = document.createElement("div");
    one("[data-transfer]", card).after(place);
    places.set(card, place);
  }
  return place;
}

/**
 * Offer a promise while the line is down, and not after the deadline, when it would be late; what is shown stays until the
 * transfer has ended.
 * @param {HTMLElement} card
 * @param {{ id: string, transfer?: Transfer, left: number }} shown `left`: ms until the deadline
 */
function offerPromise(card, { id, transfer, left }) {
  const offer = transfer && offers.get(transfer);
  const helps = transfer && left >= 0 && isDown(transfer);
  if (!transfer || transfer.ended || !(helps || "made" in (offer?.dataset ?? {}))) {
    if (places.get(card)?.firstChild) placeOf(card).replaceChildren();
    return;
  }
  if (offer) {
    weigh(offer, left);
    if (placeOf(card).firstChild !== offer) placeOf(card).replaceChildren(offer);
    return;
  }
  if (!addresses()[id] || !transfer.file || !window.qrcode) return;
  const fresh = copyOf("#promise");
  offers.set(transfer, fresh);
  weigh(fresh, left);
  one("[data-make]", fresh).addEventListener("click", () => make(fresh, transfer, id));
  placeOf(card).replaceChildren(fresh);
}

/** Long before the deadline only a quiet button. @param {HTMLElement} offer @param {number} left */
function weigh(offer, left) {
  const isQuiet = left > SOON_MS && !("made" in offer.dataset);
  one("[data-why]", offer).hidden = isQuiet;
  const { classList } = one("[data-make]", offer);
  classList.toggle("is-quiet", isQuiet);
  classList.toggle("is-primary", !isQuiet);
}

/** @param {HTMLElement} offer @param {Transfer} transfer @param {string} id of the deliverable */
async function make(offer, transfer, id) {
  const { file, record } = transfer;
  const button = one("[data-make]", offer, HTMLButtonElement);
  const said = one("[data-reading]", offer);
  if (!file) return;
  button.disabled = true;
  try {
    const digest = await sha256Of(file, (read) => {
      write(said, filled(offer.dataset.progress, { percent: Math.floor((100 * read) / (file.size || 1)) }));
    });
    show(offer, { address: addresses()[id], team: Number(record.team), deliverable: Number(id), size: file.size, digest });
    write(said, "");
  } catch {
    said.replaceChildren(box("error", translate("unreadable", { name: file.name })));
    button.disabled = false;
  }
}

/**
 * @param {HTMLElement} offer
 * @param {{ address: string, team: number, deliverable: number, size: number, digest: string }} promised
 */
function show(offer, { address, ...promised }) {
  const now = new Date(); // of this computer, which may be wrong: the server's decides
  const clock = Math.floor(now.getTime() / 1000);
  const url = `${address}${promised.size}-${promised.digest}-${clock}/`;
  const link = one("[data-qr]", offer, HTMLAnchorElement);
  link.href = url;
  link.replaceChildren(drawn(url));
  const code = codeOf({ ...promised, clock });
  const lines = one("[data-code]", offer);
  lines.replaceChildren(...code.split("\n").map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
  one("[data-typed]", offer).hidden = !code;
  write(one("[data-clock]", offer), now.toLocaleTimeString(document.documentElement.lang));
  write(one("[data-digest]", offer), `${promised.digest.slice(0, 16)}…`);
  one("[data-before]", offer).hidden = true;
  one("[data-shown]", offer).hidden = false;
  offer.dataset.made = "";
  offer.focus();
}

/** Dark on white in both themes, so that cameras read it. @param {string} url */
function drawn(url) {
  const code = window.qrcode(0, "M");
  code.addData(url);
  code.make();
  const count = code.getModuleCount();
  let dark = "";
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) dark += `M${column + MARGIN} ${row + MARGIN}h1v1h-1z`;
    }
  }
  const side = count + 2 * MARGIN;
  const svg = element("svg", { viewBox: `0 0 ${side} ${side}`, "shape-rendering": "crispEdges" });
  svg.append(element("path", { fill: "#fff", d: `M0 0h${side}v${side}H0z` }), element("path", { fill: "#15122e", d: dark }));
  return svg;
}

/** @param {string} name @param {Record<string, string>} attributes */
function element(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
