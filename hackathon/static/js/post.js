// Small things said to the server in passing, as the page's own forms would.

/** POST a form; whether it was taken. */
export async function post(url, body) {
  try {
    const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json", ...token } });
    return answer.ok;
  } catch {
    return false; // offline: nothing that cannot wait
  }
}
