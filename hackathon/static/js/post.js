import { csrfToken } from "./csrf.js";

/**
 * POST a form in the background; resolves to whether the server accepted it.
 * @param {string} url
 * @param {BodyInit} body
 */
export async function post(url, body) {
  try {
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    const answer = await fetch(url, { method: "POST", body, headers });
    return answer.ok;
  } catch {
    return false;
  }
}
