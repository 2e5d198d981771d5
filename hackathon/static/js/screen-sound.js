// Films play with sound. A browser refuses it until somebody has clicked on its page: they play without it then, the screen says
// so ([data-muted]), and so does the remote. A click or a key brings the sound back.

import { one } from "./dom.js";

/** @type {HTMLVideoElement | null} */
let silent = null;

/** Whether the last film began without sound and the page has not been clicked since. */
export const isMuted = () => silent !== null;

/** @param {HTMLVideoElement | null} film that plays without sound */
function say(film) {
  silent = film;
  one("[data-muted]").hidden = !film;
  document.body.dispatchEvent(new CustomEvent("screen:sound"));
}

/** @param {HTMLVideoElement} film */
export async function play(film) {
  film.muted = false;
  try {
    await film.play();
    if (silent) say(null);
  } catch {
    film.muted = true;
    await film.play();
    say(film);
  }
}

function onClick() {
  if (!silent) return;
  silent.muted = false;
  say(null);
}

export function start() {
  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, onClick);
}
