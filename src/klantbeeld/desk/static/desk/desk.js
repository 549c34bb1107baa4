// The why-page: a link to a pair opens it. The timeline: a chip pressed twice shows everything again. Forms in place:
// Escape or "cancel" puts them away and gives the focus back to what opened them.
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
  let opener = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches?.("a[hx-get]")) opener = event.target;
  });
  const putAway = (form) => {
    form.remove();
    if (opener?.isConnected) opener.focus();
  };
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-drops]")?.closest("[data-act]");
    if (form && !document.querySelector(".page > .page-head ~ .panel [data-act]")) {
      event.preventDefault();
      putAway(form);
    }
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const form = event.key === "Escape" && event.target.closest?.("[data-act]");
      if (!form) return;
      event.preventDefault();
      event.stopPropagation();
      const cancel = form.querySelector("[data-drops]");
      if (cancel) cancel.click();
    },
    true,
  );
  document.addEventListener("htmx:configRequest", (event) => {
    const chip = event.target.closest("[data-one-of=types]");
    if (chip && chip.dataset.on) event.detail.path = event.detail.path.split("?")[0];
    document.querySelectorAll("[data-one-of=types]").forEach((one) => {
      if (chip) one.dataset.on = one === chip && !one.dataset.on ? "1" : "";
    });
  });
})();
