// Notices on this phone. The browser is asked only after a tap; what it answers goes along in the plain form.
// What to say when something goes wrong waits in the page, in elements with data-when.

const form = document.querySelector("[data-push]");
const button = form.querySelector("[data-turn-on]");
const off = document.querySelector("[data-push-off]");
const PATIENCE = 10_000;

function say(what) {
  for (const line of form.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== what;
}

const in_time = (promise) =>
  Promise.race([promise, new Promise((_, no) => setTimeout(no, PATIENCE, new Error("nobody answers")))]);

// One that is left from before may be somebody else's: it ends first.
async function subscribe(manager) {
  const old = await manager.getSubscription();
  if (old && "on" in form.dataset) return;
  await old?.unsubscribe();
  const key = form.dataset.push.replaceAll("-", "+").replaceAll("_", "/");
  const applicationServerKey = Uint8Array.from(atob(key), (c) => c.charCodeAt(0));
  const fresh = await manager.subscribe({ userVisibleOnly: true, applicationServerKey });
  form.elements.subscription.value = JSON.stringify(fresh);
}

async function turn_on() {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  const { pushManager } = await in_time(navigator.serviceWorker.ready);
  await in_time(subscribe(pushManager));
  form.submit();
}

if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) say("unsupported");
else {
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    if (!form.querySelector("[name=kind]:checked")) return form.submit();
    button.disabled = true;
    await turn_on().catch(() => say("failed"));
    button.disabled = false;
  });
}

off?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  const subscription = await registration?.pushManager?.getSubscription().catch(() => undefined);
  await subscription?.unsubscribe().catch(() => undefined);
  off.submit();
});
