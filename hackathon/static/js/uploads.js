// What the team is sending, on all its pages (templates/submissions/transfers/_uploads.html). The server sends the same to all
// members: here each line learns whether this person is sending it, and whether in another tab.

/** @type {Set<string>} team and deliverable */
let ofOtherTabs = new Set();

/** @returns {HTMLElement[]} */
const lines = () => [...document.querySelectorAll("#team-uploads [data-by]")];

/** @param {HTMLElement} line */
const isOwn = (line) => line.dataset.by === document.body.dataset.user;

/** The line of an upload of this deliverable by somebody else. @param {string} deliverable */
export const ofTeammate = (deliverable) => lines().find((line) => line.dataset.deliverable === deliverable && !isOwn(line));

function show() {
  for (const line of lines().filter(isOwn)) {
    const { team, deliverable } = line.dataset;
    line.dataset.own = ofOtherTabs.has(`${team}/${deliverable}`) ? "another-tab" : "this-page";
  }
}

/** A transfer has a lock as long as its tab is open (submissions-turns.js). */
async function askTabs() {
  show();
  if (!lines().some(isOwn) || !navigator.locks) return;
  const { held = [] } = await navigator.locks.query();
  ofOtherTabs = new Set(held.map(({ name = "" }) => name));
  show();
}

export function start() {
  for (const type of ["live:refetched", "htmx:afterSettle"]) document.body.addEventListener(type, askTabs);
  askTabs();
}
