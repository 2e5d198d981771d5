// Where sockets do not pass: the same messages, asked for every few seconds. The answers feed the clock too.

import { heard } from "./clock.js";
import { heardAs } from "./session.js";
import { cancel, later } from "./ticker.js";
import { say } from "./words.js";

const { pollUrl } = document.body.dataset;
const SECONDS = 5;
const HIDDEN_SECONDS = 30; // nobody looks: once it is shown it asks at once
const PATIENCE = 10_000;
const FIRST_LOOKS = 4; // at the clock: several round trips, the fastest wins

let page = null; // what the connection gave us: after(), receive(), caughtUp(), show()
let timer = 0;
let asking = false;

/** Begin to poll; nothing happens if it has begun. */
export function start(connection) {
  if (page) return;
  page = connection;
  page.show("polling", say("polling", { seconds: SECONDS }));
  ask();
  for (let n = 1; n <= FIRST_LOOKS; n++) later(look, 300 * n);
}

/** The socket is back, or the page goes away. */
export function stop() {
  page = null;
  cancel(timer);
}

/** Whether it polls. */
export const isOn = () => page !== null;

/** Ask now. */
export function hurry() {
  if (page && !asking) ask();
}

async function ask() {
  cancel(timer);
  asking = true;
  try {
    const { last, messages, complete, signed_in: signedIn } = await get(`?after=${page.after()}`);
    if (!page) return; // a socket has opened meanwhile and brings the same
    messages.forEach(page.receive);
    page?.caughtUp(last, complete);
    page?.show("polling", say("polling", { seconds: SECONDS }));
    heardAs(signedIn);
  } catch {
    page?.show("lost", say(navigator.onLine ? "reconnecting" : "offline"));
  } finally {
    asking = false;
    const seconds = document.hidden ? HIDDEN_SECONDS : SECONDS;
    if (page) timer = later(ask, seconds * 1000 * (0.8 + Math.random() * 0.4));
  }
}

async function get(query) {
  const sent = performance.now();
  const answer = await fetch(pollUrl + query, {
    headers: { Accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  const received = performance.now();
  if (!answer.ok) throw new Error(answer.statusText);
  const content = await answer.json();
  heard(sent, received, content.now);
  return content;
}

function look() {
  if (page) get("").catch(() => {}); // the next one will do
}
