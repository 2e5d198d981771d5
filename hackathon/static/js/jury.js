// The jury's pages: first the owner of the tablet, then everything else.

import "./main.js"; // one bundle with what every page runs
import { one, write } from "./dom.js";
import * as changes from "./jury-changes.js";
import * as compare from "./jury-compare.js";
import * as keeper from "./jury-keeper.js";
import * as list from "./jury-list.js";
import * as offline from "./jury-offline.js";
import * as sheet from "./jury-sheet.js";
import * as store from "./jury-store.js";
import * as sync from "./jury-sync.js";
import * as timer from "./jury-timer.js";
import * as viewer from "./jury-viewer.js";
import * as visits from "./jury-visits.js";
import { isNews, toast } from "./toast.js";

const { jury } = sync;
const net = one("[data-sheet-net]");

/** Show how many changes the server has not received yet. @param {string} trouble */
async function count(trouble) {
  const unsent = await store.changesOf(jury.user);
  const waiting = changes.waiting(unsent).length;
  const stuck = unsent.length - waiting;
  const wrong = sheet.wrong();
  net.classList.toggle("is-pending", unsent.length > 0 || wrong > 0);
  let text = sync.translate("clear");
  if (waiting) text = sync.translate(waiting > 1 ? "pending" : "pending_one", { n: waiting });
  else if (stuck) text = sync.translate(stuck > 1 ? "stuck" : "stuck_one", { n: stuck });
  else if (wrong) text = sync.translate(wrong > 1 ? "wrong" : "wrong_one", { n: wrong });
  write(net, text);
  const note = one("[data-trouble]");
  note.hidden = !trouble;
  for (const offer of document.querySelectorAll("[data-offer]")) offer.hidden = trouble !== "" || offer.dataset.offer === "stored";
  if (!trouble) return;
  const isAhead = trouble === "offline" && !waiting;
  one("[data-slot=reason]", note).textContent = sync.translate(isAhead ? "offline_ahead" : trouble);
  one("a", note).hidden = trouble !== "expired";
}

/** Make this juror the owner of the tablet. Does not resolve where the page is left instead. @returns {Promise<void>} */
async function claim() {
  // It was handed over without a network: the former juror has to be signed out first.
  if (await store.isVacant()) {
    location.replace(jury.urls.handover);
    return new Promise(() => {});
  }
  return keeper.claim({ user: jury.user, ticket: jury.ticket, sealKey: jury.sealKey });
}

async function start() {
  const claimed = claim();
  sync.keepAfter(claimed);
  visits.listen();
  await claimed;
  document.body.addEventListener("live:juror.reminded", onReminder);
  sync.onNews(count);
  await sheet.start();
  visits.start();
  list.start();
  compare.start();
  await count("");
  showFinished();
  sync.start();
  sync.sendSealed(jury.urls.sealed);
  await offline.start();
}

/** The president or an organizer asks the juror of this page to finish sheets, or to complete some. @param {CustomEvent<any>} event */
function onReminder({ detail: { data, at } }) {
  if (!document.querySelector(`[data-seat="${Number(data.juror)}"]`) || !isNews(at, `reminder-${data.juror}-${at}`)) return;
  toast({ text: sync.translate(data.completes ? "asked" : "reminded"), about: "reminder" });
}

/** Show that the sheet of the previous page was finished. */
function showFinished() {
  const team = sessionStorage.getItem("jury-finished");
  sessionStorage.removeItem("jury-finished");
  if (team) toast({ text: sync.translate("finished", { team }), seconds: 5 });
}

viewer.start();
timer.start();
start().catch((error) => console.error("jury", error));
