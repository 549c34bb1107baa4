// The chips above the timeline show one type of event at a time.
"use strict";
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-type][aria-pressed]");
  if (!chip) return;
  const on = chip.getAttribute("aria-pressed") !== "true";
  document.querySelectorAll("[data-type][aria-pressed]").forEach((other) => other.setAttribute("aria-pressed", "false"));
  chip.setAttribute("aria-pressed", String(on));
  document.querySelectorAll(".timeline > li").forEach((item) => {
    item.hidden = on && item.dataset.type !== chip.dataset.type;
  });
});
