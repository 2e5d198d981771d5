// What a countdown shows. The server writes the same texts (`countdown_text`).

const MINUTE = 60_000;
const DAY = 86_400; // s

/**
 * @param {number} ms left
 * @param {{ days?: string, decimal?: string, tenths?: boolean }} options
 * days: text with {days} and {hours}; tenths: whether the last minute shows tenths of seconds.
 */
export function countdownText(ms, { days = "", decimal = ",", tenths = true } = {}) {
  const seconds = ms / 1000;
  if (seconds >= DAY) {
    const whole = Math.floor(seconds);
    const values = { days: Math.floor(whole / DAY), hours: Math.floor((whole % DAY) / 3600) };
    return days.replace("{days}", String(values.days)).replace("{hours}", String(values.hours));
  }
  if (seconds <= 60) {
    if (!tenths) return String(Math.max(0, Math.ceil(seconds)));
    return (Math.max(0, Math.ceil(seconds * 10)) / 10).toFixed(1).replace(".", decimal);
  }
  const total = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60)];
  return hours ? `${hours}:${twoDigits(minutes)}:${twoDigits(total % 60)}` : `${minutes}:${twoDigits(total % 60)}`;
}

/** @param {number} number */
const twoDigits = (number) => String(number).padStart(2, "0");

/** How near the end is. @param {number} ms left */
export function countdownState(ms) {
  if (ms <= 0) return "over";
  if (ms <= MINUTE) return "last";
  if (ms <= 10 * MINUTE) return "soon";
  return ms <= 60 * MINUTE ? "hour" : "calm";
}

const SPOKEN_MINUTES = [60, 30, 15, 10, 5, 4, 3, 2, 1];

/** The minute that screen readers announce: the last one that has begun, 0 at the end. @param {number} ms left */
export const minuteOf = (ms) => (ms > 0 ? Math.ceil(ms / MINUTE) : 0);

/** @param {number} minute */
export const isSpoken = (minute) => minute === 0 || SPOKEN_MINUTES.includes(minute);
