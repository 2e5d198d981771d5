// Handing in. The forms work without this; what it adds is transfers that survive a cut, a reload, sleep and a
// lost session, an outcome that cannot be mistaken, and several files at once.

import { Card } from "./submissions-card.js";
import * as drop from "./submissions-drop.js";
import { recordsOf } from "./submissions-keep.js";
import { sendTyped } from "./submissions-typed.js";

const ASLEEP_MS = 5_000; // a second that lasts so long: the machine slept

const list = document.getElementById("deposits");
const refresh = () => list.dispatchEvent(new Event("deposits:refresh"));
const cards = [...document.querySelectorAll("article.deliverable")].map((article) => new Card(article, refresh));
const transfers = () => cards.map((card) => card.transfer).filter((transfer) => transfer && !transfer.ended);

for (const card of cards) {
  card.form.addEventListener("submit", (event) => {
    if (card.input && !window.tus) return; // the plain form, then
    event.preventDefault();
    if (!card.input) sendTyped(card);
    else card.send(card.input.files[0]);
  });
  card.form.addEventListener("input", () => { card.form.dataset.touched = ""; });
  card.input?.addEventListener("change", () => {
    card.form.dataset.touched = "";
    card.chosen(card.input.files[0]);
  });
  card.gate();
}

// ---------------------------------------------------------------- what was under way when the page was left

async function takeUp() {
  for (const record of await recordsOf(list.dataset.team)) {
    const card = cards.find(({ id, input }) => id === record.deliverable && input);
    if (card && !card.transfer) await card.takeUp(record);
  }
}
if (window.tus) takeUp();

// ---------------------------------------------------------------- the world around the transfers

let last = Date.now();
setInterval(() => {
  const slept = Date.now() - last > ASLEEP_MS;
  last = Date.now();
  for (const transfer of transfers()) {
    transfer.tick();
    if (slept) transfer.nudge({ changed: true });
  }
}, 1000);

const nudge = (how) => () => transfers().forEach((transfer) => transfer.nudge(how));
window.addEventListener("online", nudge({ changed: true }));
window.addEventListener("offline", () => transfers().forEach((transfer) => transfer.offline()));
window.addEventListener("focus", nudge());
document.addEventListener("visibilitychange", () => document.hidden || nudge()());
for (const type of ["extension.granted", "edition.changed", "caught-up"]) {
  document.body.addEventListener(`live:${type}`, () => transfers().forEach((transfer) => transfer.windowChanged()));
}

// Leaving does no harm where the file is kept: the transfer goes on when the page is open again.
window.addEventListener("beforeunload", (event) => {
  const going = cards.some((card) => card.isBusy && !(card.transfer && !card.transfer.ended));
  if (going || transfers().some(({ kept, state }) => !kept && state !== "absent")) event.preventDefault();
});

// ---------------------------------------------------------------- the page refreshing itself

// Details that were open stay open when the part around them is fetched again.
let opened = [];
list.addEventListener("htmx:oobBeforeSwap", (event) => {
  const inside = event.target.querySelectorAll?.("details[open][id]") ?? [];
  opened.push(...[...inside].map(({ id }) => id));
});
document.body.addEventListener("htmx:afterSettle", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  opened = [];
  cards.forEach((card) => card.gate());
  gateSeveral();
});

const several = document.getElementById("deposits-several");
const files = cards.filter(({ input }) => input);

function gateSeveral() {
  if (several) several.querySelector("p").hidden = files.length < 2 || !files.some(({ accepts }) => accepts);
}

if (several && window.tus) {
  several.hidden = false;
  drop.start(cards, several);
}
gateSeveral();
