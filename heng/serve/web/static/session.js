// 会话将要结束时先说 · Says that the session is about to end, before it does; another tab that is in use keeps it alive.
"use strict";
(() => {
  const idle = Number(document.currentScript.dataset.idle) * 1000;
  const WARN = 120000;
  const KEY = "heng-seen";
  let mine = Date.now();
  const seen = () => {
    mine = Date.now();
    try { localStorage.setItem(KEY, String(mine)); } catch { /* private windows keep nothing */ }
  };
  const last = () => {
    try { return Math.max(mine, Number(localStorage.getItem(KEY)) || 0); } catch { return mine; }
  };
  const box = () => document.getElementById("heng-idle");
  const over = (yes) => {
    box().querySelectorAll("[data-over], [data-again]").forEach((part) => { part.hidden = !yes; });
    box().querySelectorAll("[data-soon], [data-stay]").forEach((part) => { part.hidden = yes; });
  };
  const look = () => {
    const left = last() + idle - Date.now();
    if (left > WARN) {
      if (box().open) box().close();
      return;
    }
    over(left <= 0);
    if (!box().open) box().showModal();
  };
  const stay = async () => {
    const answer = await fetch("/account/alive", { redirect: "manual" });
    if (answer.status === 204) seen();
    else {
      mine = 0;
      try { localStorage.removeItem(KEY); } catch { /* as above */ }
    }
    look();
  };
  document.addEventListener("DOMContentLoaded", () => {
    seen();
    box().querySelector("[data-stay]").onclick = stay;
    setInterval(look, 10000);
  });
  document.addEventListener("htmx:afterRequest", seen);
})();
