// A sheet: what the server has, what this device knows better, and what is not sent yet, one over the other. The
// same form works without this script; with it each tap is kept on the device first and sent then.

import { refetchedSheet } from "./jury-page.js";
import * as store from "./jury-store.js";
import { drawStrip, totalOf } from "./jury-strip.js";
import * as sync from "./jury-sync.js";
import { cancel, later } from "./ticker.js";
import { secondsOf } from "./words.js";

const { word } = sync;
const PAUSE = 500; // ms without a key: nobody leaves a comment field to save it
const SENT_WITHIN = 1500; // ms that finishing waits for the server's word before it goes on

const form = document.querySelector("[data-sheet]");
const decimal = document.documentElement.lang === "fr" ? "," : ".";

/** « 14,5 » as changes keep it: « 14.5 »; NaN where it is no number. */
const plain = (text) => (text.trim() === "" ? "" : String(Number(text.trim().replace(",", "."))));
const shown = (value) => value.replace(".", decimal);

const fields = new Map();
let team = 0;
let teamName = "";
let closed = false;
let seen = [];
let record = null; // what the server is known to have
let changes = []; // of this sheet, that it does not have
const unkept = new Set(); // those of them that are being written down

class Field {
  constructor(element) {
    this.element = element;
    this.name = element.dataset.field;
    this.label = element.dataset.label;
    this.input = element.querySelector("input:not([type=hidden]), textarea");
    this.note = element.querySelector("[data-note]");
    this.top = Number(element.dataset.top);
    this.smallest = Number(element.dataset.step);
    this.isMark = this.name.startsWith("mark-");
    this.timer = 0;
    this.wrong = false; // what was typed is no mark: it stays, with its reason, until it is one
    this.typing = false; // what is in the field is not given yet: what comes of other fields leaves it alone
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
    for (const step of element.querySelectorAll("[data-by]")) {
      step.hidden = false;
      step.addEventListener("click", () => this.step(Number(step.dataset.by)));
    }
    for (const anchor of element.querySelectorAll("[data-to]")) {
      anchor.addEventListener("click", (event) => {
        event.preventDefault();
        this.set(anchor.dataset.to);
      });
    }
  }

  get known() {
    return record.fields[this.name] ?? { value: "", version: 0 };
  }

  /** Its changes that are not on the server, oldest first. */
  get mine() {
    return changes.filter((change) => sync.fieldOf(change) === this.name);
  }

  get value() {
    return this.mine.at(-1)?.value ?? this.known.value;
  }

  get criterion() {
    return this.isMark ? Number(this.name.slice(5)) : null;
  }

  step(by) {
    const from = this.input.value.trim() === "" ? this.top / 2 - by : Number(plain(this.input.value));
    if (!Number.isNaN(from)) this.set(shown(String(Math.min(this.top, Math.max(0, from + by)))));
  }

  async set(text) {
    cancel(this.timer);
    this.typing = false;
    const value = this.isMark ? plain(text) : text.trim();
    this.input.value = text;
    const was = this.wrong;
    this.wrong = this.isMark && !this.isMarkLike(value);
    if (this.wrong) this.say(this.element.dataset.rule, "refused");
    if (this.wrong !== was) sync.tell();
    if (this.wrong) return;
    if (value === this.value) {
      this.draw();
      return;
    }
    const { criterion, label } = this;
    const kind = this.isMark ? "mark" : this.name;
    const change = { team, kind, value, base: this.known.version, label: `${teamName} · ${label}` };
    // It shows at once; it is kept before it is sent.
    const made = this.isMark ? { ...change, criterion, seen } : change;
    unkept.add(made);
    changes.push(made);
    this.draw();
    summary();
    await sync.keep(made);
    unkept.delete(made);
  }

  isMarkLike(value) {
    const number = Number(value);
    return value === "" || (number >= 0 && number <= this.top && Number.isInteger(number / this.smallest));
  }

  /** What is in it and was not given yet, when the page goes. */
  flush() {
    const value = this.isMark ? plain(this.input.value) : this.input.value.trim();
    if (!this.input.disabled && value !== this.value) this.set(this.input.value);
  }

  press(text) {
    const value = plain(text);
    for (const anchor of this.element.querySelectorAll("[data-to]:not(.scale-clear)")) {
      anchor.setAttribute("aria-pressed", String(value !== "" && plain(anchor.dataset.to) === value));
    }
  }

  draw() {
    if (this.wrong) return;
    const last = this.mine.at(-1);
    const typing = this.typing || (document.activeElement === this.input && !this.isMark);
    const text = this.isMark ? shown(this.value) : this.value;
    if (!typing && this.input.value !== text) this.input.value = text;
    this.press(this.input.value);
    this.offer(last?.state === "conflict" ? last : null);
    if (last?.state === "refused") this.say(last.message, "refused");
    else if (last?.state === "conflict") this.say("", "late");
    else if (last) this.say(trouble ? word(trouble) : word("saving"), trouble ? "late" : "");
    else this.say(this.savedAt ? word(this.isMark && this.value === "" ? "cleared" : "saved", { time: secondsOf(this.savedAt) }) : "");
  }

  say(text, state = "") {
    if (this.note.textContent !== text) this.note.textContent = text;
    this.element.classList.toggle("is-late", state === "late");
    this.element.classList.toggle("is-refused", state === "refused");
  }

  /** Both values side by side, each with its instant: the juror picks. */
  offer(change) {
    const box = this.element.querySelector("[data-conflict]");
    box.hidden = !change;
    if (!change || box.dataset.key === change.key) return;
    box.dataset.key = change.key;
    const said = [
      ["mine", change.value, change.given_at], ["theirs", change.theirs.value, change.theirs.at],
    ];
    for (const [who, value, at] of said) {
      const button = box.querySelector(`[data-pick=${who}]`);
      button.querySelector("[data-slot=value]").textContent = (this.isMark ? shown(value) : value) || word("empty");
      button.querySelector("[data-slot=at]").textContent = secondsOf(at);
      button.onclick = () => sync.decide(change, who === "mine");
    }
  }
}

// ---------------------------------------------------------------- the whole sheet

let trouble = "";

/** What a page of the server says; a page out of the worker's cache may know less than this device. */
async function adopt(server) {
  const kept = await store.sheetOf(team);
  record = { team, fields: { ...kept?.fields } };
  for (const [name, value] of Object.entries(server.fields)) {
    if ((record.fields[name]?.version ?? -1) <= server.version) record.fields[name] = { value, version: server.version };
  }
  await store.putSheet(record);
}

async function news(said) {
  trouble = said;
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

const stateChange = () => changes.findLast((change) => sync.fieldOf(change) === "state");

function isFinal() {
  const last = stateChange();
  if (last && last.state !== "refused") return last.kind === "finish";
  return record.fields.state?.value === "final";
}

function summary() {
  const final = isFinal();
  const marks = [...fields.values()].filter((field) => field.isMark);
  const given = marks.filter((field) => field.value !== "");
  const total = totalOf(marks);
  form.classList.toggle("is-final", final);
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = closed || part.dataset.when !== (final ? "final" : "draft");
  for (const { input, element } of fields.values()) {
    input.disabled = closed || final;
    for (const button of element.querySelectorAll(".marks-step, .scale-clear")) button.disabled = closed || final;
  }
  form.querySelector("[data-count]").textContent = word(marks.length > 1 ? "count" : "count_one", { marked: given.length, total: marks.length });
  form.querySelector("[data-total]").textContent = total === null ? "" : `${shown(total.toFixed(2))} / 20`;
  const refused = stateChange();
  form.querySelector("[data-refusal]").textContent = refused?.state === "refused" ? refused.message : "";
  form.querySelector("[data-saved]").textContent = refused && !refused.state ? word("finish_waits") : "";
  drawStrip(total);
}

/** The version up to which every mark on the page has been seen. */
const readBase = () => Math.min(...[...fields.values()].filter((f) => f.isMark).map((f) => f.known.version));

/** Whether these criteria keep the sheet from being finished: says so (`why` names the word), and shows the first. */
function stopsAt(why, those) {
  if (!those.length) return false;
  form.querySelector("[data-refusal]").textContent = word(why(those.length), { n: those.length, criteria: those.map(({ label }) => label).join(", ") });
  those[0].element.scrollIntoView({ block: "center", behavior: "smooth" });
  return true;
}

async function finish() {
  for (const field of fields.values()) field.flush();
  const marks = [...fields.values()].filter((field) => field.isMark);
  if (stopsAt(() => "to_mend", marks.filter((field) => field.wrong))) return;
  if (stopsAt((n) => (n > 1 ? "missing" : "missing_one"), marks.filter((field) => field.value === ""))) return;
  await sync.keep({ team, kind: "finish", value: "", base: readBase(), label: teamName });
  await Promise.race([sync.send(), new Promise((done) => { later(done, SENT_WITHIN); })]);
  await news(trouble);
  if (stateChange()?.state === "refused") {
    if (stateChange().code === "changed_elsewhere") refresh();
    return;
  }
  sessionStorage.setItem("jury-finished", teamName);
  location.href = await nextUnfinished();
}

/** « I have looked again »: the same marks, on what counts now. */
function confirming() {
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
    button.closest(".alert").hidden = true;
    for (const old of form.querySelectorAll(".scale-old")) old.remove();
  });
}

async function nextUnfinished() {
  const teams = JSON.parse(document.getElementById("jury-teams").textContent);
  const at = teams.findIndex(({ id }) => id === team);
  const kept = new Map((await store.allSheets()).map((sheet) => [sheet.team, sheet.fields.state?.value]));
  const finished = new Set((await store.changesOf(sync.jury.user)).filter(({ kind }) => kind === "finish").map((c) => c.team));
  const rest = [...teams.slice(at + 1), ...teams.slice(0, at)];
  const next = rest.find(({ id, final }) => !final && !finished.has(id) && kept.get(id) !== "final");
  return next?.url ?? sync.jury.urls.list;
}

/** Ask the server what it has by now: another tablet may have written. */
async function refresh() {
  const server = await refetchedSheet();
  if (!server) return;
  // Marks are bound to what this page shows, whatever has come since.
  document.querySelector("[data-newer]").hidden = String(server.seen) === String(seen);
  await adopt(server);
  await news(trouble);
}

/** How many fields hold what is no mark. */
export const wrong = () => [...fields.values()].filter((field) => field.wrong).length;

export async function start() {
  if (!form) return;
  team = Number(form.dataset.team);
  teamName = form.dataset.name;
  closed = "closed" in form.dataset;
  const server = JSON.parse(document.getElementById("jury-sheet").textContent);
  ({ seen } = server);
  await adopt(server); // fails where nothing can be kept: then the form is a plain one
  for (const element of form.querySelectorAll("[data-field]")) {
    const field = new Field(element);
    fields.set(field.name, field);
  }
  for (const button of form.querySelectorAll("[data-no-script]")) button.remove();
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("[value=finish]")?.addEventListener("click", finish);
  form.querySelector("[value=reopen]")?.addEventListener("click", () =>
    sync.keep({ team, kind: "reopen", value: "", base: record.fields.state?.version ?? 0, label: teamName }));
  confirming();
  sync.onNews(news);
  await news("");
  form.dataset.ready = "";
  document.querySelector("[data-sheet-net]").addEventListener("click", () => {
    const [first] = [...fields.values()].filter((field) => field.wrong || field.mine.some(({ state }) => state));
    first?.element.scrollIntoView({ block: "center" });
  });
  const flush = () => fields.forEach((field) => field.flush());
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => (document.hidden ? flush() : refresh()));
  window.addEventListener("online", () => later(refresh, 1000));
}
