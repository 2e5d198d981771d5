// One deliverable's card: its form, and the transfer of its file in words and figures.

import { serverNow } from "./clock.js";
import { fileOf } from "./submissions-keep.js";
import { Transfer } from "./submissions-transfer.js";
import { box, complaint, durationOf, say } from "./submissions-words.js";
import { sizeOf } from "./ui.js";
import { secondsOf } from "./words.js";

const page = document.getElementById("deposits");
const WORDS_AFTER = 8; // seconds without a byte going out

// Which buttons stand in which state; « cancel » wherever it would not be a lie.
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
const IDLE = ["absent", "tooLate"]; // something else may be sent instead
const WAITING = ["lost", "failing", "full", "crowded"]; // with a countdown
const ENDINGS = { received: "success", cancelled: "warning", unknown: "warning", elsewhereOver: "warning" };

export class Card {
  constructor(article, refresh) {
    this.article = article;
    this.refresh = refresh;
    this.form = article.querySelector("form[data-deposit]");
    this.id = this.form.dataset.deposit;
    this.input = this.form.querySelector("input[type=file]");
    this.name = article.dataset.name;
    this.formats = (article.dataset.formats ?? "").split(" ").filter(Boolean);
    // As the browser is told them: each format with the other ways of writing it.
    this.endings = (this.input?.accept ?? "").split(",").filter((kind) => kind.startsWith("."));
    this.maxBytes = Number(this.input?.dataset.maxBytes);
    this.transfer = null;
  }

  get status() {
    return document.getElementById(`deliverable-${this.id}-status`);
  }

  get accepts() {
    return this.status?.dataset.accepts === "yes";
  }

  /** Whether something is on its way, so that nothing else can be sent. */
  get isBusy() {
    return this.article.classList.contains("is-sending");
  }

  part(name) {
    return this.article.querySelector(`[data-${name}]`);
  }

  /** The button follows what the server says of the deliverable; what is under way is left alone. */
  gate() {
    this.part("send").disabled = !this.accepts || this.isBusy;
  }

  busy(yes) {
    this.article.classList.toggle("is-sending", yes);
    this.form.setAttribute("aria-busy", String(yes));
    this.gate();
  }

  /** Say what became of it, in place of what was said before. */
  say(...nodes) {
    this.article.classList.remove("has-retry");
    this.part("outcome").replaceChildren(...nodes);
  }

  /** What was chosen or written has arrived: another version is no longer what the card asks for. */
  clear() {
    const more = this.form.closest("details");
    more.classList.remove("is-first");
    more.open = false;
    this.part("send").classList.remove("is-primary");
    delete this.form.dataset.touched;
    if (this.input) this.unload();
  }

  /** No file is chosen any more, and the control shows it. */
  unload() {
    this.input.value = "";
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    delete this.form.dataset.touched;
  }

  // -------------------------------------------------------------- files

  complaint(file) {
    return complaint(file, this);
  }

  /** A file was chosen: say at once what is wrong with it, or go on with what was being sent. */
  chosen(file) {
    if (!file || this.goesOn(file)) return;
    const wrong = this.complaint(file);
    if (wrong) this.refuse(file, wrong);
    else this.say();
  }

  /** Say why not. The file does not stay chosen: pressing again would only send it again. */
  refuse(file, wrong) {
    if (file && file === this.input.files[0]) this.unload();
    this.say(box("error", wrong, file?.name));
  }

  /** Whether it is the file whose transfer waits for it; then it goes on. */
  goesOn(file) {
    const goesOn = this.transfer?.state === "absent" && this.transfer.matches(file);
    if (goesOn) {
      this.say();
      this.transfer.found(file);
    }
    return goesOn;
  }

  /** Send a file, or say why not. */
  send(file) {
    const wrong = this.complaint(file);
    if (wrong) {
      this.refuse(file, wrong);
      return;
    }
    if (this.isBusy) return;
    if (this.transfer && !this.transfer.ended) this.transfer.cancel(); // idle: this one takes its place
    this.transfer = null;
    this.say();
    this.begin(this.recordOf(file), file);
  }

  recordOf({ name, size, lastModified, type }) {
    const { team } = page.dataset;
    const attempt = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    return { key: `${team}/${this.id}`, team, deliverable: this.id, attempt, name, size, lastModified, type };
  }

  /** Go on with what was being sent when the page was left. */
  async takeUp(record) {
    const file = await fileOf(record);
    if (file || record.url) this.begin(record, file);
  }

  begin(record, file) {
    const drawing = document.getElementById("transfer").content.firstElementChild.cloneNode(true);
    this.drawing = drawing;
    this.part("transfer").replaceChildren(drawing);
    drawing.addEventListener("click", (event) => this.pressed(event.target.closest("button[data-do]")));
    drawing.querySelector("input").addEventListener("change", ({ target }) => {
      if (target.files[0] && !this.goesOn(target.files[0])) this.say(box("error", say("otherFile")));
      target.value = "";
    });
    this.transfer = new Transfer(record, file, (transfer) => transfer === this.transfer && this.draw());
    this.transfer.start();
    this.draw();
  }

  pressed(button) {
    if (!button) return;
    const act = button.dataset.do;
    if (act === "retry") this.transfer.nudge();
    else if (act === "pause") this.transfer.pause();
    else if (act === "resume") this.transfer.resume();
    else this.stop(button);
  }

  /** A thumb that slips must not give up a transfer that began before the deadline: twice, then. */
  stop(button) {
    if ("sure" in button.dataset) {
      this.transfer.cancel();
      return;
    }
    const before = button.textContent;
    button.dataset.sure = "";
    button.textContent = say("sure");
    setTimeout(() => {
      delete button.dataset.sure;
      button.textContent = before;
    }, 4000);
  }

  // -------------------------------------------------------------- drawing

  draw() {
    const { transfer, drawing } = this;
    if (transfer.ended) {
      this.ended();
      return;
    }
    const find = (name) => drawing.querySelector(`[data-${name}]`);
    const { state, sent, size } = transfer;
    if (this.isBusy === IDLE.includes(state)) this.busy(!this.isBusy);
    const before = drawing.dataset.state;
    drawing.dataset.state = state;
    write(find("name"), transfer.record.name);
    drawing.querySelector("progress").value = sent / size;
    const fresh = state === "opening" || (state === "elsewhere" && !sent);
    const rate = state === "sending" && transfer.speed ? transfer.speed : 0;
    const figures = [fresh ? sizeOf(size) : say("sent", { sent: sizeOf(sent), size: sizeOf(size) })];
    if (rate) figures.push(say("speed", { size: sizeOf(rate) }));
    write(find("figures"), figures.join(" · "));
    write(find("left"), rate ? say("left", { time: durationOf((size - sent) / rate) }) : "");
    const sentence = this.sentence();
    write(find("said"), sentence);
    drawing.dataset.tone = toneOf(state, sentence);
    if (before !== state && !["sending", "storing", "checking"].includes(state)) write(find("spoken"), sentence);
    write(find("leave"), IDLE.includes(state) ? "" : say(transfer.kept ? "kept" : "notKept"));
    this.drawLimit(find("limit"));
    const buttons = this.buttons();
    for (const button of drawing.querySelectorAll("[data-do]")) {
      button.hidden = !buttons.includes(button.dataset.do);
    }
  }

  buttons() {
    const { state, retryAt, record } = this.transfer;
    if (WAITING.includes(state)) return ["retry", "cancel"];
    // What another tab sends is not ours to stop.
    if (state === "elsewhere") return retryAt || !record.url ? ["cancel"] : [];
    return BUTTONS[state] ?? [];
  }

  sentence() {
    const { transfer } = this;
    const { state, record, detail, sent, size } = transfer;
    const silence = (performance.now() - transfer.movedAt) / 1000;
    if (state === "tooLate") return detail;
    if (state === "sending" && silence > WORDS_AFTER) return say("stalled", { time: durationOf(silence) });
    if (state === "sending" && transfer.renewed) return say("expired");
    const seconds = Math.max(0, Math.ceil(((transfer.retryAt ?? 0) - performance.now()) / 1000));
    // Whole percents; a hundred only when everything has gone.
    const percent = Math.floor((100 * sent) / size);
    return say(state, { detail, seconds, percent, name: record.name });
  }

  /** After the deadline, until when what began before it must be there. */
  drawLimit(limit) {
    const { deadline, until, deadlineText, untilText, late } = document.getElementById("deposits-summary").dataset;
    const [deadlineAt, untilAt, now] = [Date.parse(deadline), Date.parse(until), serverNow()];
    const { begunAt, url } = this.transfer.record;
    limit.hidden = !(url && begunAt <= deadlineAt && deadlineAt < now && now < untilAt);
    if (limit.hidden) return;
    const words = late === "accept" ? "limitElseLate" : "limit";
    write(limit.querySelector("[data-limit-words]"), say(words, { deadline: deadlineText, until: untilText }));
    const clock = limit.querySelector("time");
    if (clock.dateTime === until) return;
    clock.dateTime = until;
    clock.dataset.countdown = "";
  }

  ended() {
    const { state, receipt, record, detail } = this.transfer;
    this.part("transfer").replaceChildren();
    this.busy(false);
    const kind = ENDINGS[state] ?? "error";
    const values = { name: record.name };
    if (receipt) {
      values.time = secondsOf(receipt.receivedAt);
      values.version = receipt.version;
    }
    const sentence = detail || say(state === "refused" ? "rejected" : state, values);
    const said = box(kind, sentence, state === "refused" ? record.name : "");
    if (receipt?.code) {
      const link = document.createElement("a");
      link.href = page.dataset.receipt.replace("/0/", `/${receipt.id}/`);
      link.textContent = say("receipt", { code: receipt.code.replace(/^(.{5})(.+)$/, "$1-$2") });
      said.append(link);
    }
    this.say(said);
    if (state === "received") this.clear();
    else this.form.closest("details").open = true;
    if (state === "refused" && this.input.files[0] && this.transfer.matches(this.input.files[0])) this.unload();
    this.refresh();
  }
}

function toneOf(state, sentence) {
  if (state === "tooLate") return "error";
  const calm = ["opening", "waiting", "checking", "storing", "paused", "absent"];
  return calm.includes(state) || (state === "sending" && sentence === say("sending")) ? "" : "warning";
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
