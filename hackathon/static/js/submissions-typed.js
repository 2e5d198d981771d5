// Links and texts: sent by the form's own address. An answer that was lost is asked for, never guessed.

import { csrfToken } from "./submissions-server.js";
import { box, say } from "./submissions-words.js";
import { secondsOf } from "./words.js";

const ASK_AGAIN = [1, 3, 8, 20]; // seconds after which we ask whether a lost answer was a yes
const PATIENCE = 30_000; // ms

/** Send what is written in a card. */
export async function sendTyped(card) {
  if (card.isBusy) return;
  const { form } = card;
  const newest = card.status?.dataset.newest ?? "";
  const size = sizeOf(form);
  card.say();
  card.busy(true);
  const body = new FormData(form);
  // The page's own token is that of a session which may have ended; the new one signed in elsewhere.
  body.set("csrfmiddlewaretoken", csrfToken());
  let answer;
  let html;
  try {
    answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    html = await answer.text();
  } catch {
    answer = null;
  }
  card.busy(false);
  if (answer) answered(card, answer, html);
  else await askWhether(card, newest, size);
}

function answered(card, answer, html) {
  // Only 201 is a yes. A redirect to the sign-in page also ends in a 200.
  if (answer.status === 201 || answer.status === 422) {
    card.say(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    if (answer.status === 201) card.clear();
  } else if (new URL(answer.url).pathname !== new URL(card.form.action).pathname) {
    offer(card, "error", say("signedOutTyped"));
  } else if (answer.status >= 500) {
    offer(card, "error", say("failed"));
  } else {
    card.say(box("error", say("rejected")));
  }
  card.refresh();
}

/** Say it, with a button that sends the same again. */
function offer(card, kind, sentence) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button is-primary";
  button.textContent = say("retry");
  button.addEventListener("click", () => sendTyped(card));
  const said = box(kind, sentence);
  card.say(said, button);
  card.article.classList.add("has-retry");
  return said;
}

/** No answer came: the server alone knows. Ask it, and say nothing before. */
async function askWhether(card, newest, size) {
  const question = offer(card, "warning", say("asking"));
  for (const seconds of ASK_AGAIN) {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const found = await newestOf(card.id);
    if (!question.isConnected) return; // sent again, or changed, meanwhile
    if (found === undefined) continue;
    if (found && String(found.id) !== newest && found.size === size) {
      const time = secondsOf(Date.parse(found.received_at));
      card.say(box("success", say("found", { time, version: found.version })));
      card.clear();
    } else {
      offer(card, "error", say("notFound"));
    }
    card.refresh();
    return;
  }
  offer(card, "warning", say("unanswered"));
}

async function newestOf(id) {
  try {
    const answer = await fetch("/api/v1/deliverables/", { headers: { Accept: "application/json" } });
    if (!answer.ok) return undefined;
    const mine = (await answer.json()).find((deliverable) => String(deliverable.id) === id);
    return mine?.submissions[0] ?? null;
  } catch {
    return undefined;
  }
}

/** Of what the server would keep: bytes of UTF-8, a link in full. */
function sizeOf({ elements }) {
  const value = (elements.url ?? elements.text).value;
  const whole = elements.url && !/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? `https://${value}` : value;
  return new TextEncoder().encode(elements.url ? whole.trim() : whole).length;
}
