import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["node_modules/", ".venv/", ".tools/", "var/", "staticfiles/", "**/templates/"] }, // templates are no JavaScript
  js.configs.recommended,
  { files: ["hackathon/static/js/**", "hackathon/static/down/**", "hackathon/extras/*/static/js/**"], languageOptions: { globals: globals.browser } },
  // Its functions are those of the workers that load it.
  { files: ["hackathon/static/offline/**"], languageOptions: { sourceType: "script", globals: globals.serviceworker },
    rules: { "no-unused-vars": ["error", { vars: "local" }] } },
  { files: ["eslint.config.js", "bench/**", "tests/**"], languageOptions: { globals: globals.nodeBuiltin } },
  { files: ["tests/js/**", "tests/extras/**"], languageOptions: { globals: globals.browser } },
  { files: ["tests/browser/*.js"], languageOptions: { globals: { ...globals.browser, axe: "readonly" } } },
];
