// The jury's pages: first whose tablet this is, then everything else.

import * as keeper from "./jury-keeper.js";
import * as list from "./jury-list.js";
import * as offline from "./jury-offline.js";
import * as sheet from "./jury-sheet.js";
import * as store from "./jury-store.js";
import * as sync from "./jury-sync.js";
import { toast } from "./toast.js";

const { jury } = sync;
const net = document.querySelector("[data-sheet-net]");

/** How much waits here: always in sight. */
async function count(trouble) {
  const changes = await store.changesOf(jury.user);
  const waiting = sync.waiting(changes).length;
  const stuck = changes.length - waiting;
  const wrong = sheet.wrong();
  net.classList.toggle("is-pending", changes.length > 0 || wrong > 0);
  let words = sync.word("clear");
  if (waiting) words = sync.word(waiting > 1 ? "pending" : "pending_one", { n: waiting });
  else if (stuck) words = sync.word(stuck > 1 ? "stuck" : "stuck_one", { n: stuck });
  else if (wrong) words = sync.word(wrong > 1 ? "wrong" : "wrong_one", { n: wrong });
  if (net.textContent !== words) net.textContent = words;
  const note = document.querySelector("[data-trouble]");
  note.hidden = !trouble;
  if (!trouble) return;
  const ahead = trouble === "offline" && !waiting;
  note.querySelector("[data-slot=words]").textContent = sync.word(ahead ? "offline_ahead" : trouble);
  note.querySelector("a").hidden = trouble !== "expired";
}

async function start() {
  // Somebody passed it on without a network: first of all they have to be signed out.
  if (await store.isVacant()) {
    location.replace(jury.urls.handover);
    return;
  }
  await keeper.claim({ user: jury.user, ticket: jury.ticket, sealKey: jury.sealKey });
  sync.onNews(count);
  await sheet.start();
  list.start();
  await count("");
  sayFinished();
  sync.start();
  sync.carry(jury.urls.sealed);
  await offline.start();
}

/** The sheet before was finished: the next page says so. */
function sayFinished() {
  const team = sessionStorage.getItem("jury-finished");
  sessionStorage.removeItem("jury-finished");
  if (team) toast({ text: sync.word("finished", { team }), seconds: 5 });
}

start().catch((error) => console.error("jury", error));
