// Is the chosen file the one that was received? Its digest is computed here; nothing leaves.

const compare = document.querySelector("[data-compare]");
const input = compare.querySelector("input[type=file]");
const outcome = compare.querySelector("[data-outcome]");
const [good, bad] = compare.querySelector("[data-icons]").content.children;
let asked = 0;

input.addEventListener("change", async () => {
  const file = input.files[0];
  const turn = ++asked;
  outcome.replaceChildren();
  if (!file) return;
  say("reading");
  const answer = await judge(file);
  if (turn === asked) say(...answer); // another file may have been chosen meanwhile
});
compare.hidden = false;

async function judge(file) {
  const received = Number(compare.dataset.size);
  if (file.size !== received) return ["otherSize", bad, { size: figure(file.size), received: figure(received) }];
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex === compare.dataset.sha256 ? ["same", good] : ["other", bad];
  } catch {
    // Plain http has no `crypto.subtle`; a file may also be too large for the memory, or be gone.
    return ["impossible", bad];
  }
}

/** In bytes, all of them: two sizes that differ must not read alike. */
function figure(bytes) {
  return bytes.toLocaleString(document.documentElement.lang);
}

function say(word, icon, values = {}) {
  const line = document.createElement("p");
  const kind = { same: "is-success", other: "is-error", otherSize: "is-error", impossible: "is-warning" }[word];
  line.className = `alert ${kind ?? ""}`;
  if (icon) line.append(icon.cloneNode(true));
  const text = document.createElement("span");
  text.textContent = compare.dataset[word].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  line.append(text);
  outcome.replaceChildren(line);
}
