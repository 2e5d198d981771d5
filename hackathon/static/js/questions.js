// Toasts for questions on pages that do not list them, and prepared answers.

import { around, one } from "./dom.js";
import { isNews, toast } from "./toast.js";
import { translate } from "./translations.js";

const BOTH = 3000; // ms; an answer that is published at once makes one toast for the team that asked

let answered = -BOTH;

/** @param {LiveMessage} message @param {string} word @param {string | undefined} url */
function showToast(message, word, url) {
  if (!url || document.querySelector("#questions, #queue") || !isNews(message.at, `message-${message.id}`)) return;
  if ("quiet" in (document.querySelector("[data-toasts]")?.dataset ?? {})) return;
  const link = document.createElement("a");
  link.href = url;
  link.textContent = translate(word);
  toast({ html: link.outerHTML, about: word });
}

export function start() {
  const { asksUrl, answersUrl } = document.querySelector("[data-counts-url]")?.dataset ?? {};
  document.body.addEventListener("live:question.asked", ({ detail }) => showToast(detail, "question_asked", answersUrl));
  document.body.addEventListener("live:question.answered", ({ detail }) => {
    answered = performance.now();
    showToast(detail, "question_answered", asksUrl);
  });
  document.body.addEventListener("live:question.published", ({ detail }) => {
    if (performance.now() - answered > BOTH) showToast(detail, "question_published", asksUrl);
  });
  document.addEventListener("click", (event) => {
    const ready = around(event, "[data-fill]");
    if (!ready) return;
    const text = one(ready.dataset.fill ?? "", document, HTMLTextAreaElement);
    text.value = text.value.trim() ? `${text.value.trim()}\n${ready.textContent}` : ready.textContent;
    text.focus();
  });
}
