// What is typed in a note is kept as a draft by itself: at every pause, when the page goes away, and before Göm.
// Without a connection the page stays, and says so.

const form = document.querySelector("[data-draft]");
const line = document.querySelector("#draft");
const PAUSE = 1000;
let dirty = false;
let timer;

// `going`: the page may be gone before the answer. Firefox takes such a request past the worker, so without a network it
// is made once more, in the ordinary way, while the page is still there.
async function keep(going) {
  if (!dirty) return true;
  dirty = false;
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body,
      headers: { "X-Unattended": "1" },
      keepalive: Boolean(going) && body.toString().length < 60_000,
    });
    if (!answer.ok) throw new Error(answer.status);
    say(answer.status === 202 ? "" : "kept"); // 202: it waits in this phone, and the worker says so
    return true;
  } catch {
    dirty = true;
    if (going && navigator.serviceWorker?.controller) return keep();
    say("failed");
    return false;
  }
}

function say(what) {
  const words = line.dataset[what] ?? "";
  if (line.textContent !== words) line.textContent = words;
}

form.addEventListener("input", () => {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(() => keep(), PAUSE);
});
addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => document.hidden && keep(true));
addEventListener("dagsform:going", keep);
addEventListener("online", keep);

// Save goes on as a plain form, unless there is nobody to receive it, no worker either: then the words stay.
form.addEventListener("submit", (event) => {
  dirty = false;
  if (navigator.onLine || navigator.serviceWorker?.controller) return;
  event.preventDefault();
  dirty = true;
  say("failed");
  line.scrollIntoView({ block: "center" });
});
