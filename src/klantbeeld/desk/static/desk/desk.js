// The why-page: a link to a pair opens it. The timeline: a chip pressed twice shows everything again.
"use strict";
(() => {
  const show = () => {
    const pair = location.hash.startsWith("#pair-") && document.getElementById(location.hash.slice(1));
    if (pair) {
      pair.open = true;
      pair.scrollIntoView({ block: "center" });
    }
  };
  window.addEventListener("hashchange", show);
  show();
  document.addEventListener("htmx:configRequest", (event) => {
    const chip = event.target.closest("[data-one-of=types]");
    if (chip && chip.dataset.on) event.detail.path = event.detail.path.split("?")[0];
    document.querySelectorAll("[data-one-of=types]").forEach((one) => {
      if (chip) one.dataset.on = one === chip && !one.dataset.on ? "1" : "";
    });
  });
})();
