// Keyboard, theme and small manners shared by all screens. Nothing here is needed to read or write: it only quickens.
"use strict";
(() => {
  const root = document.documentElement;
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-theme-toggle]");
    if (toggle) {
      const dark = getComputedStyle(root).colorScheme === "dark";
      root.dataset.theme = dark ? "light" : "dark";
      localStorage.setItem("theme", root.dataset.theme);
      return;
    }
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
  });

  // Rows of a list marked data-rows: j and k go down and up, Enter opens.
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
  const chosen = () => rows().findIndex((row) => row.getAttribute("aria-selected") === "true");
  const choose = (index) => {
    const all = rows();
    if (!all.length) return;
    all.forEach((row) => row.setAttribute("aria-selected", "false"));
    const row = all[Math.max(0, Math.min(all.length - 1, index))];
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
  };

  let pressedG = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      document.activeElement?.blur?.();
      return;
    }
    const inFind = event.target.matches?.("[data-find]");
    if (inFind && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      choose(chosen() + (event.key === "ArrowDown" ? 1 : -1));
      return;
    }
    if (inFind && event.key === "Enter" && chosen() >= 0) {
      event.preventDefault();
      rows()[chosen()].querySelector("a")?.click();
      return;
    }
    if (typing(event.target)) return;
    if (pressedG) {
      pressedG = false;
      const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (place) {
        event.preventDefault();
        place.click();
      }
      return;
    }
    switch (event.key) {
      case "/":
        event.preventDefault();
        document.querySelector("[data-find]")?.focus();
        document.querySelector("[data-find]")?.select();
        break;
      case "?":
        document.getElementById("keys")?.showModal();
        break;
      case "g":
        pressedG = true;
        setTimeout(() => (pressedG = false), 1500);
        break;
      case "j":
        choose(chosen() + 1);
        break;
      case "k":
        choose(chosen() - 1);
        break;
      case "Enter":
        if (chosen() >= 0 && !event.target.closest("a, button")) rows()[chosen()].querySelector("a")?.click();
        break;
    }
  });
})();
