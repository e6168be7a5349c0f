// A page that shows what somebody may take back asks every few seconds whether it is still so. As soon as it is not,
// the page is empty first, and only then asks for what it may show now. So it is, too, while nobody can answer.
// Nothing half-written in a field is lost.

const EVERY = 7000;
const PATIENCE = 5000;
const AWAY = 10_000;
const fields = () => [...document.querySelectorAll("textarea:not([readonly]), input[type=text]")];
const main = document.querySelector("main");
const closed = document.querySelector("[data-closed]");
const unsent = () => fields().some((field) => !main.contains(field) && field.value.trim());
const kindly = (address) =>
  fetch(address, { headers: { "X-Unattended": "1" }, redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE) });
let { watch, stamp } = main.querySelector("[data-watch]").dataset;
let asking = false;
let missed = 0;
let known = Date.now();
let left = Infinity;
let covered;

const empty = () => main.replaceChildren();

function cover() {
  if (covered) return;
  covered = document.createDocumentFragment();
  covered.append(...main.childNodes);
}

function uncover() {
  if (covered) main.replaceChildren(covered);
  covered = undefined;
}

function no_answer() {
  missed += 1;
  if (missed > 1) cover();
  const why = document.querySelector("[data-unanswered]");
  if (covered && why && !main.childElementCount) main.append(why.content.cloneNode(true));
}

async function ask() {
  if (!watch || asking || document.hidden) return;
  asking = true;
  try {
    const answer = await kindly(watch);
    if (!answer.ok || (await answer.text()) !== stamp) await start_anew();
    else uncover();
    missed = 0;
    known = Date.now();
  } catch {
    no_answer();
  } finally {
    asking = false;
  }
}

async function start_anew() {
  const roster = document.querySelector(".roster");
  covered = undefined;
  empty();
  if (!unsent() || !closed) return location.reload();
  roster?.replaceChildren();
  const page = await kindly(location.href).catch(() => null);
  const fresh = page?.ok && new DOMParser().parseFromString(await page.text(), "text/html");
  roster?.replaceChildren(...(fresh?.querySelector?.(".roster")?.childNodes ?? []));
  main.replaceChildren(...(fresh ? fresh.querySelector("main").childNodes : [closed.content.cloneNode(true)]));
  ({ watch, stamp } = main.querySelector("[data-watch]")?.dataset ?? {});
}

// The last day of a copy may end while the page is open.
function over() {
  const ends = [...main.querySelectorAll("[data-until]")].map((copy) => Date.parse(copy.dataset.until));
  return ends.some((end) => end > known && end <= Date.now());
}

setInterval(ask, EVERY);
setInterval(() => {
  if (!over()) return;
  cover();
  ask();
}, 1000);
addEventListener("visibilitychange", () => {
  if (document.hidden) left = Date.now();
  else if (Date.now() - left > AWAY) cover();
  ask();
});
addEventListener("focus", ask);
addEventListener("online", ask);
// What the browser keeps for Back is an empty page.
addEventListener("pagehide", empty);
// Another tab has locked or hidden everything: only what is half-written stays, without what stood around it.
addEventListener("dagsform:closed", (event) => {
  if (!unsent() || !closed) return;
  event.preventDefault();
  start_anew();
});
