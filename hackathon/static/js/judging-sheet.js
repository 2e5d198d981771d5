// A sheet saves itself: each change is sent at once, field by field, again and again until the server has
// it. The same form works without this script; this script sends parts of it.

const RETRY = [2, 4, 8, 15]; // seconds
const form = document.querySelector("[data-sheet]:not([data-closed])");
const net = document.querySelector("[data-sheet-net]");
const fields = new Map();

const numberOf = (text) => Number(text.replace(",", "."));
const decimal = document.documentElement.lang === "fr" ? "," : ".";
const textOf = (number) => String(number).replace(".", decimal);

// Signing in again in another tab gives a new token; the one in this page is then refused.
function refreshToken() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (found) form.elements.csrfmiddlewaretoken.value = found[1];
}

class Field {
  constructor(element) {
    this.element = element;
    this.name = element.dataset.field;
    this.input = element.querySelector("input:not([data-seen]), textarea");
    this.seen = element.querySelector("[data-seen]");
    this.note = element.querySelector("[data-note]");
    this.top = Number(element.dataset.top);
    this.busy = false;
    this.failures = 0;
    this.timer = 0;
    this.wanted = this.seen.value;
    this.input.addEventListener("change", () => this.set(this.input.value));
    this.input.addEventListener("input", () => this.draw());
    if (this.input.localName === "textarea") {
      // Nobody leaves a comment field to save it: a pause in typing does.
      this.input.addEventListener("input", () => {
        clearTimeout(this.pause);
        this.pause = setTimeout(() => this.set(this.input.value), 900);
      });
    } else {
      this.input.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          this.set(this.input.value);
        }
      });
    }
    for (const step of element.querySelectorAll("[data-by]")) {
      step.hidden = false;
      step.addEventListener("click", () => this.step(Number(step.dataset.by)));
    }
    for (const anchor of element.querySelectorAll("[data-to]")) {
      anchor.addEventListener("click", (event) => {
        event.preventDefault();
        this.set(anchor.dataset.to);
      });
    }
  }

  get pending() {
    return this.wanted !== this.seen.value;
  }

  step(by) {
    const from = this.input.value.trim() === "" ? this.top / 2 - by : numberOf(this.input.value);
    if (Number.isNaN(from)) return;
    this.set(textOf(Math.min(this.top, Math.max(0, from + by))));
  }

  set(value) {
    this.input.value = value;
    this.wanted = value;
    this.draw();
    this.save();
  }

  draw() {
    for (const anchor of this.element.querySelectorAll("[data-to]:not(.scale-clear)")) {
      const chosen = this.input.value !== "" && numberOf(anchor.dataset.to) === numberOf(this.input.value);
      anchor.setAttribute("aria-pressed", String(chosen));
    }
  }

  say(text, state = "") {
    this.note.textContent = text;
    this.element.classList.toggle("is-late", state === "late");
    this.element.classList.toggle("is-refused", state === "refused");
    count();
  }

  body() {
    const body = new FormData();
    refreshToken();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set(this.name, this.wanted);
    return body;
  }

  // One request at a time for a field: the last value wins, in the order of the finger.
  async save() {
    clearTimeout(this.timer);
    if (this.busy) return;
    while (this.pending) {
      this.busy = true;
      const sent = this.wanted;
      this.say(form.dataset.saySaving);
      const outcome = await this.send().catch(() => "offline");
      this.busy = false;
      if (outcome === "offline" || outcome === "expired") {
        const wait = RETRY[Math.min(this.failures, RETRY.length - 1)];
        this.failures += 1;
        this.say(outcome === "offline" ? form.dataset.sayOffline : form.dataset.sayExpired, "late");
        this.timer = setTimeout(() => this.save(), wait * 1000);
        return;
      }
      this.failures = 0;
      if (outcome.refused) {
        if (this.wanted === sent) {
          // What the server keeps is what the page shows; the words typed for a comment are not thrown away.
          if (this.input.localName === "input") this.input.value = this.seen.value;
          this.wanted = this.seen.value;
          this.draw();
          this.say(outcome.refused, "refused");
        }
        continue;
      }
      this.seen.value = sent;
      this.say(outcome.saved);
    }
    count();
  }

  async send() {
    const answer = await fetch(form.action, {
      method: "POST",
      body: this.body(),
      headers: { "HX-Request": "true" },
      redirect: "manual",
      keepalive: true, // a mark given while the page is being left arrives all the same
      signal: AbortSignal.timeout(15_000),
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) return "expired";
    if (!answer.ok && answer.status !== 422) return "offline";
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const summary = fresh.getElementById("summary");
    if (!summary) return "expired";
    document.getElementById("summary").replaceWith(summary);
    prepare(summary);
    const refused = summary.querySelector("[data-refusal]")?.textContent ?? "";
    return { refused, saved: summary.querySelector("[data-saved]")?.textContent ?? "" };
  }
}

function prepare(root) {
  for (const button of root.querySelectorAll("[data-no-script]")) button.hidden = true;
}

function count() {
  const pending = [...fields.values()].filter((field) => field.pending && field.failures > 0).length;
  net.classList.toggle("is-pending", pending > 0);
  const words = pending === 1 ? net.dataset.pendingOne : net.dataset.pending.replace("{n}", pending);
  net.textContent = pending ? words : net.dataset.clear;
}

if (form) {
  for (const element of form.querySelectorAll("[data-field]")) {
    const field = new Field(element);
    fields.set(field.name, field);
  }
  prepare(form);
  window.addEventListener("online", () => fields.forEach((field) => field.save()));
  window.addEventListener("pagehide", () => {
    for (const field of fields.values()) {
      field.wanted = field.input.value;
      if (field.pending && !field.busy) field.send().catch(() => {});
    }
  });
  window.addEventListener("beforeunload", (event) => {
    // Only while something cannot be sent: then leaving would lose it.
    if (!submitting && [...fields.values()].some((field) => field.pending && field.failures > 0)) event.preventDefault();
  });
}

let submitting = false;
form?.addEventListener("submit", () => {
  submitting = true;
  refreshToken();
});
