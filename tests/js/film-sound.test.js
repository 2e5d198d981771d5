import assert from "node:assert/strict";
import { test } from "node:test";

import { open, rest } from "./page.js";

open("<p data-muted hidden></p>");
const { isMuted, play, start } = await import("../../hackathon/static/js/screen-sound.js");
start();
const hint = document.querySelector("[data-muted]");

/** A film in a browser that refuses sound, or does not. */
function filmOf({ refuses }) {
  const film = { muted: false, play: async () => { if (refuses && !film.muted) throw new Error("NotAllowedError"); } };
  return film;
}

test("a film that may not be heard plays without sound, is said, and is heard after a click", async () => {
  let changes = 0;
  document.body.addEventListener("screen:sound", () => { changes += 1; });
  const film = filmOf({ refuses: true });

  await play(film);
  const before = [film.muted, isMuted(), hint.hidden];
  document.dispatchEvent(new Event("pointerdown"));
  await rest();

  assert.deepEqual(before, [true, true, false]);
  assert.deepEqual([film.muted, isMuted(), hint.hidden, changes], [false, false, true, 2]);
});

test("a later film with sound takes the sentence away", async () => {
  await play(filmOf({ refuses: true }));
  const film = filmOf({ refuses: false });

  await play(film);

  assert.deepEqual([film.muted, isMuted(), hint.hidden], [false, false, true]);
});
