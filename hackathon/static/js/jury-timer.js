// How long this team has been read, in this tab. A tap chooses after how many minutes the colour changes, without a sound.

import { write } from "./dom.js";

const CHOICES = [0, 5, 8, 10, 15, 20]; // minutes; 0: no signal
const LIMIT = "jury-timer-minutes";

/** @param {number} seconds */
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export function start() {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-timer]"));
  if (!button) return;
  const key = `jury-timer-${button.dataset.timer}`;
  let limit = Number(localStorage.getItem(LIMIT));
  const draw = () => {
    const seconds = Number(sessionStorage.getItem(key));
    write(button, limit ? `${clock(seconds)} / ${limit} min` : clock(seconds));
    button.classList.toggle("is-over", limit > 0 && seconds >= limit * 60);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    limit = CHOICES[(CHOICES.indexOf(limit) + 1) % CHOICES.length];
    localStorage.setItem(LIMIT, String(limit));
    draw();
  });
  setInterval(() => {
    if (document.hidden) return;
    sessionStorage.setItem(key, String(Number(sessionStorage.getItem(key)) + 1));
    draw();
  }, 1000);
  draw();
}
