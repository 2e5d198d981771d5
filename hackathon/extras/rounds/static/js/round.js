// The round without a network: a tap « Vue » that did not get through is kept on this device until the server has it.

import "#site/main.js"; // one bundle with what every page runs
import { changeQueue } from "#site/change-queue.js";
import { one, write } from "#site/dom.js";
import * as store from "#site/jury-store.js";
import { toast } from "#site/toast.js";
import { filled } from "#site/translations.js";

/** @type {{ user: number, url: string, translations: Record<string, string> }} */
const page = JSON.parse(one("#round-script").textContent);
const queue = changeQueue({
  name: "round",
  user: page.user,
  url: page.url,
  replaced: (all, made) => all.filter(({ team }) => team === made.team),
  settle: async (change, answer) => {
    await store.dropChange(/** @type {number} */ (change.n));
    if (answer.state === "refused") toast({ text: answer.message || page.translations.refused, kind: "error" });
  },
});

/** Teams that are seen by this device alone cannot be tapped again. @param {string} [trouble] */
async function draw(trouble = "") {
  const unsent = new Set((await queue.unsent()).map(({ team }) => team));
  for (const form of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-see]"))) {
    const isKept = unsent.has(Number(form.dataset.see));
    if (isKept || form.hasAttribute("data-unsent")) one("button", form, HTMLButtonElement).disabled = isKept;
    form.toggleAttribute("data-unsent", isKept);
  }
  const name = unsent.size > 1 ? "pending" : "pending_one";
  const text = unsent.size ? `${filled(page.translations[name], { n: unsent.size })} · ${page.translations[trouble] ?? ""}` : "";
  write(one("#round-net"), text);
}

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  one("main").addEventListener(failure, (event) => {
    const { elt } = /** @type {CustomEvent} */ (event).detail;
    if (!(elt instanceof HTMLElement) || !elt.dataset.see) return;
    event.stopPropagation(); // nothing is lost, so there is nothing to be alarmed at
    queue.keep({ kind: "see", team: Number(elt.dataset.see) });
  });
}
document.body.addEventListener("live:refetched", () => draw());
document.body.addEventListener("htmx:afterSwap", () => draw());
queue.onNews(draw);
draw();
queue.start();
