// The card of a deliverable: its form, and the progress of its file's transfer.

import { serverNow } from "./clock.js";
import { around, copyOf, one, write } from "./dom.js";
import { wasSent } from "./drafts.js";
import { fileOf } from "./submissions-keep.js";
import { Transfer } from "./submissions-transfer.js";
import { box, complaint, durationOf, translate } from "./submissions-translations.js";
import { sizeOf } from "./ui.js";
import { secondsOf } from "./translations.js";
import { ofTeammate } from "./uploads.js";

/** @typedef {import("./submissions-keep.js").TransferRecord} TransferRecord */

const page = one("#deposits");
const STALLED_AFTER = 8; // seconds without a byte sent
const UNSURE_MS = 300_000; // before the deadline, while the speed is not known

// The buttons of each state; « cancel » where cancelling is still possible.
/** @type {Record<string, string[]>} */
const BUTTONS = {
  sending: ["pause", "cancel"],
  waiting: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  signedOut: ["signIn", "retry", "cancel"],
  stranger: ["signIn", "retry", "cancel"],
  absent: ["choose", "forget"],
  tooLate: ["forget"],
  opening: ["cancel"],
};
/** Until when a deliverable may be handed in: at instants of its own, or as the others. @param {string} id */
export function ruleOf(id) {
  const all = one("#deposits-rule");
  return /** @type {HTMLElement} */ (all.querySelector(`[data-rule="${id}"]`) ?? all).dataset;
}

const IDLE = ["absent", "tooLate"]; // another file may be sent instead
const WAITING = ["lost", "failing", "full", "crowded"]; // with a countdown
/** @type {Record<string, string>} */
const ENDINGS = { received: "success", cancelled: "warning", unknown: "warning", elsewhereOver: "warning" };

export class Card {
  /** @param {HTMLElement} article @param {() => void} refresh sees to it that the state of all deliverables is shown */
  constructor(article, refresh) {
    this.article = article;
    this.refresh = refresh;
    this.form = one("form[data-deposit]", article, HTMLFormElement);
    this.id = this.form.dataset.deposit ?? "";
    this.fold = one("details.deliverable-fold", article, HTMLDetailsElement);
    this.input = /** @type {HTMLInputElement | null} */ (this.form.querySelector("input[type=file]"));
    this.name = article.dataset.name ?? "";
    this.formats = (article.dataset.formats ?? "").split(" ").filter(Boolean);
    // From the file control: each format with its other endings.
    this.endings = (this.input?.accept ?? "").split(",").filter((kind) => kind.startsWith("."));
    this.maxBytes = Number(this.input?.dataset.maxBytes);
    /** @type {Transfer | null} */
    this.transfer = null;
  }

  get status() {
    return document.getElementById(`deliverable-${this.id}-status`);
  }

  get accepts() {
    const { announced = "" } = this.status?.dataset ?? {}; // until when announced bytes may come
    return ruleOf(this.id).accepts === "yes" || serverNow() <= Date.parse(announced);
  }

  /** Whether something is being sent, so that nothing else can be sent. */
  get isBusy() {
    return this.article.classList.contains("is-sending");
  }

  /** Whether a file is chosen that is not being sent. */
  get hasUnsent() {
    return Boolean(this.input?.files?.length) && !this.isBusy && (!this.transfer || this.transfer.ended);
  }

  /** @param {string} name */
  part(name) {
    return one(`[data-${name}]`, this.article);
  }

  /** Enable the button if the server accepts a file and none is being sent. The team's next deliverable has the main one. */
  gate() {
    const button = one("button[data-send]", this.article, HTMLButtonElement);
    button.disabled = !this.accepts || this.isBusy;
    this.article.classList.toggle("is-shut", !this.accepts);
    button.classList.toggle("is-primary", this.hasUnsent || one("#deposits-summary").dataset.next === this.id);
    if (this.status?.matches("[data-broken]")) this.part("outcome").querySelector(".is-success")?.remove();
    const more = this.form.closest("details.is-first");
    if (!(more instanceof HTMLDetailsElement) || !this.status?.dataset.newest) return;
    more.classList.remove("is-first"); // somebody of the team has sent it
    more.open = "touched" in this.form.dataset || this.form.contains(document.activeElement);
    this.fold.open = more.open;
  }

  /** @param {boolean} yes */
  busy(yes) {
    this.article.classList.toggle("is-sending", yes);
    this.form.setAttribute("aria-busy", String(yes));
    this.gate();
  }

  /** Show the outcome in place of the former one. @param {(Node | string)[]} nodes */
  showOutcome(...nodes) {
    this.article.classList.remove("has-retry");
    this.part("outcome").replaceChildren(...nodes);
    if (nodes.length) this.fold.open = true;
  }

  /** After an outcome: the pressed button may be gone, and the keyboard must not begin at the top again. */
  focusOutcome() {
    const { activeElement } = document;
    if (activeElement === document.body || this.form.contains(activeElement)) this.part("outcome").focus();
  }

  /** The submission was received: fold the form. */
  clear() {
    const more = this.form.closest("details");
    more?.classList.remove("is-first");
    if (more) more.open = false;
    delete this.form.dataset.touched;
    if (this.input) this.unload();
    else wasSent(`deliverable-${this.id}`);
  }

  /** Clear the file control. */
  unload() {
    if (!this.input) return;
    this.input.value = "";
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    delete this.form.dataset.touched;
  }

  // -------------------------------------------------------------- files

  /** @param {File | undefined} file */
  complaint(file) {
    return complaint(file, this);
  }

  /**
   * A file was chosen: show at once what is wrong with it, or that it is not sent, or go on with its transfer.
   * @param {File | undefined} file
   */
  chosen(file) {
    this.part("outcome").querySelector("[data-unsent]")?.remove();
    this.gate();
    if (!file || this.goesOn(file)) return;
    const wrong = this.complaint(file);
    if (wrong) {
      this.refuse(file, wrong);
      return;
    }
    const unsent = box("warning", translate("unsent"), file.name);
    unsent.dataset.unsent = "";
    this.showOutcome(unsent);
  }

  /** Show why, and clear the control, so that the file is not sent again. @param {File | undefined} file @param {string} wrong */
  refuse(file, wrong) {
    if (file && file === this.input?.files?.[0]) this.unload();
    this.showOutcome(box("error", wrong, file?.name));
  }

  /** Go on if the transfer waits for this file; returns whether it did. @param {File} file */
  goesOn(file) {
    if (this.transfer?.state !== "absent" || !this.transfer.matches(file)) return false;
    this.showOutcome();
    this.transfer.found(file);
    return true;
  }

  /**
   * Send a file, or show why not.
   * @param {File | undefined} file
   * @param {boolean} [isSure] that a teammate's upload of the same deliverable is another one
   */
  send(file, isSure = false) {
    const wrong = this.complaint(file);
    if (!file && this.part("outcome").querySelector(".is-error")) {
      this.part("outcome").focus(); // why the last one was refused
      return;
    }
    if (wrong || !file) {
      this.refuse(file, wrong);
      return;
    }
    if (this.isBusy) return;
    const other = ofTeammate(this.id);
    if (other && !isSure) {
      this.askWhetherSure(file, other);
      return;
    }
    if (this.transfer && !this.transfer.ended) this.transfer.cancel(); // it is idle
    this.transfer = null;
    this.showOutcome();
    this.begin(this.recordOf(file), file);
  }

  /** @param {File} file @param {HTMLElement} other the line of the teammate's upload */
  askWhetherSure(file, { dataset: { who = "", name = "" } }) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button is-primary";
    button.textContent = translate("sendToo");
    button.addEventListener("click", () => this.send(file, true));
    this.showOutcome(box("warning", translate("second", { who, name })), button);
    this.article.classList.add("has-retry");
    button.focus();
  }

  /** @param {File} file @returns {TransferRecord} */
  recordOf({ name, size, lastModified, type }) {
    const { team = "" } = page.dataset;
    const attempt = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    return { key: `${team}/${this.id}`, team, deliverable: this.id, attempt, name, size, lastModified, type };
  }

  /** Go on with a transfer of a former page. @param {TransferRecord} record */
  async takeUp(record) {
    const file = await fileOf(record);
    if (file || record.url) this.begin(record, file);
  }

  /** @param {TransferRecord} record @param {File | undefined} file */
  begin(record, file) {
    const drawing = copyOf("#transfer");
    this.part("transfer").replaceChildren(drawing);
    this.fold.open = true;
    const transfer = new Transfer(record, file, () => transfer === this.transfer && this.draw(transfer, drawing));
    drawing.addEventListener("click", (event) => this.pressed(around(event, "button[data-do]"), transfer));
    const input = one("input", drawing, HTMLInputElement);
    input.addEventListener("change", () => {
      const found = input.files?.[0];
      if (found && !this.goesOn(found)) this.showOutcome(box("error", translate("otherFile")));
      input.value = "";
    });
    this.transfer = transfer;
    transfer.start();
    this.draw(transfer, drawing);
  }

  /** @param {HTMLElement | null} button @param {Transfer} transfer */
  pressed(button, transfer) {
    if (!button) return;
    const act = button.dataset.do;
    if (act === "retry") transfer.nudge({ changed: true });
    else if (act === "pause") transfer.pause();
    else if (act === "resume") transfer.resume();
    else this.stop(button, transfer);
  }

  /** Cancel at the second press: one by mistake must not give up a transfer that began in time. @param {HTMLElement} button @param {Transfer} transfer */
  stop(button, transfer) {
    if ("sure" in button.dataset) {
      transfer.cancel();
      return;
    }
    const before = button.textContent;
    button.dataset.sure = "";
    button.textContent = translate("sure");
    setTimeout(() => {
      delete button.dataset.sure;
      button.textContent = before;
    }, 4000);
  }

  // -------------------------------------------------------------- drawing

  /** @param {Transfer} transfer @param {HTMLElement} drawing */
  draw(transfer, drawing) {
    if (transfer.ended) {
      this.ended(transfer);
      return;
    }
    /** @param {string} name */
    const find = (name) => one(`[data-${name}]`, drawing);
    const { state, sent, size } = transfer;
    if (this.isBusy === IDLE.includes(state)) this.busy(!this.isBusy);
    const before = drawing.dataset.state;
    drawing.dataset.state = state;
    write(find("name"), transfer.record.name);
    one("progress", drawing, HTMLProgressElement).value = sent / size;
    const fresh = state === "opening" || (state === "elsewhere" && !sent);
    const rate = speedOf(transfer);
    const figures = [fresh ? sizeOf(size) : translate("sent", { sent: sizeOf(sent), size: sizeOf(size) })];
    if (rate) figures.push(translate("speed", { size: sizeOf(rate) }));
    write(find("figures"), figures.join(" · "));
    write(find("left"), rate ? translate("left", { time: durationOf((size - sent) / rate) }) : "");
    const sentence = sentenceOf(transfer);
    write(find("said"), sentence);
    drawing.dataset.tone = toneOf(state, sentence);
    // Read aloud once for each state, and nothing that is over.
    if (before !== state && !["storing", "checking"].includes(state)) {
      write(find("spoken"), state === "sending" ? translate("sending") : sentence);
    }
    write(find("leave"), IDLE.includes(state) ? "" : translate(transfer.kept ? "kept" : "notKept"));
    drawLimit(find("limit"), transfer);
    const buttons = buttonsOf(transfer);
    for (const button of drawing.querySelectorAll("[data-do]")) {
      button.hidden = !buttons.includes(button.dataset.do ?? "");
    }
  }

  /** @param {Transfer} transfer */
  ended(transfer) {
    const { state, receipt, record, detail } = transfer;
    this.part("transfer").replaceChildren();
    this.busy(false);
    const kind = ENDINGS[state] ?? "error";
    /** @type {Record<string, string>} */
    const values = { name: record.name };
    if (receipt) {
      values.time = secondsOf(receipt.receivedAt);
      values.version = receipt.version;
    }
    const sentence = detail || translate(state === "refused" ? "rejected" : state, values);
    const outcome = box(kind, sentence, state === "refused" ? record.name : "");
    if (receipt?.code) {
      const link = document.createElement("a");
      link.href = (page.dataset.receipt ?? "").replace("/0/", `/${receipt.id}/`);
      link.textContent = translate("receipt", { code: receipt.code.replace(/^(.{5})(.+)$/, "$1-$2") });
      outcome.append(link);
    }
    this.showOutcome(outcome);
    this.focusOutcome();
    if (state === "received") this.clear();
    else this.form.closest("details")?.setAttribute("open", "");
    const chosen = this.input?.files?.[0];
    if (state === "refused" && chosen && transfer.matches(chosen)) this.unload();
    this.refresh();
  }
}

/** @param {Transfer} transfer */
const silenceOf = ({ movedAt }) => (performance.now() - movedAt) / 1000;

/** @param {Transfer} transfer */
export const speedOf = (transfer) => (transfer.state === "sending" && !isStalled(transfer) ? transfer.speed : 0);

/** @param {Transfer} transfer */
const isStalled = (transfer) => transfer.state === "sending" && silenceOf(transfer) > STALLED_AFTER;

/** @param {Transfer} transfer */
export function buttonsOf(transfer) {
  const { state, retryAt, record } = transfer;
  if (isStalled(transfer)) return ["retry", "pause", "cancel"];
  if (WAITING.includes(state)) return ["retry", "cancel"];
  // A transfer of another tab cannot be cancelled here.
  if (state === "elsewhere") return retryAt || !record.url ? ["cancel"] : [];
  return BUTTONS[state] ?? [];
}

/** @param {Transfer} transfer */
function sentenceOf(transfer) {
  const { state, record, detail, sent, size } = transfer;
  if (state === "tooLate") return detail;
  if (isStalled(transfer)) return translate("stalled", { time: durationOf(silenceOf(transfer)) });
  if (state === "sending" && transfer.renewed) return translate("expired");
  const seconds = Math.max(0, Math.ceil(((transfer.retryAt ?? 0) - performance.now()) / 1000));
  // 100 only when everything has been sent.
  const percent = Math.floor((100 * sent) / size);
  return translate(state, { detail, seconds, percent, name: record.name });
}

/** Whether it began in time, and ends after the deadline, but may end before the grace does. @param {Transfer} transfer */
export function mayEndInGrace({ record: { begunAt = 0, deliverable, url }, sent, size, speed, state }) {
  const { deadline, until } = ruleOf(deliverable);
  const [deadlineAt, untilAt, now] = [Date.parse(deadline), Date.parse(until), serverNow()];
  if (!url || begunAt > deadlineAt || now >= untilAt || deadlineAt === untilAt) return false;
  const left = deadlineAt - now; // ms
  return left < (state === "sending" && speed ? (1000 * (size - sent)) / speed : UNSURE_MS);
}

/** Until when such a transfer must be complete. @param {HTMLElement} limit @param {Transfer} transfer */
function drawLimit(limit, transfer) {
  const { deadline, until = "", deadlineText = "", untilText = "", late } = ruleOf(transfer.record.deliverable);
  limit.hidden = !mayEndInGrace(transfer);
  if (limit.hidden) return;
  const isPassed = Date.parse(deadline) < serverNow();
  const afterwards = late === "accept" ? "limitElseLate" : "limit";
  const words = translate(isPassed ? afterwards : "goOn", { deadline: deadlineText, until: untilText });
  write(one("[data-limit-words]", limit), words);
  const clock = one("time", limit, HTMLTimeElement);
  clock.hidden = !isPassed;
  if (clock.dateTime === until) return;
  clock.dateTime = until;
  clock.dataset.countdown = "";
}

/** @param {string} state @param {string} sentence */
function toneOf(state, sentence) {
  if (state === "tooLate") return "error";
  const calm = ["opening", "waiting", "checking", "storing", "paused", "absent"];
  return calm.includes(state) || (state === "sending" && sentence === translate("sending")) ? "" : "warning";
}
