import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["node_modules/", ".venv/", ".tools/", "var/", "staticfiles/", "templates/"] }, // templates are no JavaScript
  js.configs.recommended,
  { files: ["hackathon/static/js/**", "hackathon/static/down/**"], languageOptions: { globals: globals.browser } },
  { files: ["eslint.config.js", "bench/**", "tests/**"], languageOptions: { globals: globals.nodeBuiltin } },
  { files: ["tests/browser/*.js"], languageOptions: { globals: { ...globals.browser, axe: "readonly" } } },
];
