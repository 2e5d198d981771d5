// The phrases that the organizers propose: one is copied into the sentence, to be adapted there.

import { one } from "./dom.js";

/** @param {HTMLElement} form */
export function setUpPhrases(form) {
  for (const group of form.querySelectorAll("[data-phrases]")) {
    group.hidden = false;
    const text = one("textarea", group.parentElement ?? form, HTMLTextAreaElement);
    for (const button of group.querySelectorAll("[data-phrase]")) {
      button.addEventListener("click", () => {
        const written = text.value.trim();
        const phrase = button.textContent.trim();
        if (text.disabled || written.includes(phrase)) return;
        text.value = written ? `${written} ${phrase}` : phrase;
        text.dispatchEvent(new Event("change"));
        text.focus();
        text.setSelectionRange(text.value.length, text.value.length);
      });
    }
  }
}
