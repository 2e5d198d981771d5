// The page of the vote: a scanned badge brings its code in the fragment, which reaches no log; the search for a team.

import "#site/main.js"; // one bundle with what every page runs

function scanned() {
  const code = location.hash.slice(1);
  const form = document.querySelector("form[data-hall-badge]");
  if (code) history.replaceState(null, "", location.pathname);
  if (!code || !(form instanceof HTMLFormElement)) return;
  /** @type {HTMLInputElement} */ (form.elements.namedItem("code")).value = code;
  form.submit();
}

scanned();
window.addEventListener("hashchange", scanned);

/** @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

document.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.matches("[data-search]")) return;
  const wanted = plain(target.value.trim());
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-searched-group]"))) {
    const teams = /** @type {HTMLElement[]} */ ([...group.querySelectorAll("[data-searched]")]);
    for (const team of teams) team.hidden = !plain(team.dataset.searched ?? "").includes(wanted);
    group.hidden = teams.every((team) => team.hidden);
  }
});
