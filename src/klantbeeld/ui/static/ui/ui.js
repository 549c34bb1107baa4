// Keyboard, theme, command menu and small manners shared by all screens. Nothing here is needed to read or write:
// it only quickens.
"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  // Dialogs give the focus back to where it was: the browser does so for <dialog>.
  const open = (id) => {
    const dialog = byId(id);
    if (!dialog || dialog.open) return;
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    dialog.showModal();
    if (id === "menu") openMenu(dialog);
  };
  const find = () => {
    const box = document.querySelector("[data-find]");
    box?.focus();
    box?.select();
  };

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-theme-toggle]")) {
      const dark = getComputedStyle(root).colorScheme === "dark";
      root.dataset.theme = dark ? "light" : "dark";
      localStorage.setItem("theme", root.dataset.theme);
    }
    const opener = on("[data-opens]");
    if (opener) open(opener.dataset.opens);
    if (on("[data-closes]")) on("dialog")?.close();
    if (on("[data-closes-toast]")) byId("toast").hidden = true;
    if (on("[data-to-find]")) {
      byId("menu").close();
      find();
    }
    const again = on("[data-again]");
    if (again) htmx.trigger(again.closest("[hx-get]"), "again");
    const chip = on("[data-one-of]");
    if (chip) {
      const was = chip.getAttribute("aria-current");
      document.querySelectorAll(`[data-one-of="${chip.dataset.oneOf}"]`).forEach((one) => one.removeAttribute("aria-current"));
      if (!was) chip.setAttribute("aria-current", "true");
    }
    if (event.target.matches("dialog")) event.target.close(); // the backdrop
  });

  // --- Lists: j and k (from the find box the arrows) move the focus from row to row; Enter is the link's own.
  const links = () => [...document.querySelectorAll("[data-rows] [data-row] a:first-of-type")];
  const step = (by) => {
    const all = links();
    if (!all.length) return false;
    const now = all.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
    const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by;
    if (next < 0) return false;
    all[Math.min(next, all.length - 1)].focus();
    all[Math.min(next, all.length - 1)].scrollIntoView({ block: "nearest" });
    return true;
  };

  // --- The command menu: a combobox over a list that is there already.
  const options = () => [...byId("menu").querySelectorAll("[role=option]")].filter((one) => one.offsetParent !== null);
  const mark = (option) => {
    byId("menu").querySelectorAll("[role=option]").forEach((one) => one.setAttribute("aria-selected", "false"));
    const input = byId("menu").querySelector("[data-menu-filter]");
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    } else input.removeAttribute("aria-activedescendant");
  };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const narrow = () => {
    const menu = byId("menu");
    const words = plain(menu.querySelector("[data-menu-filter]").value).split(/\s+/).filter(Boolean);
    menu.querySelectorAll("[role=option]").forEach((option) => {
      const text = plain(option.textContent);
      option.closest("li").hidden = !words.every((word) => text.includes(word));
    });
    menu.querySelectorAll(".part").forEach((part) => (part.hidden = words.length > 0));
    menu.querySelector("[data-menu-empty]").hidden = options().length > 0;
    mark(options()[0]);
  };
  const openMenu = (menu) => {
    const input = menu.querySelector("[data-menu-filter]");
    input.value = "";
    narrow();
    input.focus();
    const recent = menu.querySelector("[hx-trigger=opened]");
    if (recent && window.htmx) htmx.trigger(recent, "opened");
  };
  document.addEventListener("input", (event) => event.target.matches("[data-menu-filter]") && narrow());
  const inMenu = (event) => {
    const all = options();
    const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(all[(now + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      all[now]?.click();
    }
  };

  let pressedG = false;
  const keys = {
    "/": find,
    "?": () => open("keys"),
    g: () => {
      pressedG = true;
      setTimeout(() => (pressedG = false), 1500);
    },
    j: () => step(1),
    k: () => step(-1),
  };
  const back = () => {
    const link = document.querySelector("[data-back]");
    if (link) link.click();
    else if (document.querySelector("[data-leave]") && document.referrer.startsWith(location.origin)) history.back();
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("menu");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.("[data-menu-filter]")) return inMenu(event);
    if (event.key === "Escape") {
      if (document.querySelector("dialog[open]")) return;
      if (typing(event.target)) event.target.blur();
      else back();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const inRow = event.target.closest?.("[data-row]");
    if (arrow && (event.target.matches?.("[data-find]") || inRow)) {
      event.preventDefault();
      if (!step(arrow) && inRow) find();
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
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  // --- Parts that do not arrive: a refusal is shown where it was asked for, silence says so and can be tried again.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (new URL(xhr.responseURL || location.href, location.href).pathname.startsWith("/account/login")) {
      event.detail.shouldSwap = false;
      location.reload(); // the session ended: log in, and come back here
    } else if (xhr.status >= 400) {
      const part = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html") && !/<html/i.test(xhr.response);
      event.detail.shouldSwap = part;
      event.detail.isError = false;
      if (!part) failed(target);
    } else byId("toast")?.setAttribute("hidden", "");
  });
  const failed = (target) => {
    const late = target?.closest?.(".late");
    if (late) late.replaceChildren(byId("failed").content.cloneNode(true));
    else if (byId("toast")) byId("toast").hidden = false;
  };
  for (const name of ["htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, (event) => failed(event.detail.target));
  document.addEventListener("htmx:afterSwap", (event) => event.target.closest?.("#menu") && narrow());
})();
