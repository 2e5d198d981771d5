// Handing in, with the transfer in sight. The form works without this; what it adds is the progress, an
// outcome that cannot be mistaken, and a retry that asks for nothing to be chosen or written again.

import { sizeOf } from "./ui.js";
import { secondsOf } from "./words.js";

const list = document.getElementById("deposits");
const text = document.getElementById("deposit-words").dataset;
const sending = new Set();
const STALL_SECONDS = 8; // without a byte going out
const ASK_AGAIN = [1, 3, 8, 20]; // seconds after which we ask whether a lost answer was a yes

const say = (name, values = {}) =>
  (text[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

const part = (form, name) => form.querySelector(`[data-${name}]`);
const statusOf = (form) => document.getElementById(`deliverable-${form.dataset.deposit}-status`);
const fileOf = (form) => form.querySelector("input[type=file]")?.files[0];

// ---------------------------------------------------------------- what is said

function outcome(form, kind, sentence, { retry = false } = {}) {
  const said = document.createElement("p");
  said.className = `alert is-${kind}`;
  said.textContent = sentence;
  show(form, said);
  form.classList.toggle("has-retry", retry);
  if (!retry) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button is-primary";
  button.textContent = say("retry");
  button.addEventListener("click", () => send(form));
  part(form, "outcome").append(button);
}

function show(form, ...nodes) {
  form.classList.remove("has-retry");
  part(form, "outcome").replaceChildren(...nodes);
}

function showHtml(form, html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  show(form, ...parsed.body.childNodes);
}

/** Why this file would be refused, before a single byte is sent; the server decides again. */
function complaint(form) {
  const input = form.querySelector("input[type=file]");
  if (!input) return "";
  const file = input.files[0];
  if (!file) return say("noFile");
  if (file.size === 0) return say("empty");
  const formats = input.accept ? input.accept.split(",") : [];
  if (formats.length && !formats.some((end) => file.name.toLowerCase().endsWith(end))) {
    return say("wrongFormat", { formats: formats.map((end) => end.slice(1).toUpperCase()).join(", ") });
  }
  const max = Number(input.dataset.maxBytes);
  return file.size > max ? say("tooLarge", { size: sizeOf(file.size), max: sizeOf(max) }) : "";
}

// ---------------------------------------------------------------- the transfer

function send(form) {
  if (sending.has(form)) return;
  const wrong = complaint(form);
  if (wrong) {
    outcome(form, "error", wrong);
    return;
  }
  const newest = statusOf(form)?.dataset.newest ?? "";
  const request = new XMLHttpRequest();
  const began = performance.now();
  const progress = { loaded: 0, total: 0 };
  const cancel = part(form, "cancel");
  const stop = () => request.abort();
  // A network that falls silent breaks nothing for minutes. Say so, but leave the transfer alone: it
  // began when it began, and that may be before the deadline.
  let moved = began;
  const watch = setInterval(() => {
    const silent = Math.floor((performance.now() - moved) / 1000);
    if (silent < STALL_SECONDS || cancel.hidden) return;
    part(form, "left").textContent = say("stalled", { time: say("seconds", { n: silent }) });
  }, 1000);
  const finish = () => {
    clearInterval(watch);
    cancel.removeEventListener("click", stop);
    busy(form, false);
  };

  request.upload.addEventListener("progress", (event) => {
    Object.assign(progress, { loaded: event.loaded, total: event.total });
    moved = performance.now();
    draw(form, progress, began);
  });
  request.upload.addEventListener("load", () => {
    progress.loaded = progress.total;
    part(form, "sent").textContent = say("storing");
    part(form, "left").textContent = "";
    cancel.hidden = true; // it may be received already: stopping would be a lie
  });
  request.addEventListener("load", () => {
    finish();
    answered(form, request);
  });
  request.addEventListener("abort", () => {
    finish();
    outcome(form, "warning", say("stopped"), { retry: true });
  });
  request.addEventListener("error", () => {
    finish();
    // The browser counts a little behind what it sends: near the end only the server can tell.
    if (progress.total && progress.loaded < 0.98 * progress.total) cut(form, progress);
    else if (!navigator.onLine && !progress.total) cut(form, { loaded: 0, total: 1 });
    else askWhether(form, newest);
  });

  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  busy(form, true);
  show(form);
  cancel.addEventListener("click", stop);
  request.send(new FormData(form));
}

function busy(form, yes) {
  if (yes) sending.add(form);
  else sending.delete(form);
  form.classList.toggle("is-sending", yes);
  form.closest("article").classList.toggle("is-sending", yes);
  form.setAttribute("aria-busy", String(yes));
  part(form, "cancel").hidden = !yes;
  part(form, "sending").hidden = !yes || !fileOf(form);
  part(form, "sent").textContent = "";
  part(form, "left").textContent = "";
  part(form, "sending").querySelector("progress").value = 0;
  gate(form);
}

function draw(form, { loaded, total }, began) {
  const bar = part(form, "sending").querySelector("progress");
  bar.max = total;
  bar.value = loaded;
  part(form, "sent").textContent = say("sent", { sent: sizeOf(loaded), size: sizeOf(total) });
  const seconds = (performance.now() - began) / 1000;
  const left = Math.ceil(((total - loaded) * seconds) / Math.max(loaded, 1));
  const time = left < 90 ? say("seconds", { n: left }) : say("minutes", { n: Math.ceil(left / 60) });
  part(form, "left").textContent = seconds > 1 && loaded < total ? say("left", { time }) : "";
}

// ---------------------------------------------------------------- what became of it

function answered(form, request) {
  // Only 201 is a yes. A redirect to the sign-in page also ends in a 200.
  if (request.status === 201) {
    showHtml(form, request.responseText);
    received(form);
  } else if (request.status === 422) {
    showHtml(form, request.responseText);
  } else if (request.responseURL && new URL(request.responseURL).pathname !== new URL(form.action).pathname) {
    outcome(form, "error", say("signedOut"), { retry: true });
  } else if (request.status >= 500) {
    outcome(form, "error", say("failed"), { retry: true });
  } else {
    outcome(form, "error", say("refused"));
  }
  refresh();
}

function received(form) {
  delete form.dataset.touched;
  const input = form.querySelector("input[type=file]");
  if (input) {
    input.value = "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  delete form.dataset.touched;
}

function cut(form, { loaded, total }) {
  const percent = Math.floor((100 * loaded) / total);
  const sentence = fileOf(form) ? say("cut", { percent }) : say("cutWords");
  outcome(form, "error", sentence, { retry: true });
}

/** Everything was sent and no answer came: the server alone knows. Ask it, and say nothing before. */
async function askWhether(form, newest) {
  outcome(form, "warning", say("checking"), { retry: true });
  const question = part(form, "outcome").firstChild;
  for (const seconds of ASK_AGAIN) {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const found = await newestOf(form);
    if (!question.isConnected) return; // sent again, or changed, meanwhile
    if (found === undefined) continue;
    if (found && String(found.id) !== newest && found.size === sizeSent(form)) {
      const time = secondsOf(Date.parse(found.received_at));
      outcome(form, "success", say("found", { time, version: found.version }));
      received(form);
    } else {
      outcome(form, "error", say("notFound"), { retry: true });
    }
    refresh();
    return;
  }
  if (question.isConnected) outcome(form, "warning", say("unknown"), { retry: true });
}

async function newestOf(form) {
  try {
    const answer = await fetch("/api/v1/deliverables/", { headers: { Accept: "application/json" } });
    if (!answer.ok) return undefined;
    const mine = (await answer.json()).find(({ id }) => String(id) === form.dataset.deposit);
    return mine?.submissions[0] ?? null;
  } catch {
    return undefined;
  }
}

function sizeSent(form) {
  const file = fileOf(form);
  if (file) return file.size;
  const value = (form.elements.url ?? form.elements.text).value;
  const whole = form.elements.url && !/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? `https://${value}` : value;
  return new TextEncoder().encode(form.elements.url ? whole.trim() : whole).length;
}

// ---------------------------------------------------------------- the page around it

const refresh = () => list.dispatchEvent(new Event("deposits:refresh"));

/** The button follows what the server says of the deliverable; a transfer under way is left alone. */
function gate(form) {
  const shut = statusOf(form)?.dataset.accepts === "no";
  part(form, "send").disabled = shut || sending.has(form);
}

const forms = [...document.querySelectorAll("form[data-deposit]")];
for (const form of forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  form.addEventListener("input", () => { form.dataset.touched = ""; });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    form.dataset.touched = "";
    const wrong = fileOf(form) ? complaint(form) : "";
    if (wrong) outcome(form, "error", wrong);
    else if (fileOf(form)) show(form);
  });
  gate(form);
}

// Details that were open stay open when the part around them is fetched again.
let opened = [];
list.addEventListener("htmx:oobBeforeSwap", (event) => {
  const inside = event.target.querySelectorAll?.("details[open][id]") ?? [];
  opened.push(...[...inside].map(({ id }) => id));
});
document.body.addEventListener("htmx:afterSettle", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  opened = [];
  forms.forEach(gate);
});

window.addEventListener("beforeunload", (event) => sending.size && event.preventDefault());
