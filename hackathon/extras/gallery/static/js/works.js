// A member has withdrawn the consent: the work leaves the open page at once, without waiting for a fetch. The page of the team
// says so in its place. A page of the gallery that is not there any more (the link of a guest was withdrawn) is left.

/** @param {LiveMessage} message */
function onChange({ data }) {
  for (const work of document.querySelectorAll(`[data-work="${Number(data.team)}"]`)) {
    const gallery = /** @type {HTMLElement | null} */ (work.closest("[data-gallery]"));
    if (data.circle >= Number(gallery?.dataset.gallery)) continue;
    const gone = /** @type {HTMLElement | null} */ (document.querySelector("[data-work-gone]"));
    if (gone) gone.hidden = false;
    work.remove();
  }
}

// Only the pages of guests: others do not depend on a link.
async function leaveIfGone() {
  if (!location.pathname.startsWith("/galerie/invitation/")) return;
  const answer = await fetch(location.href, { method: "HEAD" });
  if (answer.status === 404) location.reload();
}

export function start() {
  document.body.addEventListener("live:work.changed", ({ detail }) => onChange(detail));
  document.body.addEventListener("live:gallery.changed", () => void leaveIfGone());
}
