// Marks of presentations, with the pad of the night: each tap is kept on this device until the server has it.

import "./main.js"; // one bundle with what every page runs
import { changeQueue } from "./change-queue.js";
import { one, write } from "./dom.js";
import { halved, isMark, plain } from "./jury-marks.js";
import * as store from "./jury-store.js";
import { toast } from "./toast.js";
import { filled, secondsOf } from "./translations.js";

/** @type {{ user: number, url: string, translations: Record<string, string> }} */
const page = JSON.parse(one("#hearing-script").textContent);
const decimal = document.documentElement.lang === "fr" ? "," : ".";
/** @type {Map<string, number>} when the server got the mark of a field, epoch ms */
const savedAt = new Map();

const queue = changeQueue({
  name: "hearing",
  user: page.user,
  url: page.url,
  replaced: (all, made) => all.filter(({ team, criterion }) => team === made.team && criterion === made.criterion),
  settle: async (change, answer) => {
    const key = `${change.team}-${change.criterion}`;
    const field = fields().find((each) => keyOf(each) === key);
    if (answer.state === "accepted") {
      savedAt.set(key, Date.now());
      if (field) seenOf(field).value = shown(change.value);
    } else {
      toast({ text: answer.message || page.translations.refused, kind: "error" });
    }
    await store.dropChange(/** @type {number} */ (change.n));
  },
});

/** @param {string} value */
const shown = (value) => value.replace(".", decimal);
const fields = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-passage] [data-field]")]);
/** @param {HTMLElement} field */
const inputOf = (field) => one("input.mark-input", field, HTMLInputElement);
/** @param {HTMLElement} field what the server has @returns {HTMLInputElement} */
const seenOf = (field) => one("input[name^=seen-]", field, HTMLInputElement);
/** @param {HTMLElement} field */
const teamOf = (field) => Number(/** @type {HTMLElement} */ (field.closest("[data-passage]")).dataset.passage);
/** @param {HTMLElement} field */
const criterionOf = (field) => Number(field.dataset.field?.replace("mark-", ""));
/** @param {HTMLElement} field */
const keyOf = (field) => `${teamOf(field)}-${criterionOf(field)}`;

/** @param {HTMLElement} field @param {string} text as typed */
function set(field, text) {
  const value = plain(text);
  const isWrong = !isMark(value, Number(field.dataset.top), Number(field.dataset.step));
  field.classList.toggle("is-refused", isWrong);
  inputOf(field).value = text;
  if (isWrong) {
    write(one("[data-note]", field), field.dataset.rule ?? "");
    return;
  }
  queue.keep({ kind: "passage", team: teamOf(field), criterion: criterionOf(field), value, base: 0 });
}

/** @param {HTMLElement} field @param {string} text */
function press(field, text) {
  const value = plain(text);
  const whole = value === "" ? "" : String(Math.floor(Number(value)));
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (field.querySelectorAll("[data-to]:not(.scale-clear)"))) {
    button.setAttribute("aria-pressed", String(whole !== "" && button.dataset.to === whole));
  }
  const half = field.querySelector("[data-half]");
  half?.removeAttribute("hidden");
  half?.setAttribute("aria-pressed", String(whole !== "" && whole !== value));
}

/** @param {string} [trouble] */
async function draw(trouble = "") {
  const unsent = new Map((await queue.unsent()).map((change) => [`${change.team}-${change.criterion}`, change.value]));
  for (const field of fields()) {
    if (field.classList.contains("is-refused")) continue;
    const [key, input] = [keyOf(field), inputOf(field)];
    const kept = unsent.get(key);
    const text = kept === undefined ? seenOf(field).value : shown(kept);
    if (document.activeElement !== input) input.value = text;
    press(field, text);
    const at = savedAt.get(key);
    let note = at ? filled(page.translations[text ? "saved" : "cleared"], { time: secondsOf(at) }) : "";
    if (kept !== undefined) note = page.translations[trouble ? "waits" : "saving"];
    write(one("[data-note]", field), note);
    field.classList.toggle("is-late", kept !== undefined && trouble !== "");
  }
  for (const form of document.querySelectorAll("[data-passage] [data-no-script]")) form.setAttribute("hidden", "");
  write(one("#hearing-net"), unsent.size && trouble ? page.translations[trouble] ?? "" : "");
}

const main = one("main");
main.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("[data-to], [data-half]");
  const field = /** @type {HTMLElement | null} */ (button?.closest("[data-passage] [data-field]"));
  if (!(button instanceof HTMLElement) || !field) return;
  event.preventDefault();
  if (button.dataset.to !== undefined) {
    set(field, shown(button.dataset.to));
    return;
  }
  const mark = halved(inputOf(field).value, Number(field.dataset.top));
  if (mark !== null) set(field, shown(String(mark)));
});
main.addEventListener("change", ({ target }) => {
  const field = /** @type {HTMLElement} */ (target).closest("[data-passage] [data-field]");
  if (target instanceof HTMLInputElement && field instanceof HTMLElement) set(field, target.value);
});
main.addEventListener("submit", (event) => {
  if (/** @type {HTMLElement} */ (event.target).closest("[data-passage]")) event.preventDefault(); // each tap is saved
});
document.body.addEventListener("live:refetched", () => draw());
queue.onNews(draw);
draw();
queue.start();
