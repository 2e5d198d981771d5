// A sheet: the server's values, newer values that this device has stored, and unsent changes, in this order. The form
// works without this script; with it each change is stored on the device before it is sent.

import { one, write } from "./dom.js";
import { fieldOf } from "./jury-changes.js";
import { followDrags } from "./jury-drag.js";
import { useArrows } from "./jury-keys.js";
import { halved, isMark, plain, totalOf, written } from "./jury-marks.js";
import { refetchedSheet } from "./jury-page.js";
import { setUpPhrases } from "./jury-phrases.js";
import * as store from "./jury-store.js";
import { drawStrip } from "./jury-strip.js";
import * as sync from "./jury-sync.js";
import { nextUrl } from "./jury-visits.js";
import { cancel, later } from "./ticker.js";
import { secondsOf } from "./translations.js";

/** @typedef {import("./jury-changes.js").Change} Change */

const { translate } = sync;
const PAUSE = 500; // ms without a key, then a comment is saved
const SENT_WITHIN = 1500; // ms that finishing waits for the server's answer

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-sheet]")); // null on other pages
const decimal = document.documentElement.lang === "fr" ? "," : ".";

/** @param {string} value */
const shown = (value) => value.replace(".", decimal);

/** @type {Map<string, Field>} */
const fields = new Map();
let team = 0;
let teamName = "";
let closed = false;
let mayRemark = false; // also on a finished sheet, until the publication
/** @type {unknown} submissions that this page shows */
let seen = [];
/** @type {{ team: number, fields: Record<string, { value: string, version: number }> }} on the server, as far as known */
let record = { team: 0, fields: {} };
/** @type {Change[]} of this sheet that the server does not have */
let changes = [];
/** @type {Set<Change>} those of them that are being stored */
const unkept = new Set();
let finishError = ""; // why the sheet could not be finished, until something is changed

/** @param {HTMLElement} element */
const unfold = (element) => element.closest("details")?.setAttribute("open", "");

class Field {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.name = element.dataset.field ?? "";
    this.label = element.dataset.label ?? "";
    this.input = /** @type {HTMLInputElement} */ (one("input:not([type=hidden]), textarea, select", element));
    this.note = one("[data-note]", element);
    this.top = Number(element.dataset.top);
    this.smallest = Number(element.dataset.step);
    const [, kind = this.name, criterion = ""] = /^(\w+)-(\d+)$/.exec(this.name) ?? [];
    this.kind = kind;
    this.criterion = criterion ? Number(criterion) : undefined;
    this.isMark = kind === "mark";
    this.isRemark = criterion !== "" && !this.isMark;
    this.timer = 0;
    this.wrong = false; // the typed text is no mark; it stays with the reason until it is one
    this.typing = false; // the text is not saved yet: updates of other fields do not change it
    this.savedAt = 0; // epoch ms
    this.wasWaiting = false;
    this.input.addEventListener("change", () => this.set(this.input.value));
    this.input.addEventListener("blur", () => { this.typing = false; });
    this.input.addEventListener("input", () => {
      this.typing = true;
      cancel(this.timer);
      if (this.isMark) this.press(this.input.value);
      else this.timer = later(() => this.set(this.input.value), PAUSE);
    });
    this.input.addEventListener("keydown", (event) => {
      if (!this.isMark || event.key !== "Enter") return;
      event.preventDefault();
      this.set(this.input.value);
    });
    this.settleStop = useArrows(element);
    this.half = /** @type {HTMLButtonElement | null} */ (element.querySelector("[data-half]"));
    this.half?.removeAttribute("hidden");
    this.half?.addEventListener("click", () => {
      const mark = halved(this.input.value, this.top);
      if (mark !== null) this.set(shown(String(mark)));
    });
    followDrags(element.querySelector("[data-line]"), {
      isOff: () => this.input.disabled,
      preview: (value) => {
        this.typing = true;
        this.input.value = shown(value);
        this.press(this.input.value);
      },
      choose: (value) => this.set(shown(value)),
      giveUp: () => {
        this.typing = false;
        this.draw();
      },
    });
    for (const anchor of element.querySelectorAll("[data-to]")) {
      anchor.addEventListener("click", (event) => {
        event.preventDefault();
        this.set(anchor.dataset.to ?? "");
      });
    }
  }

  get known() {
    return record.fields[this.name] ?? { value: "", version: 0 };
  }

  /** Its unsent changes, oldest first. */
  get mine() {
    return changes.filter((change) => fieldOf(change) === this.name);
  }

  get value() {
    return this.mine.at(-1)?.value ?? this.known.value;
  }

  /** @param {string} text as typed */
  async set(text) {
    cancel(this.timer);
    this.typing = false;
    const value = this.isMark ? plain(text) : text.trim();
    this.input.value = text;
    const was = this.wrong;
    this.wrong = this.isMark && !isMark(value, this.top, this.smallest);
    if (this.wrong) this.showNote(this.element.dataset.rule ?? "", "refused");
    if (this.wrong !== was) {
      finishError = "";
      sync.notify();
    }
    if (this.wrong) return;
    if (value === this.value) {
      this.draw();
      return;
    }
    finishError = "";
    const { kind, criterion, label } = this;
    const change = { team, kind, criterion, value, base: this.known.version, label: `${teamName} · ${label}` };
    // Shown at once; stored before it is sent.
    const made = this.isMark ? { ...change, seen } : change;
    unkept.add(made);
    changes.push(made);
    this.draw();
    summary();
    await sync.keep(made);
    unkept.delete(made);
  }

  /** Save a text that was not saved yet, when the page is left. */
  flush() {
    const value = this.isMark ? plain(this.input.value) : this.input.value.trim();
    if (!this.input.disabled && value !== this.value) this.set(this.input.value);
  }

  /** Mark the button of this value as pressed. @param {string} text */
  press(text) {
    const value = plain(text);
    const whole = value === "" ? "" : String(Math.floor(Number(value)));
    for (const anchor of this.element.querySelectorAll("[data-to]:not(.scale-clear)")) {
      anchor.setAttribute("aria-pressed", String(whole !== "" && anchor.dataset.to === whole));
    }
    this.half?.setAttribute("aria-pressed", String(whole !== "" && whole !== value));
    this.settleStop();
  }

  draw() {
    if (this.wrong) return;
    const last = this.mine.at(-1);
    const typing = this.typing || (document.activeElement === this.input && !this.isMark);
    const text = this.isMark ? shown(this.value) : this.value;
    if (!typing && this.input.value !== text) this.input.value = text;
    this.press(this.input.value);
    this.offer(last?.state === "conflict" ? last : null);
    if (last?.state === "refused") this.showNote(last.message ?? "", "refused");
    else if (last?.state === "conflict") this.showNote("", "late");
    else if (last) this.showNote(translate(trouble ? "waits" : "saving"), trouble ? "late" : "");
    else this.showNote(this.savedAt ? translate(this.isMark && this.value === "" ? "cleared" : "saved", { time: secondsOf(this.savedAt) }) : "");
  }

  /** @param {string} text */
  showNote(text, state = "") {
    write(this.note, text);
    this.element.classList.toggle("is-late", state === "late");
    this.element.classList.toggle("is-refused", state === "refused");
  }

  /** @param {string} value */
  words(value) {
    const option = [...this.element.querySelectorAll("option")].find((choice) => choice.value === value);
    return option?.textContent ?? ((this.isMark ? shown(value) : value) || translate(this.isMark ? "empty" : "blank"));
  }

  /** Show both values of a conflict with their instants, for the juror to choose. @param {Change | null} change */
  offer(change) {
    const box = one("[data-conflict]", this.element);
    box.hidden = !change;
    if (change) unfold(this.element);
    if (!change || box.dataset.key === change.key) return;
    box.dataset.key = change.key;
    const { theirs = { value: "", at: "" } } = change;
    const choices = [["mine", change.value, change.given_at ?? ""], ["theirs", theirs.value, theirs.at]];
    for (const [who, value, at] of choices) {
      const button = one(`[data-pick=${who}]`, box);
      one("[data-slot=value]", button).textContent = this.words(value);
      one("[data-slot=at]", button).textContent = secondsOf(at);
      button.onclick = () => sync.decide(change, who === "mine");
    }
  }
}

// ---------------------------------------------------------------- the whole sheet

let trouble = "";

/**
 * Take over the values of a page, which may be older than this device's if it comes from the service worker's cache.
 * @param {{ version: number, fields: Record<string, string> }} server
 */
async function adopt(server) {
  record = await store.learn(team, server.fields, server.version);
}

/** @param {string} problem */
async function onChanges(problem) {
  trouble = problem;
  const [kept, mine] = [await store.sheetOf(team), await store.changesOf(sync.jury.user)];
  if (kept) record = kept;
  const before = new Set(changes.map(({ key }) => key));
  changes = [...mine.filter((change) => change.team === team), ...unkept];
  for (const field of fields.values()) {
    if (before.size && !field.mine.length && field.wasWaiting) field.savedAt = Date.now();
    field.wasWaiting = field.mine.length > 0;
    field.draw();
  }
  summary();
}

const stateChange = () => changes.findLast((change) => fieldOf(change) === "state");

function isFinal() {
  const last = stateChange();
  if (last && last.state !== "refused") return last.kind === "finish";
  return record.fields.state?.value === "final";
}

function summary() {
  const final = isFinal();
  const marks = [...fields.values()].filter((field) => field.isMark);
  const marked = marks.filter((field) => field.value !== "");
  const total = totalOf(marks.map(({ value, top, element }) => ({ value, top, weight: Number(element.dataset.weight) })));
  form.classList.toggle("is-final", final);
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = closed || part.dataset.when !== (final ? "final" : "draft");
  for (const { input, element, isRemark } of fields.values()) {
    input.disabled = isRemark ? !mayRemark : closed || final;
    for (const button of element.querySelectorAll("button")) {
      if (button.matches(".marks-step, .scale-clear")) button.disabled = closed || final;
    }
  }
  one("[data-count]", form).textContent = translate(marks.length > 1 ? "count" : "count_one", { marked: marked.length, total: marks.length });
  one("[data-total]", form).textContent = total === null ? "" : `${written(total, decimal)} / 20`;
  const refused = stateChange();
  write(one("[data-refusal]", form), (refused?.state === "refused" && refused.message) || (final ? "" : finishError));
  const unsent = { finish: "finish_waits", reopen: "reopen_waits" }[refused?.kind ?? ""];
  one("[data-saved]", form).textContent = unsent && !refused?.state ? translate(unsent) : "";
  drawStrip(total);
}

/** The version that is known of every mark on the page. */
const readBase = () => Math.min(...[...fields.values()].filter((f) => f.isMark).map((f) => f.known.version));

/**
 * Whether these criteria prevent finishing the sheet; then the reason and the first of them are shown.
 * @param {(n: number) => string} why name of the text
 * @param {Field[]} those
 */
function stopsAt(why, those) {
  if (!those.length) return false;
  finishError = translate(why(those.length), { n: those.length, criteria: those.map(({ label }) => label).join(", ") });
  one("[data-refusal]", form).textContent = finishError; // announced each time
  those[0].element.scrollIntoView({ block: "center", behavior: "smooth" });
  return true;
}

async function finish() {
  finishError = "";
  for (const field of fields.values()) field.flush();
  const marks = [...fields.values()].filter((field) => field.isMark);
  if (stopsAt(() => "to_mend", marks.filter((field) => field.wrong))) return;
  if (stopsAt((n) => (n > 1 ? "missing" : "missing_one"), marks.filter((field) => field.value === ""))) return;
  await sync.keep({ team, kind: "finish", value: "", base: readBase(), label: teamName });
  await Promise.race([sync.send(), new Promise((done) => { later(() => done(null), SENT_WITHIN); })]);
  await onChanges(trouble);
  const answered = stateChange();
  if (answered?.state === "refused") {
    if (answered.code === "changed_elsewhere") refresh();
    return;
  }
  sessionStorage.setItem("jury-finished", teamName);
  location.href = await nextUrl();
}

/** The button « J’ai revu »: the same marks again, for the submissions that count now. */
function setUpConfirmation() {
  const button = form.querySelector("[data-confirm]");
  if (!button) return;
  button.hidden = closed;
  button.addEventListener("click", async () => {
    const wasFinal = isFinal();
    if (wasFinal) await sync.keep({ team, kind: "reopen", value: "", base: record.fields.state?.version ?? 0, label: teamName });
    for (const field of fields.values()) {
      if (!field.isMark || field.value === "") continue;
      const { value, criterion, known, label } = field;
      await sync.keep({ team, kind: "mark", criterion, value, seen, base: known.version, label: `${teamName} · ${label}` });
    }
    if (wasFinal) await sync.keep({ team, kind: "finish", value: "", base: readBase(), label: teamName });
    button.closest(".alert")?.setAttribute("hidden", "");
    for (const old of form.querySelectorAll(".scale-old")) old.remove();
  });
}

/** « Repères » shows those of all criteria, and the next sheet remembers it. */
function setUpGuidance() {
  const buttons = [...form.querySelectorAll("[data-guidance]")];
  const show = (/** @type {boolean} */ open) => {
    for (const button of buttons) {
      button.setAttribute("aria-expanded", String(open));
      one(`#${button.getAttribute("aria-controls")}`).hidden = !open;
    }
  };
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      localStorage.setItem("jury-guidance", String(open));
      show(open);
    });
  }
  show(localStorage.getItem("jury-guidance") === "true");
}

/** Fetch the sheet again: another tablet may have changed it. */
async function refresh() {
  const server = await refetchedSheet();
  if (!server) return;
  // Marks refer to the submissions that this page shows; tell if there are newer ones.
  one("[data-newer]").hidden = String(server.seen) === String(seen);
  await adopt(server);
  await onChanges(trouble);
}

/** How many fields contain something that is no mark. */
export const wrong = () => [...fields.values()].filter((field) => field.wrong).length;

export async function start() {
  if (!form) return;
  team = Number(form.dataset.team);
  teamName = form.dataset.name ?? "";
  closed = "closed" in form.dataset;
  mayRemark = "mayRemark" in form.dataset;
  const server = JSON.parse(one("#jury-sheet").textContent);
  ({ seen } = server);
  await adopt(server); // fails without IndexedDB: then the form works without this script
  for (const element of form.querySelectorAll("[data-field]")) {
    const field = new Field(element);
    fields.set(field.name, field);
  }
  for (const button of form.querySelectorAll("[data-no-script]")) button.remove();
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("[value=finish]")?.addEventListener("click", finish);
  form.querySelector("[value=reopen]")?.addEventListener("click", () =>
    sync.keep({ team, kind: "reopen", value: "", base: record.fields.state?.version ?? 0, label: teamName }));
  setUpConfirmation();
  setUpGuidance();
  setUpPhrases(form);
  sync.onNews(onChanges);
  await onChanges("");
  for (const { isRemark, value, element } of fields.values()) if (isRemark && value) unfold(element);
  form.dataset.ready = "";
  one("[data-sheet-net]").addEventListener("click", () => {
    const [first] = [...fields.values()].filter((field) => field.wrong || field.mine.some(({ state }) => state));
    first?.element.scrollIntoView({ block: "center" });
  });
  const flush = () => fields.forEach((field) => field.flush());
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => (document.hidden ? flush() : refresh()));
  window.addEventListener("online", () => later(refresh, 1000));
}
