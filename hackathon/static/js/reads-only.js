// The page of a colleague who changes nothing: CSS hides the buttons, here no field takes anything.

const CONTROLS = ":is(input, select, textarea, button)";

function disable() {
  for (const form of document.querySelectorAll("main form[method=post]")) {
    for (const control of form.querySelectorAll(CONTROLS)) {
      control.toggleAttribute("disabled", true);
    }
  }
}

disable();
// Live parts and dialogs come later.
new MutationObserver(disable).observe(document.body, { childList: true, subtree: true });
