// /api/: sends what a form of the page describes, and shows the answer. It imports nothing: what it
// shares with other pages would be two more files for each of them.

const SHOWN = 20_000; // characters of an answer

/** @param {HTMLFormElement} form */
async function send(form) {
  const { method = "GET", path = "" } = form.dataset;
  let address = path;
  const query = new URLSearchParams();
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[data-in]"))) {
    if (field.dataset.in === "path") address = address.replace(`{${field.name}}`, encodeURIComponent(field.value));
    else if (field.value) query.set(field.name, field.value);
  }
  const token = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=csrfmiddlewaretoken]"));
  const body = /** @type {HTMLTextAreaElement | null} */ (form.querySelector("[data-body]"))?.value;
  const response = await fetch(query.size ? `${address}?${query}` : address, {
    method,
    body,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token?.value ?? "" },
  });
  const text = (await response.text()).slice(0, SHOWN);
  return `${response.status} ${response.statusText}\n\n${pretty(text)}`;
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

document.querySelector("[data-api]")?.addEventListener("submit", async (event) => {
  if (!(event.target instanceof HTMLFormElement)) return;
  event.preventDefault();
  const answer = event.target.querySelector("[data-answer]");
  if (!(answer instanceof HTMLElement)) return;
  answer.textContent = await send(event.target).catch(String);
  answer.hidden = false;
});
