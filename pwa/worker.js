// Between the pages and the server: forms that can wait do, and where nobody answers there is a page that helps.
// No page with anything of a person in it is ever kept here. server/web/pwa.py puts outbox.js and notices.js before this
// and fills in what stands in [[ ]].

self.noticeIcon = "[[icon-192.png]]";
const BUILD = "[[build]]";
const PAGES = ["/utan-nat", "/hjalp"];
const FILES = "[[files]]".split(" ");
const WAITS = /^(?:[[waits]])$/;
const PATIENCE = 20_000;
const FRESH = 300_000;
const drafts = new Map(); // the post that waits, by its address: only the latest draft is worth sending

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(fill());
});
async function fill() {
  const asked = [...PAGES, ...FILES].map((path) => new Request(path, { credentials: "omit" }));
  await (await caches.open(BUILD)).addAll(asked);
}

addEventListener("activate", (event) => event.waitUntil(begin()));
async function begin() {
  await registration.navigationPreload?.enable();
  for (const name of await caches.keys()) if (name !== BUILD) await caches.delete(name);
  await clients.claim();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  // A form on somebody else's page is none of ours: it goes to the server as it is, which refuses it.
  const ours = request.method === "POST" && request.referrer.startsWith(`${origin}/`);
  const goes = request.mode === "navigate";
  if (ours && WAITS.test(pathname)) event.respondWith(post(request, pathname));
  else if (ours && goes) event.respondWith(fetch(request).catch(() => stay({ failed: true })));
  else if (request.method !== "GET") return;
  else if (goes) event.respondWith(page(event, pathname));
  else if (FILES.includes(pathname)) event.respondWith(caches.match(pathname).then((file) => file ?? fetch(request)));
});

async function page(event, pathname) {
  const late = new Promise((_yes, no) => setTimeout(no, PATIENCE));
  try {
    // Firefox hands over an answer of type “error” when the one that it asked for ahead did not come.
    const ahead = event.preloadResponse.then((first) => (first && first.type !== "error" ? first : fetch(event.request)));
    const answer = await Promise.race([ahead, late]);
    if (answer.status !== 502 && answer.status !== 504) return answer; // what a proxy says when it finds nobody
  } catch {}
  return (await caches.match(PAGES.includes(pathname) ? pathname : PAGES[0])) ?? Response.error();
}

// The name goes along from the first try on: whatever becomes of the answer, it is one act.
async function post(request, to) {
  const quiet = request.headers.has("X-Unattended");
  const fields = [...(await request.clone().formData())];
  const [name, at] = [outbox.name(), Date.now()];
  const before = await outbox.waiting().catch(() => []);
  try {
    if (before.length) await outbox.send(); // in order
    const answer = await fetch(request.url, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "Idempotency-Key": name, ...(quiet && { "X-Unattended": "1" }) },
      redirect: request.redirect,
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (answer.status < 502) return answer;
  } catch {} // nobody there, or nobody heard from
  try {
    const draft = drafts.get(to) ?? drafts.get(to.replace(/(\/skriv)?$/, "/utkast")); // which this says, too
    const n = await outbox.put(name, { to, fields, at }, draft);
    if (quiet) drafts.set(to, n);
  } catch {
    return stay({ full: true }, quiet ? 507 : 204);
  }
  registration.sync?.register("posts").catch(() => {});
  if (request.mode !== "navigate") return stay({ waits: true }, 202);
  return Response.redirect("/utan-nat?sparat", 303);
}

// 204: the page stays as it is, with what was written in it, and says what was not done.
function stay(why, status = 204) {
  tell(why);
  return new Response(null, { status });
}

async function deliver() {
  drafts.clear();
  const sent = await outbox.send();
  if (sent) tell({ sent });
}
addEventListener("sync", (event) => event.waitUntil(deliver()));

// A page says whose it is; what waits is tried again.
addEventListener("message", (event) => event.waitUntil(hear(event.data)));
async function hear({ box, forget, fetch: now }) {
  if (forget) return leave();
  if (box && box !== (await outbox.kept("box"))) {
    await outbox.forget(); // somebody else's from here on
    await outbox.keep("box", box);
  }
  if (box && !(await caches.keys()).length) await fill().then(() => clients.claim(), () => {}); // it was to go, and is wanted again
  await deliver().catch(() => {});
  if ((await outbox.waiting()).length) tell({ waits: true });
  if (box || now) await fetch_copy(now);
}

// What may be read without a connection, where its owner has said so on this phone: sealed as soon as it comes.
async function fetch_copy(now) {
  const [reading, plan] = [await outbox.kept("reading"), await outbox.kept("plan")];
  const at = Date.now();
  if (!reading && !plan) return;
  if (!now && at - Math.max(reading?.at ?? 0, plan?.at ?? 0) < FRESH) return;
  const answer = await fetch("/mitt/utan-nat/kopia", { headers: { "X-Unattended": "1" }, redirect: "error" });
  if (!answer.ok) return;
  const copy = await answer.json();
  if (reading) await outbox.change("reading", { at, blob: await outbox.seal(reading.own, outbox.context("copy"), copy.all) });
  if (!plan) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const blob = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, plan.key, outbox.pad(outbox.encode(copy.plan)));
  await outbox.change("plan", { at, iv, blob });
}

// Hidden or signed out: nothing of ours stays but what waits, sealed, for its owner.
async function leave() {
  const notices = await registration.pushManager?.getSubscription();
  await notices?.unsubscribe().catch(() => {});
  for (const name of await caches.keys()) await caches.delete(name);
  await outbox.forget();
  await registration.unregister();
}

async function tell(what) {
  for (const page of await clients.matchAll()) page.postMessage(what);
}
