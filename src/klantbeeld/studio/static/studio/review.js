// Judging with the keyboard: the next review is fetched ahead and shown at once, while the decision is being saved.
// Without this script every button works; each answer is then a page.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const article = () => document.querySelector("[data-review]");
  const typing = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const last = byId("last");
  const room = byId("review");
  if (!room) return;

  // --- Fetched ahead: one page at a time, thrown away when it is not the one that is needed.
  let ahead = { url: "", text: null };
  const ask = async (url, options = {}) => {
    const answer = await fetch(url, { ...options, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (answer.redirected && new URL(answer.url).pathname.startsWith("/account/login")) location.reload();
    return { ok: answer.ok, text: await answer.text(), url: answer.url };
  };
  const fetchAhead = () => {
    const url = article()?.dataset.next;
    if (!url || ahead.url === url) return;
    ahead = { url, text: ask(url).catch(() => null) };
  };
  const show = (text, url) => {
    room.innerHTML = text;
    history.pushState({}, "", url);
    window.scrollTo(0, 0);
    room.querySelector("h1")?.focus({ preventScroll: true });
    fetchAhead();
  };
  const go = async (url) => {
    const wanted = ahead.url === url ? ahead : { url, text: ask(url).catch(() => null) };
    ahead = { url: "", text: null };
    const found = await wanted.text;
    if (found?.ok && found.text.includes("data-review")) show(found.text, url);
    else location.assign(url);
  };
  const leave = async (from) => {
    if (from.next) return go(from.next);
    room.replaceChildren(byId("review-done").content.cloneNode(true));
    history.pushState({}, "", from.queue);
  };

  // --- Sending: the line above says what came of it; what was refused leads back to the review.
  const tell = (text, from) => {
    last.innerHTML = text;
    const again = last.querySelector("[data-again-link]");
    if (again) again.href = from.review;
  };
  const send = async (form, button, from) => {
    const body = new FormData(form, button);
    try {
      const answer = await ask(form.action, { method: "POST", body });
      if (answer.ok) tell(answer.text, from);
      else {
        const notice = document.createElement("div");
        notice.className = "notice bad";
        notice.setAttribute("role", "alert");
        notice.innerHTML = answer.text;
        const link = document.createElement("a");
        link.href = from.review;
        link.textContent = byId("review-failed").content.querySelector("a").textContent;
        notice.append(link);
        last.replaceChildren(notice);
      }
      return answer.ok;
    } catch {
      last.replaceChildren(byId("review-failed").content.cloneNode(true));
      last.querySelector("[data-again-link]").href = from.review;
      return false;
    }
  };
  const whereFrom = () => ({ ...article().dataset });

  let saving = Promise.resolve();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (form.matches("[data-judge]") && !button?.matches("[data-stays]")) {
      event.preventDefault();
      const from = whereFrom();
      const chosen = button ?? form.querySelector("[data-key=m]");
      // One after the other, so that the line above tells of the last one.
      const body = form.cloneNode(true);
      body.querySelectorAll("select, input").forEach((field, place) => (field.value = form.querySelectorAll("select, input")[place].value));
      const twin = body.querySelector(`[value="${chosen.value}"][name=verdict]`);
      last.innerHTML = "";
      const waiting = document.createElement("p");
      waiting.className = "notice";
      waiting.textContent = `${room.querySelector("h1").textContent.trim()} ${from.was}`;
      last.append(waiting);
      saving = saving.then(() => send(body, twin, from));
      leave(from);
    } else if (form.matches("[data-undo]")) {
      event.preventDefault();
      const from = article() ? whereFrom() : { review: location.href };
      const again = !form.matches("[data-last-undo]");
      saving = saving.then(async () => {
        if (!(await send(form, button, from)) || !again) return;
        const now = await ask(from.review);
        if (now.ok) room.innerHTML = now.text;
        else location.assign(from.queue);
      });
    } else if (form.matches("[data-remark]")) {
      event.preventDefault();
      const from = whereFrom();
      ask(form.action, { method: "POST", body: new FormData(form, button) })
        .then((answer) => {
          if (answer.ok) {
            room.innerHTML = answer.text;
            fetchAhead();
          } else tell(answer.text, from);
        })
        .catch(() => last.replaceChildren(byId("review-failed").content.cloneNode(true)));
    }
  });

  // --- Keys: heard before those of the frame.
  const press = (key) => room.querySelector(`[data-judge] [data-key="${key}"]`)?.click();
  const keys = {
    m: () => press("m"),
    r: () => press("r"),
    s: () => press("s"),
    u: () => last.querySelector("[data-last-undo] button")?.click(),
    j: () => article()?.dataset.next && go(article().dataset.next),
    k: () => article()?.dataset.previous && go(article().dataset.previous),
    c: () => byId("comment")?.focus(),
    w: () => byId("reason")?.focus(),
    "?": () => byId("review-keys").showModal(),
  };
  let afterG = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (document.querySelector("dialog[open]") || typing(event.target)) return;
      if (event.key === "g") afterG = Date.now();
      if (Date.now() - afterG < 1500) return; // g and a letter go to a page
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    },
    true,
  );
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-next-link], [data-previous-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  });
  window.addEventListener("popstate", () => location.reload());
  window.addEventListener("beforeunload", (event) => last.querySelector(".notice:not(.good, .bad)") && event.preventDefault());
  fetchAhead();
})();
