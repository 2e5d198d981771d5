// Handing meals out: a tap on a person says that they have theirs. It is kept on this device until the server has it.

import "#site/main.js"; // one bundle with what every page runs
import { changeQueue } from "#site/change-queue.js";
import { around, one, write } from "#site/dom.js";
import * as store from "#site/jury-store.js";
import { keep } from "#site/kept.js";
import { toast } from "#site/toast.js";
import { filled, timeOf } from "#site/translations.js";

/** @typedef {import("#site/jury-changes.js").Change} Change */

/** @type {{ user: number, url: string, worker: string, translations: Record<string, string> }} */
const page = JSON.parse(one("#meals").textContent);
const net = one("[data-meals-net]");
const search = one("[data-search]", document, HTMLInputElement);
// When the server sent the list, if the service worker had to show a stored one.
const keptAt = Number(net.dataset.mealsNet);
let old = keptAt ? filled(page.translations.kept, { time: timeOf(keptAt) }) : "";

const queue = changeQueue({
  name: "meals",
  user: page.user,
  url: page.url,
  replaced: (all, made) => all.filter(({ person }) => person === made.person),
  settle,
});

const rows = () => [...document.querySelectorAll("[data-person]")];

/** @param {Change} change @param {{ state: string, value?: string, message?: string }} answer */
async function settle(change, answer) {
  await store.dropChange(change.n);
  if (answer.state === "refused") toast({ text: answer.message || page.translations.refused, kind: "error" });
  const row = document.querySelector(`[data-person="${change.person}"]`);
  if (row && answer.value) row.dataset.served = answer.value;
}

/** The server's state of each person, replaced by what this device has not sent. @param {string} [trouble] */
async function draw(trouble = "") {
  const unsent = new Map((await queue.unsent()).map((change) => [change.person, change.value]));
  for (const row of rows()) {
    const value = unsent.get(Number(row.dataset.person));
    const isServed = (value ?? row.dataset.served) === "served";
    row.setAttribute("aria-pressed", String(isServed));
    row.toggleAttribute("data-unsent", value !== undefined);
  }
  net.classList.toggle("warn", unsent.size > 0);
  const name = unsent.size > 1 ? "pending" : "pending_one";
  const text = unsent.size ? filled(page.translations[name], { n: unsent.size }) : page.translations.clear;
  write(net, [text, page.translations[trouble], old].filter(Boolean).join(" · "));
}

/** Without accents and case. @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function choose() {
  const wanted = plain(search.value);
  for (const block of document.querySelectorAll(".meal-team")) {
    /** @type {HTMLElement} */ (block).hidden = !plain(block.textContent).includes(wanted);
  }
}

document.addEventListener("click", (event) => {
  const row = around(event, "[data-person]");
  if (!(row instanceof HTMLElement)) return;
  const value = row.getAttribute("aria-pressed") === "true" ? "waiting" : "served";
  row.setAttribute("aria-pressed", String(value === "served"));
  queue.keep({ kind: "meal", person: Number(row.dataset.person), value });
});
search.closest("[hidden]")?.removeAttribute("hidden");
search.addEventListener("input", choose);
document.body.addEventListener("live:refetched", () => {
  old = "";
  draw();
  choose();
});
queue.onNews(draw);
draw();
queue.start();
if (document.readyState === "complete") keep("meals-handout", page.user, page.worker);
else window.addEventListener("load", () => keep("meals-handout", page.user, page.worker), { once: true });
