// Submitting. The forms work without this script; it adds transfers that survive a lost connection, a reload, sleep and an
// expired session, a certain outcome, and several files at once.

import "./main.js"; // one bundle with what every page runs
import { serverNow } from "./clock.js";
import { one, write } from "./dom.js";
import { settle } from "./drafts.js";
import { Card, mayEndInGrace, ruleOf } from "./submissions-card.js";
import * as drop from "./submissions-drop.js";
import { recordsOf } from "./submissions-keep.js";
import { translate } from "./submissions-translations.js";
import { sendTyped } from "./submissions-typed.js";
import { titlePart } from "./title.js";

const ASLEEP_MS = 5_000; // a timer of one second that takes so long
const LATE_MS = 4_000; // after which the page asks for what the socket has not brought
const EARLY_MS = 2_000; // before the answer to an upload the socket may have brought it

const list = one("#deposits");
let broughtAt = -Infinity; // when the socket has brought the state of the deliverables, on performance.now()
document.body.addEventListener("live:fragment.rendered", ({ detail }) => {
  if (detail.data.name === "deposits") broughtAt = performance.now();
});

/** What was received comes over the socket. Where there is none, or it is late, the page asks. */
function refresh() {
  const since = performance.now() - EARLY_MS;
  const ask = () => broughtAt < since && list.dispatchEvent(new Event("deposits:refresh"));
  if (document.documentElement.dataset.live === "live") setTimeout(ask, LATE_MS);
  else ask();
}

const cards = [...document.querySelectorAll("article.deliverable")].map((article) => new Card(article, refresh));
const transfers = () => cards.flatMap(({ transfer }) => (transfer && !transfer.ended ? [transfer] : []));

for (const card of cards) {
  card.form.addEventListener("submit", (event) => {
    if (card.input && !window.tus) return; // the plain form is sent
    event.preventDefault();
    if (!card.input) sendTyped(card);
    else card.send(card.input.files?.[0]);
  });
  card.form.addEventListener("input", () => { card.form.dataset.touched = ""; });
  card.input?.addEventListener("change", () => {
    card.form.dataset.touched = "";
    card.chosen(card.input?.files?.[0]);
  });
  const typed = /** @type {HTMLTextAreaElement | null} */ (card.form.querySelector("[data-draft]"));
  if (typed) settle(typed);
  card.gate();
}

// ---------------------------------------------------------------- transfers of a former page

async function takeUp() {
  for (const record of await recordsOf(list.dataset.team)) {
    const card = cards.find(({ id, input }) => id === record.deliverable && input);
    if (card && !card.transfer) await card.takeUp(record);
  }
}
if (window.tus) takeUp();

// ---------------------------------------------------------------- network, sleep, deadlines

let last = Date.now();
setInterval(() => {
  const slept = Date.now() - last > ASLEEP_MS;
  last = Date.now();
  for (const transfer of transfers()) {
    transfer.tick();
    if (slept) transfer.nudge({ changed: true });
  }
  showAll();
}, 1000);

/** In the tab and at the top of the page, where the clock says that it is too late. */
function showAll() {
  for (const { article, id, transfer } of cards) { // for scripts of extras
    const left = Date.parse(ruleOf(id).deadline) - serverNow(); // ms until the deadline
    article.dispatchEvent(new CustomEvent("deposits:second", { bubbles: true, detail: { id, transfer, left } }));
  }
  const going = transfers().filter(({ state }) => !["absent", "tooLate"].includes(state));
  const [sent, size] = [going.reduce((all, each) => all + each.sent, 0), going.reduce((all, each) => all + each.size, 0)];
  titlePart("sending", size ? translate("percent", { n: Math.floor((100 * sent) / size) }) : "");
  const onTime = one("#upload-on-time");
  const inGrace = going.find(mayEndInGrace);
  onTime.hidden = !inGrace;
  const { untilText = "" } = inGrace ? ruleOf(inGrace.record.deliverable) : {};
  if (inGrace) write(one("span", onTime), translate("goOn", { until: untilText }));
}

/** @param {{ changed?: boolean }} [how] */
const nudge = (how) => () => transfers().forEach((transfer) => transfer.nudge(how));
window.addEventListener("online", nudge({ changed: true }));
window.addEventListener("offline", () => transfers().forEach((transfer) => transfer.offline()));
window.addEventListener("focus", nudge());
document.addEventListener("visibilitychange", () => document.hidden || nudge()());

// Leaving is harmless if the file is stored: the transfer goes on when the page is opened again.
window.addEventListener("beforeunload", (event) => {
  const going = cards.some((card) => card.isBusy && !(card.transfer && !card.transfer.ended));
  const unsent = cards.some(({ hasUnsent }) => hasUnsent);
  if (going || unsent || transfers().some(({ kept, state }) => !kept && state !== "absent")) event.preventDefault();
});

// ---------------------------------------------------------------- the state of the deliverables has changed

/** @returns {string} of all deliverables */
const periodEnd = () =>
  [...document.querySelectorAll("#deposits-rule, #deposits-rule [data-rule]")].map((rule) => rule.getAttribute("data-until")).join();
let until = periodEnd();

function stateChanged() {
  if (until !== periodEnd()) transfers().forEach((transfer) => transfer.periodMoved());
  until = periodEnd();
  cards.forEach((card) => card.gate());
  gateSeveral();
  const listed = document.getElementById("deposits-summary")?.dataset.shown;
  one("#deposits-changed").hidden = listed === list.dataset.shown;
}
for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, stateChanged);

const several = document.getElementById("deposits-several");
const files = cards.filter(({ input }) => input);

function gateSeveral() {
  if (several) one("p", several).hidden = files.length < 2 || !files.some(({ accepts }) => accepts);
}

if (several && window.tus) {
  several.hidden = false;
  drop.start(cards, several);
}
gateSeveral();
