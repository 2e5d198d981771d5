// The last window of the team lights up: a sentence on each of its pages that is open, with an animation once per person.

import { isNews, toast } from "./toast.js";
import { translate } from "./translations.js";

const MOST = 8; // windows of the drawing

/** Whether another tab of this person has shown it; from now on one has. @param {string} key */
function wasShown(key) {
  try {
    const before = localStorage.getItem(key);
    localStorage.setItem(key, "shown");
    return before !== null;
  } catch {
    return false; // without storage each tab shows it
  }
}

/** A floor of the school, whose windows light up one after the other (overlay.css). @param {number} windows */
function floor(windows) {
  const drawing = document.createElement("span");
  drawing.className = "toast-floor";
  drawing.setAttribute("aria-hidden", "true");
  for (let n = 0; n < Math.min(windows, MOST); n += 1) {
    drawing.append(Object.assign(document.createElement("span"), { className: "window is-complete" }));
  }
  return drawing;
}

/** @param {LiveMessage} message */
function celebrate({ at, data }) {
  const key = `lights-${document.body.dataset.user}-${data.team}`;
  const isOld = Date.parse(at) < Number(document.body.dataset.now); // the page shows the windows lit already
  if (!isNews(at, key)) return;
  const again = wasShown(key);
  if (isOld && again) return;
  const text = document.createElement("p");
  text.textContent = translate("lit_thanks");
  const drawing = floor(data.windows);
  drawing.classList.toggle("is-still", again);
  toast({ head: translate("lit"), html: drawing.outerHTML + text.outerHTML, kind: "lit" });
}

export function start() {
  document.body.addEventListener("live:lights.completed", ({ detail }) => celebrate(detail));
}
