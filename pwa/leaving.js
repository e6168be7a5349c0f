// Before signing out: what waits and has not been sent is asked about first.

async function look() {
  const unsent = document.getElementById("unsent");
  if (!unsent) return; // with the last key everything goes
  unsent.hidden = !(await outbox.all()).length;
  if (!unsent.hidden) document.querySelector("form[data-closes]").before(unsent);
}
navigator.serviceWorker?.addEventListener("message", look);
if (navigator.serviceWorker?.controller) look();
