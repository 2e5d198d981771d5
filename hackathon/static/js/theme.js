// Before the first paint, and therefore blocking and tiny: the theme that somebody chose.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is refused in some private windows: the system's theme it is.
}
