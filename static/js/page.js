// On every page. Each behaviour hangs on a data attribute and has a plain form or link under it.

// A signed-in page that comes back from the browser's own memory is asked for anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// Göm: the page is empty at once, then the clock takes its place in the history. Nothing waits for the network.
document.querySelector("[data-hide]")?.addEventListener("click", async (event) => {
  event.preventDefault();
  const address = event.currentTarget.form.action;
  dispatchEvent(new Event("dagsform:going"));
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
