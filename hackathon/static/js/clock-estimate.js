// The server's time, estimated from round trips. Instants are milliseconds on the monotonic performance.now(), which
// nobody can set; server times are epoch milliseconds.

const DRIFT = 1e-4; // how far two good clocks part, in ms per ms
const JUMP = 2000; // ms; a greater step between the two local clocks means sleep, or that the clock was set

export class ClockEstimate {
  /**
   * @param {{ offset: number, error: number, at: number, ahead: number }} first
   * offset: server time minus `at`'s clock; error: how wrong it may be; ahead: computer's clock minus `at`'s clock.
   */
  constructor({ offset, error, at, ahead }) {
    this.offset = offset;
    this.best = { error, at };
    this.ahead = ahead;
  }

  /** The server's time. @param {number} at */
  serverAt(at) {
    return at + this.offset;
  }

  /** Upper bound of the error of `serverAt`, in ms; it grows until the next good round trip. @param {number} at */
  uncertainty(at) {
    return this.best.error + (at - this.best.at) * DRIFT;
  }

  /**
   * Take in a round trip: the server's answer was made between `sent` and `received`. Its error is half of the round
   * trip at most, so the fastest one wins. Returns whether it was used.
   * @param {number} sent
   * @param {number} received
   * @param {number} now the server's time in the answer
   */
  addRoundTrip(sent, received, now) {
    const error = (received - sent) / 2;
    if (!Number.isFinite(now) || error > this.uncertainty(received)) return false;
    this.best = { error, at: received };
    this.offset = now + error - received;
    return true;
  }

  /**
   * Whether the machine slept, or its clock was set, since the last call. Then any answer is better than what is known.
   * @param {number} at
   * @param {number} ahead the computer's clock minus `at`
   */
  jumped(at, ahead) {
    const step = Math.abs(ahead - this.ahead);
    this.ahead = ahead;
    if (step < JUMP) return false;
    this.best = { error: Infinity, at };
    return true;
  }
}
