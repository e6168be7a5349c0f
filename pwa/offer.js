// The home screen is offered by itself once, after the third visit, and never again. Counted on this phone alone.

const offer = document.querySelector("[data-offer]");
const VISIT = 4 * 3_600_000; // ms without a page of ours until the next one is another visit

function once() {
  const { offered } = localStorage;
  if (offered === "done" || navigator.standalone || matchMedia("(display-mode: standalone)").matches) return;
  const [visits, last] = (offered ?? "0 0").split(" ").map(Number);
  const count = Date.now() - last > VISIT ? visits + 1 : visits;
  offer.hidden = count <= 3;
  localStorage.offered = count > 3 ? "done" : `${count} ${Date.now()}`;
}

offer.querySelector("button").addEventListener("click", () => {
  offer.remove();
  document.querySelector("main").focus();
});
try {
  once();
} catch {
  // Nothing may be kept here, so nothing is offered.
}
