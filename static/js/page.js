// On every page. Each behaviour hangs on a data attribute and has a plain form or link under it.

// A page that is left is blank, also in the browser's own memory; when it comes back from there it is asked for anew.
// Its fields stay, unseen, so that the browser can fill them in again.
const blank = () => (document.documentElement.style.visibility = "hidden");
addEventListener("pagehide", blank);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  blank();
  location.reload();
});

// What locks, hides or signs out is told to the other tabs: blank at once, and asked for anew when it is done.
const tabs = self.BroadcastChannel && new BroadcastChannel("dagsform");
let closing = false;
let waiting;
function close_others() {
  closing = true;
  tabs?.postMessage("blank");
}
addEventListener("submit", (event) => {
  if (event.target.matches("[data-closes]") || event.submitter?.matches("[data-closes]")) close_others();
});
addEventListener("pagehide", () => closing && tabs?.postMessage("anew"));
tabs?.addEventListener("message", ({ data }) => {
  blank();
  dispatchEvent(new Event("dagsform:going"));
  clearTimeout(waiting);
  waiting = setTimeout(anew, data === "anew" ? 0 : 10_000);
});
function anew() {
  if (dispatchEvent(new Event("dagsform:closed", { cancelable: true }))) location.reload();
  else document.documentElement.style.visibility = "";
}

// The worker keeps what is written without a connection. Each page tells it whose it is; the worker tells what it did.
const { box, sends, forgets } = document.body.dataset;
const worker = navigator.serviceWorker;
const posts = document.querySelector("#posts");
function say_posts(what) {
  if (!posts) return; // the page without a connection has its own words
  const how = ["failed", "full", "waits", "sent"].find((one) => what[one]);
  posts.textContent = posts.dataset[how];
  posts.hidden = false;
}
const deliver = () =>
  sends === undefined ? worker.ready.then(({ active }) => active.postMessage({ box })) : send_from_here();
// The worker has been taken away: the page sends what it left.
async function send_from_here() {
  if (box) await outbox.keep("box", box);
  const sent = await outbox.send();
  if (sent) say_posts({ sent });
}
// Nothing of ours stays in this browser but what waits, sealed. The worker sees to it, and goes.
function forget() {
  for (const store of ["localStorage", "sessionStorage"]) self[store]?.clear();
  worker?.getRegistration().then((here) => here?.active?.postMessage({ forget: true }));
}
if (forgets !== undefined) forget(); // signed out, or a computer that others use
else if (worker && (box || worker.controller)) {
  if (box && sends === undefined) worker.register("/sw.js").catch(() => {});
  worker.addEventListener("message", ({ data }) => say_posts(data));
  addEventListener("online", deliver);
  document.addEventListener("visibilitychange", () => document.hidden || deliver());
  deliver();
}

// Göm: the page is empty at once, then the clock takes its place in the history. Nothing waits for the network.
document.querySelector("[data-hide]")?.addEventListener("click", async (event) => {
  event.preventDefault();
  const address = event.currentTarget.form.action;
  dispatchEvent(new Event("dagsform:going"));
  close_others();
  forget();
  const face = document.createElement("h1");
  const now = new Date();
  face.className = "clock gone";
  face.textContent = `${now.getHours()}.${String(now.getMinutes()).padStart(2, "0")}`;
  document.title = face.textContent;
  document.body.replaceChildren(face);
  const go = () =>
    fetch(address, { method: "POST", redirect: "manual", keepalive: true }).then(() => location.replace("/klocka"));
  go().catch(() => addEventListener("online", go));
});

// What was just done is said aloud, and the toast stays until it is closed or the next page comes.
const toast = document.querySelector(".toast");
const aloud = document.querySelector("#aloud");
const done = document.querySelector("[data-said]");
if (done) setTimeout(() => (aloud.textContent = done.textContent), 200);

function close() {
  toast.remove();
  document.body.classList.remove("has-toast");
  document.querySelector("main").focus();
}
toast?.querySelector("[data-close]").addEventListener("click", (event) => {
  event.preventDefault();
  close();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && toast?.isConnected) close();
});

document.querySelector("[data-print]")?.addEventListener("click", () => print());
