// The switch that takes the worker away (DAGSFORM_WORKER=0). What waits is sent from the pages themselves.

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(go()));
async function go() {
  for (const name of await caches.keys()) await caches.delete(name);
  await registration.unregister();
}
