// A part of the page that others write in: data-live says where it is fetched. The server only says that something is
// new, the page asks by itself. Where no stream comes through it asks now and then instead, ever more seldom.
// Hidden pages ask nothing. What has not changed stays as it is, with focus, place and what is half-written.
// Each child of that part has an id.

const SOON = 3000;
const LATE = 60_000;
const PATIENCE = 8000;
const SLEPT = 30_000;
const place = document.querySelector("[data-live]");
const address = place.dataset.live;
const closed = document.querySelector("[data-closed]");
const fields = (within) => [...within.querySelectorAll("textarea:not([readonly]), input[type=text]")];
const unsent = (within) => fields(within).some((field) => field.value !== field.defaultValue && field.value.trim());
const told = new Map([...place.children].map((node) => [node.id, node.cloneNode(true)])); // as the server said it
let stream;
let missed = false;
let tried = 0;
let failed = 0;
let asking = false;
let again = false;
let over = false;
let wait = SOON;
let timer;

async function ask() {
  if (over || document.hidden) return;
  again = asking;
  if (asking) return;
  asking = true;
  let changed = false;
  try {
    const answer = await fetch(address, {
      headers: { "X-Unattended": "1", "HX-Request": "true" },
      redirect: "manual",
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (answer.ok) changed = merge(await answer.text());
    if (answer.ok && missed) follow(); // somebody is there again
    missed = answer.status >= 500;
    if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) close();
  } catch {
    missed = true; // what stands here stays, and it is asked for again
  }
  asking = false;
  wait = changed ? SOON : Math.min(wait * 1.6, LATE);
  if (again) return ask();
  if (stream?.readyState !== 1) later();
}

// Child by child, by id: only what is new or changed is touched, so only that is read aloud.
function merge(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = [...(page.querySelector("[data-live]") ?? page.body).children];
  const root = document.scrollingElement;
  const low = root.scrollHeight - root.scrollTop - innerHeight < 80;
  const names = new Set(fresh.map(({ id }) => id));
  const here = new Map([...place.children].map((node) => [node.id, node]));
  let changed = false;
  for (const [known, node] of here)
    if (!names.has(known) && !in_use(node)) {
      node.remove();
      changed = true;
    }
  const next = (node) => (node && !names.has(node.id) ? next(node.nextElementSibling) : node);
  let spot = next(place.firstElementChild);
  for (const one of fresh) {
    let node = here.get(one.id);
    const stale = node && !told.get(one.id)?.isEqualNode(one) && !node.isEqualNode(one);
    if (stale && in_use(node)) changed = true;
    else told.set(one.id, one.cloneNode(true));
    if (stale && !in_use(node)) {
      if (node === spot) spot = one;
      node.replaceWith(one);
      node = one;
      changed = true;
    }
    if (node && node === spot) spot = next(spot.nextElementSibling);
    else {
      place.insertBefore(node ?? one, spot);
      changed = true;
    }
  }
  if (changed && low) root.scrollTop = root.scrollHeight;
  return changed;
}

const in_use = (node) => node.contains(document.activeElement) || unsent(node);

// Locked, signed out, or no longer for these eyes: nothing stays but what is half-written.
function close() {
  over = true;
  rest();
  if (!unsent(document)) return location.reload();
  place.replaceChildren(...(closed ? [closed.content.cloneNode(true)] : []));
}

function later() {
  clearTimeout(timer);
  if (over || document.hidden) return;
  timer = setTimeout(() => {
    if (Date.now() - tried > LATE && stream?.readyState !== 0) follow();
    ask();
  }, wait);
}

function follow() {
  tried = Date.now();
  failed = 0;
  stream?.close();
  stream = self.EventSource && new EventSource("/live");
  if (!stream) return later();
  stream.onopen = () => {
    clearTimeout(timer);
    failed = 0;
    ask();
  };
  stream.onmessage = ask;
  // The browser comes back by itself some times; then it is left in peace for a while.
  stream.onerror = () => {
    if (++failed > 3) stream?.close();
    later();
  };
}

function rest() {
  clearTimeout(timer);
  stream?.close();
  stream = undefined;
}

function awake() {
  if (over || document.hidden) return;
  wait = SOON;
  follow();
  ask();
}

document.addEventListener("visibilitychange", () => (document.hidden ? rest() : awake()));
addEventListener("online", awake);
addEventListener("pagehide", rest);
addEventListener("dagsform:closed", (event) => {
  if (!unsent(document)) return;
  event.preventDefault();
  close();
});
// A machine that has slept does not always say so; its connection may be dead without anybody knowing.
let beat = Date.now();
setInterval(() => {
  const slept = Date.now() - beat > SLEPT;
  beat = Date.now();
  if (slept) awake();
}, 10_000);
if (!document.hidden) follow();
