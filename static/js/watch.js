// A page that shows what somebody may take back asks every few seconds whether it is still so. As soon as it is not,
// the page is empty first, and only then asks for what it may show now. Nothing half-written in a field is lost.

const EVERY = 7000;
const fields = () => [...document.querySelectorAll("textarea:not([readonly]), input[type=text]")];
const watched = () => document.querySelector("[data-watch]");
const main = document.querySelector("main");
const unsent = () => fields().some((field) => !main.contains(field) && field.value.trim());
let asking = false;

const empty = () => main.replaceChildren();

async function ask() {
  const { watch, stamp } = watched()?.dataset ?? {};
  if (!watch || asking || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch(watch, { headers: { "X-Unattended": "1" }, redirect: "manual" });
    if (!answer.ok || (await answer.text()) !== stamp) await start_anew();
  } catch {
    // No network: nothing new can be known. What is shown was shown; the next answer decides.
  } finally {
    asking = false;
  }
}

async function start_anew() {
  const closed = document.querySelector("[data-closed]");
  empty();
  if (!unsent() || !closed) return location.reload();
  const page = await fetch(location.href, { headers: { "X-Unattended": "1" }, redirect: "manual" }).catch(() => null);
  const fresh = page?.ok && new DOMParser().parseFromString(await page.text(), "text/html").querySelector("main");
  main.replaceChildren(...(fresh ? fresh.childNodes : [closed.content.cloneNode(true)]));
}

setInterval(ask, EVERY);
addEventListener("visibilitychange", ask);
addEventListener("focus", ask);
// What the browser keeps for Back is an empty page.
addEventListener("pagehide", empty);
