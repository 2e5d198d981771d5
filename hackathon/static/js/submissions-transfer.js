// The transfer of one file to one deliverable, from the first byte to a receipt or a refusal. It draws nothing: `changed`
// is called when there is something to show. tus-js-client sends the bytes; retries are decided here, because each
// reason to wait is shown in its own words.

import { serverNow } from "./clock.js";
import { fileOf, forget, isReadable, keepFile, keepRecord, recordOf } from "./submissions-keep.js";
import { ask, giveUp, startUpload } from "./submissions-server.js";
import { hold, leavesTurn, takesTurn } from "./submissions-turns.js";

/** @typedef {import("./submissions-keep.js").TransferRecord} TransferRecord */
/** @typedef {import("./submissions-server.js").Answer} Answer */

const BACKOFF = [1, 3, 5, 10, 20]; // seconds
const STALLED_MS = 45_000; // without a byte sent; a dead connection may stay open for minutes
const STORING_MS = 90_000; // after the last byte: buffers are sent, and the file is hashed
const SUSPECT_MS = 3_000; // without a byte sent, when the network has just changed
// A host that restarts has the bytes. After a minute it may be lost: another one receives all of them again, under the
// same key, and if the first one is back, that is the same upload.
const AWAY_MS = 60_000;
const TOO_LATE = ["deadline_passed", "grace_passed"]; // an extension granted later allows it

// States that stay shown until there is an answer, so that the text does not change at each attempt.
const POLLING = ["waiting", "signedOut", "stranger", "elsewhere", "crowded", "full"];

/** @type {Record<number, string>} */
const WAITS = { 401: "signedOut", 403: "signedOut", 423: "elsewhere", 429: "crowded", 507: "full" };

export class Transfer {
  /**
   * @param {TransferRecord} record
   * @param {File | undefined} file missing after a reload if it was not stored
   * @param {(transfer: Transfer) => void} changed
   */
  constructor(record, file, changed) {
    this.record = record;
    this.file = file;
    this.changed = changed;
    this.state = "opening";
    this.sent = 0;
    this.speed = 0;
    this.failures = 0;
    this.attempts = 0;
    this.acknowledged = 0;
    this.movedAt = performance.now();
    this.openedAt = 0;
    this.kept = Boolean(file && record.keptAt); // after a reload it goes on by itself
    this.ended = false;
    this.detail = "";
    this.timer = 0;
    this.renewing = false; // begins again, since the server does not have the upload any more
    this.renewed = false;
    this.awaySince = 0; // on performance.now()
    /** @type {number | undefined} on performance.now() */
    this.retryAt = undefined;
    /** @type {any} of tus-js-client */
    this.upload = undefined;
    /** @type {{ at: number, sent: number } | undefined} of the measured speed */
    this.mark = undefined;
    /** @type {import("./submissions-server.js").Receipt | undefined} */
    this.receipt = undefined;
    /** @type {((value?: unknown) => void) | undefined} releases the lock among tabs */
    this.release = undefined;
    /** @type {Promise<void> | undefined} */
    this.keeping = undefined;
  }

  get size() {
    return this.record.size;
  }

  /** Whether it is the same file. @param {{ name: string, size: number, lastModified: number }} file */
  matches({ name, size, lastModified }) {
    const { record } = this;
    return record.name === name && record.size === size && record.lastModified === lastModified;
  }

  async start() {
    let waited = false;
    this.release = await hold(this.record.key, () => {
      waited = true;
      this.become("elsewhere");
    });
    if (waited && !this.ended) await this.takeOver();
    if (this.ended) {
      this.release(); // cancelled while it waited
      return;
    }
    if (this.file && !this.record.paused) this.attempt();
    else await this.look();
    this.keep();
  }

  /** Another tab has released the lock: it was closed, and this tab takes its transfer, or it has finished. */
  async takeOver() {
    const record = await recordOf(this.record.key);
    const wasKept = Boolean(this.record.keptAt);
    if (wasKept) this.file = record && (await fileOf(record));
    this.kept = wasKept && Boolean(this.file);
    if (wasKept && !record) this.end("elsewhereOver");
    else if (record && (wasKept || this.matches(record))) this.record = record;
  }

  /** Ask how far it is, if it cannot or must not go on by itself. */
  async look() {
    const answer = await ask(this.record.url ?? "", this.size);
    this.reached(answer.offset);
    if (answer.receipt) this.answered(answer);
    else if (!this.file && [404, 410].includes(answer.status)) this.end("lostFile");
    else this.become(this.file ? "paused" : "absent");
  }

  /** The file was chosen again. @param {File} file */
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

  async write() {
    if (this.ended) return;
    this.record.keptAt ??= Date.now();
    await keepRecord(this.record);
  }

  /** Ask how far it is, then send the rest. Answers to older attempts are ignored. */
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
    // Changed or unplugged since: use the copy of the chosen file.
    if (!(await isReadable(this.file))) this.file = this.kept ? await fileOf(this.record) : undefined;
    if (attempt !== this.attempts) return;
    if (this.file) this.send(attempt);
    else this.cancel("unreadable");
  }

  /** Stop sending; returns the number of the next attempt. */
  halt() {
    clearTimeout(this.timer);
    this.retryAt = undefined;
    this.upload?.abort();
    this.upload = undefined;
    return ++this.attempts;
  }

  /** @param {number} attempt */
  send(attempt) {
    if (!this.file) return;
    const begins = !this.record.url || this.renewing;
    if (begins) this.openedAt = serverNow();
    /** @template T @param {(value: T) => void} act @returns {(value: T) => void} */
    const live = (act) => (value) => attempt === this.attempts && act.call(this, value);
    this.upload = startUpload(this.file, this.record, begins ? null : (this.record.url ?? null), {
      opened: (upload) => this.opened(upload, begins, attempt),
      progressed: live(this.progressed),
      reached: live(this.reached),
      answered: live(this.answered),
    });
  }

  /**
   * The server has opened the upload: from now on the deposit has begun, however long it waits.
   * @param {any} upload
   * @param {boolean} begins
   * @param {number} attempt
   */
  opened(upload, begins, attempt) {
    if (begins) {
      if (this.ended || this.record.cancelled) giveUp(upload.url, this.size); // while the server opened it
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

  /** @param {number} sent bytes */
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

  /** Bytes that are durable on the server; more than before resets the retry delays. @param {number | undefined} offset */
  reached(offset) {
    if (offset === undefined) return;
    if (offset > this.acknowledged) this.failures = 0;
    this.sent = this.acknowledged = offset;
  }

  /** @param {Answer} answer */
  answered({ status, code = "", detail = "", receipt, away = false }) {
    this.halt();
    this.awaySince = away ? this.awaySince || performance.now() : 0;
    if (receipt) {
      this.end("received", { receipt });
    } else if (status === 404 || status === 410) {
      this.missing();
    } else if (WAITS[status]) {
      this.later(WAITS[status], detail);
    } else if (code === "not_on_both") {
      this.later("crowded", detail);
    } else if (status >= 500) {
      if (away && performance.now() - this.awaySince >= AWAY_MS) this.renewing = Boolean(this.record.url);
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

  /** The upload has expired or belongs to another account: try to begin again, and keep the address until then. */
  missing() {
    this.renewing = Boolean(this.record.url) && !this.renewing;
    if (this.renewing) this.attempt();
    else this.later("stranger");
  }

  /** @param {string} state */
  later(state, detail = "") {
    const seconds = BACKOFF[Math.min(this.failures++, BACKOFF.length - 1)];
    const ms = 1000 * seconds * (1 + Math.random() / 4); // so that not all pages retry at once
    this.retryAt = performance.now() + ms;
    this.timer = setTimeout(() => this.attempt(), ms);
    this.detail = detail;
    this.become(state);
  }

  /** The page is visible, or the network is back: retry now. `changed`: open connections may be dead. */
  nudge({ changed = false } = {}) {
    const open = ["sending", "storing"].includes(this.state);
    const suspect = changed && open && performance.now() - this.movedAt > SUSPECT_MS;
    if (this.retryAt || suspect) this.attempt();
  }

  /** The browser reports that there is no network; connections would notice minutes later. */
  offline() {
    if (!["sending", "storing"].includes(this.state)) return;
    this.halt();
    this.later("lost");
  }

  /** The deadline has changed: retry what was too late. */
  periodMoved() {
    if (this.state === "tooLate") this.attempt();
  }

  /** Called every second. */
  tick() {
    let limit = 0;
    if (this.state === "sending") limit = STALLED_MS;
    else if (this.state === "storing") limit = STORING_MS;
    if (limit && performance.now() - this.movedAt > limit) this.attempt();
    this.changed(this);
  }

  /** It is shown once it is stored: a reload just before would send on. */
  async pause() {
    this.record.paused = true;
    this.halt();
    await this.write();
    if (this.record.paused && !this.record.cancelled && !this.ended) this.become("paused");
  }

  resume() {
    this.record.paused = false;
    this.failures = 0;
    this.write();
    this.attempt();
  }

  /** Stop, and delete the upload on the server. It is shown once it is stored: a reload just before would begin again. */
  async cancel(ending = "cancelled") {
    if (this.state === "opening") this.upload = undefined; // `opened` deletes it
    this.halt();
    const { url } = this.record;
    const whole = this.sent === this.size;
    this.record.cancelled = true;
    this.become("checking");
    const [answer] = await Promise.all([url ? giveUp(url, this.size) : undefined, this.write()]);
    if (!answer) this.end(ending);
    else if (answer.receipt) this.end("received", answer);
    else this.end(whole && ![204, 404, 410].includes(answer.status) ? "unknown" : ending);
  }

  /** @param {string} state @param {Partial<Answer>} [answer] */
  end(state, { receipt, detail = "" } = {}) {
    this.halt();
    this.ended = true;
    this.receipt = receipt;
    this.detail = detail;
    this.become(state);
    if (!this.release) return; // another tab has the lock and the stored transfer
    // The copy of the file may still be written: deleted before, it would stay. The lock goes last, so that no other tab
    // takes what is being deleted.
    Promise.resolve(this.keeping).then(() => forget(this.record.key)).then(this.release);
  }

  /** @param {string} state */
  become(state) {
    this.state = state;
    if (!["sending", "storing", "waiting"].includes(state)) leavesTurn(this);
    this.changed(this);
  }
}
