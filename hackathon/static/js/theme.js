// Sets the chosen theme before the first paint; a blocking script, so keep it small.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Some private windows refuse storage: the system's theme applies.
}
