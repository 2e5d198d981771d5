// The figures beside the navigation's words. An announcement is counted as it comes; of everything else the
// server is asked, not by four hundred pages in the same instant.

const SPREAD = 3000;
const NEWS = [
  "live:announcement.corrected",
  "live:announcement.withdrawn",
  "live:question.asked",
  "live:question.taken",
  "live:question.answered",
  "live:question.closed",
  "live:question.published",
  "live:caught-up",
  "announcement:read",
];
const counted = new Set();

const figures = () => [...document.querySelectorAll("[data-count]")];

function show(figure, count) {
  figure.querySelector("b").textContent = count;
  figure.hidden = !count;
}

let asking = 0;
function askSoon(wait) {
  clearTimeout(asking);
  asking = setTimeout(ask, wait);
}

async function ask() {
  const url = document.querySelector("[data-counts-url]")?.dataset.countsUrl;
  if (!url) return;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const counts = await answer.json();
    for (const figure of figures()) show(figure, counts[figure.dataset.count] ?? 0);
  } catch {
    // Offline: what comes back asks again.
  }
}

function announced({ detail: { data } }) {
  if (counted.has(data.id)) return;
  counted.add(data.id);
  for (const figure of figures()) {
    if (figure.dataset.count !== "announcements") continue;
    show(figure, Number(figure.querySelector("b").textContent) + 1);
  }
}

export function start() {
  if (!document.querySelector("[data-counts-url]")) return;
  document.body.addEventListener("live:announcement.published", announced);
  for (const type of NEWS) {
    document.body.addEventListener(type, () => askSoon(type.startsWith("live:") ? 200 + Math.random() * SPREAD : 0));
  }
}
