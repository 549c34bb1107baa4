// Before the first paint: the theme that was chosen here earlier; without a choice the system decides.
"use strict";
(() => {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
