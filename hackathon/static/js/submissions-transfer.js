// One file on its way to one deliverable, from the first byte to the receipt or to a refusal. It draws
// nothing: `changed` is called when there is something to show. tus-js-client carries the bytes; when and
// why to try again is decided here, because each wait has its own words.

import { serverNow } from "./clock.js";
import { fileOf, forget, isReadable, keepFile, keepRecord, recordOf } from "./submissions-keep.js";
import { ask, carry, giveUp } from "./submissions-server.js";
import { hold, leavesTurn, takesTurn } from "./submissions-turns.js";

const BACKOFF = [1, 3, 5, 10, 20]; // seconds
const STALLED_MS = 45_000; // without a byte going out; a connection that is dead may stay open for minutes
const STORING_MS = 90_000; // what has left us is still in buffers, then hashed
const SUSPECT_MS = 3_000; // the same when the network has just changed
const TOO_LATE = ["deadline_passed", "grace_passed"]; // a delay granted later lets it in

// Shown until there is an answer: somebody who waits must not see the words change at each question.
const POLLING = ["waiting", "signedOut", "stranger", "elsewhere", "crowded", "full"];

const WAITS = { 401: "signedOut", 403: "signedOut", 423: "elsewhere", 429: "crowded", 507: "full" };

export class Transfer {
  /** `record` is what is kept of it (its `url` once the server knows it); `file` may be missing. */
  constructor(record, file, changed) {
    this.record = record;
    this.file = file;
    this.changed = changed;
    this.state = "opening";
    this.sent = 0;
    this.speed = 0;
    this.failures = 0;
    this.attempts = 0;
    this.kept = Boolean(file && record.keptAt); // a reload goes on by itself
    this.ended = false;
  }

  get size() {
    return this.record.size;
  }

  /** Whether it is the file that was being sent when the page was left. */
  matches(file) {
    return ["name", "size", "lastModified"].every((key) => this.record[key] === file[key]);
  }

  async start() {
    let waited = false;
    this.release = await hold(this.record.key, () => {
      waited = true;
      this.become("elsewhere");
    });
    if (waited && !this.ended) await this.takeOver();
    if (this.ended) {
      this.release(); // stopped while it waited
      return;
    }
    if (this.file && !this.record.paused) this.attempt();
    else await this.look();
    this.keep();
  }

  /** Another tab has let go: it was closed, then its transfer is ours, or it has done with it. */
  async takeOver() {
    const record = await recordOf(this.record.key);
    const wasKept = Boolean(this.record.keptAt);
    if (wasKept) this.file = record && (await fileOf(record));
    this.kept = wasKept && Boolean(this.file);
    if (wasKept && !record) this.end("elsewhereOver");
    else if (record && (wasKept || this.matches(record))) this.record = record;
  }

  /** How far it had come, where it cannot or must not go on by itself. */
  async look() {
    const answer = await ask(this.record.url, this.size);
    this.reached(answer.offset);
    if (answer.receipt) this.answered(answer);
    else if (!this.file && [404, 410].includes(answer.status)) this.end("lostFile");
    else this.become(this.file ? "paused" : "absent");
  }

  /** The file was chosen again. */
  found(file) {
    this.file = file;
    this.record.paused = false;
    this.attempt();
    this.keep();
  }

  keep() {
    this.write();
    if (!this.file || this.kept) return;
    this.keeping = keepFile(this.record, this.file).then((kept) => {
      this.kept = kept;
      this.changed(this);
    });
  }

  write() {
    if (this.ended) return;
    this.record.keptAt ??= Date.now();
    keepRecord(this.record);
  }

  /** Ask how far it is, then send the rest. What an older attempt still hears is ignored. */
  async attempt() {
    if (this.ended || !this.file || this.record.paused) return;
    const attempt = this.halt();
    const { url } = this.record;
    if (url && !this.renewing) {
      if (!POLLING.includes(this.state)) this.become("checking");
      const answer = await ask(url, this.size);
      if (attempt !== this.attempts) return;
      this.reached(answer.offset);
      if (answer.receipt || answer.status !== 204) {
        this.answered(answer);
        return;
      }
    } else if (!url && !POLLING.includes(this.state)) {
      this.become("opening");
    }
    // Changed or unplugged since: what was chosen is still what we copied then.
    if (!(await isReadable(this.file))) this.file = this.kept ? await fileOf(this.record) : undefined;
    if (attempt !== this.attempts) return;
    if (this.file) this.send(attempt);
    else this.cancel("unreadable");
  }

  /** Stop what is going on; gives the number of the attempt that may follow. */
  halt() {
    clearTimeout(this.timer);
    this.retryAt = undefined;
    this.upload?.abort();
    this.upload = undefined;
    return ++this.attempts;
  }

  send(attempt) {
    const begins = !this.record.url || this.renewing;
    if (begins) this.openedAt = serverNow();
    const live = (act) => (...values) => attempt === this.attempts && act.apply(this, values);
    this.upload = carry(this.file, this.record, begins ? null : this.record.url, {
      opened: (upload) => this.opened(upload, begins, attempt),
      progressed: live(this.progressed),
      reached: live(this.reached),
      answered: live(this.answered),
    });
  }

  /** The server knows it: from here on it has begun, whatever happens and however long it waits. */
  opened(upload, begins, attempt) {
    if (begins) {
      if (this.ended) giveUp(upload.url, this.size); // stopped while the server opened it
      this.renewed = this.renewing;
      this.renewing = false;
      Object.assign(this.record, { url: upload.url, begunAt: this.openedAt });
      this.sent = this.acknowledged = 0;
      this.write();
    }
    if (this.ended || attempt !== this.attempts || this.record.paused) {
      upload.abort();
    } else if (takesTurn(this)) {
      this.mark = undefined;
      this.movedAt = performance.now();
      this.become("sending");
    } else {
      upload.abort();
      this.become("waiting");
    }
  }

  progressed(sent) {
    const now = performance.now();
    if (sent !== this.sent) this.movedAt = now;
    this.sent = sent;
    this.mark ??= { at: now, sent };
    if (now - this.mark.at >= 500) {
      const rate = (1000 * (sent - this.mark.sent)) / (now - this.mark.at);
      this.speed = this.speed ? 0.75 * this.speed + 0.25 * rate : rate;
      this.mark = { at: now, sent };
    }
    this.become(sent === this.size ? "storing" : "sending");
  }

  /** So much is durable on the server: if that is more than before, the next failure is the first. */
  reached(offset) {
    if (offset === undefined) return;
    if (offset > (this.acknowledged ?? 0)) this.failures = 0;
    this.sent = this.acknowledged = offset;
  }

  answered({ status, code, detail, receipt }) {
    this.halt();
    if (receipt) {
      this.end("received", { receipt });
    } else if (status === 404 || status === 410) {
      this.missing();
    } else if (WAITS[status]) {
      this.later(WAITS[status], detail);
    } else if (status >= 500) {
      this.later("failing");
    } else if (status === 422 && TOO_LATE.includes(code) && this.record.url && !this.renewing) {
      this.detail = detail;
      this.become("tooLate");
    } else if (status === 422 || code === "too_large") {
      this.end("refused", { detail });
    } else if (status >= 400 && status !== 408 && status !== 409) {
      this.end("rejected");
    } else {
      this.later("lost");
    }
  }

  /** Expired, or not this account's: beginning again tells. Until it has, the address is kept. */
  missing() {
    this.renewing = Boolean(this.record.url) && !this.renewing;
    if (this.renewing) this.attempt();
    else this.later("stranger");
  }

  later(state, detail = "") {
    const seconds = BACKOFF[Math.min(this.failures++, BACKOFF.length - 1)];
    const ms = 1000 * seconds * (1 + Math.random() / 4); // a whole room must not come back at once
    this.retryAt = performance.now() + ms;
    this.timer = setTimeout(() => this.attempt(), ms);
    this.detail = detail;
    this.become(state);
  }

  /** Somebody looks, or the network came back: don't wait. `changed`: what is open may be dead by now. */
  nudge({ changed = false } = {}) {
    const open = ["sending", "storing"].includes(this.state);
    const suspect = changed && open && performance.now() - this.movedAt > SUSPECT_MS;
    if (this.retryAt || suspect) this.attempt();
  }

  /** The browser says that there is no network: what is open would find out minutes later. */
  offline() {
    if (!["sending", "storing"].includes(this.state)) return;
    this.halt();
    this.later("lost");
  }

  /** The deadline may have moved: what came too late is asked for again. */
  windowChanged() {
    if (this.state === "tooLate") this.attempt();
  }

  /** Called every second. */
  tick() {
    const limit = { sending: STALLED_MS, storing: STORING_MS }[this.state];
    if (limit && performance.now() - this.movedAt > limit) this.attempt();
    this.changed(this);
  }

  pause() {
    this.record.paused = true;
    this.halt();
    this.write();
    this.become("paused");
  }

  resume() {
    this.record.paused = false;
    this.failures = 0;
    this.write();
    this.attempt();
  }

  /** Stop for good, on the server too. */
  async cancel(ending = "cancelled") {
    if (this.state === "opening") this.upload = undefined; // let it be opened, to be given up then
    this.halt();
    if (!this.record.url) {
      this.end(ending);
      return;
    }
    const whole = this.sent === this.size;
    this.become("checking");
    const answer = await giveUp(this.record.url, this.size);
    if (answer.receipt) this.end("received", answer);
    else this.end(whole && ![204, 404, 410].includes(answer.status) ? "unknown" : ending);
  }

  end(state, { receipt, detail } = {}) {
    this.halt();
    this.ended = true;
    Object.assign(this, { receipt, detail });
    this.become(state);
    if (!this.release) return; // another tab has it, and what is kept is its own
    Promise.resolve(this.keeping).then(() => forget(this.record.key)).then(this.release);
  }

  become(state) {
    this.state = state;
    if (!["sending", "storing", "waiting"].includes(state)) leavesTurn(this);
    this.changed(this);
  }
}
