import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["hackathon/static/js/**/*.js"],
    languageOptions: { globals: globals.browser },
  },
];
