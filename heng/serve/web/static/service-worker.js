// 只存程序文件，从不存数据 · Keeps files of the program, never data: what /static/ gives under a name that changes with the file.
"use strict";
const KEPT = "heng-files";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname, searchParams } = new URL(url);
  if (method === "GET" && origin === self.location.origin && pathname.startsWith("/static/") && searchParams.has("v")) event.respondWith(kept(event.request, pathname));
});

const kept = async (request, pathname) => {
  const files = await caches.open(KEPT);
  const found = await files.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) {
    // A newer file takes the place of the older one.
    for (const old of await files.keys()) if (new URL(old.url).pathname === pathname) await files.delete(old);
    await files.put(request, answer.clone());
  }
  return answer;
};
