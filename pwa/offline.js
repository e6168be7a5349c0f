// The page without a connection: one tap is saved here, and it says what waits.

const part = (id) => document.getElementById(id);
const answer = part("answer");

if (location.search === "?sparat") {
  const title = document.querySelector("h1");
  document.title = title.textContent = title.dataset.saved;
}

async function tell() {
  const waiting = await outbox.all();
  const line = part("waiting");
  if (!line || (!waiting.length && line.hidden)) return; // hidden meanwhile, or nothing to say
  const how = waiting.length > 1 ? "more" : waiting.length ? "one" : "sent";
  line.textContent = line.dataset[how].replace("#", waiting.length);
  line.hidden = false;
}

// Only who has a key here can write: what is sealed must be for somebody.
outbox.kept("box").then((box) => {
  part("nobody").hidden = Boolean(box);
  part("writes").hidden = answer.hidden = !box;
  answer.elements.id.value = outbox.name();
});
tell();
navigator.serviceWorker?.addEventListener("message", tell);

// What its owner chose to have here. Opened, it is shown until the page has lain hidden or still for a while.
const STILL = 600_000;
const HIDDEN = 60_000;
const MOST_TRIES = 5;
const words = (html) => new DOMParser().parseFromString(html, "text/html").body.childNodes;
let still;

async function offer() {
  const [kept, plan] = [await outbox.kept("reading"), await outbox.kept("plan")];
  part("by-code").hidden = !(kept?.blob && kept.salt);
  part("by-passkey").hidden = !(kept?.blob && kept.ids);
  part("plan").hidden = !plan?.blob;
  part("here").hidden = !kept?.blob && !plan?.blob;
  if (plan?.blob) part("plan-words").replaceChildren(...words(await reading.plan(plan)));
}

function show(html) {
  part("copy").replaceChildren(...words(html));
  part("by-code").hidden = part("by-passkey").hidden = part("wrong").hidden = part("plan").hidden = true;
  part("here-title").tabIndex = -1;
  part("here-title").focus();
  const close = (after) => {
    clearTimeout(still);
    still = setTimeout(() => location.reload(), after);
  };
  for (const act of ["pointerdown", "keydown", "scroll"]) addEventListener(act, () => close(STILL), { passive: true });
  document.addEventListener("visibilitychange", () => close(document.hidden ? HIDDEN : STILL));
  close(STILL);
}
function say(what) {
  part("wrong").textContent = part("wrong").dataset[what];
  part("wrong").hidden = false;
}

// A try is counted before it is made: whoever closes the page in between has tried.
part("by-code").addEventListener("submit", async (event) => {
  event.preventDefault();
  const code = part("code").value;
  event.target.reset();
  const kept = await outbox.kept("reading");
  if (!kept) return offer();
  const tries = kept.tries + 1;
  await outbox.change("reading", { tries });
  try {
    const found = await reading.open(await reading.by_code(code, kept.salt), kept);
    await outbox.change("reading", { tries: 0 });
    show(found);
  } catch {
    if (tries < MOST_TRIES) return say("wrong");
    await outbox.drop("reading");
    await offer();
    part("here").hidden = false;
    say("spent");
  }
});
part("by-passkey").addEventListener("click", async () => {
  const kept = await outbox.kept("reading");
  try {
    show(await reading.open(await reading.by_passkey(kept.ids), kept));
  } catch (error) {
    if (error.name !== "NotAllowedError") say("failed");
  }
});
offer();

document.querySelector("[data-again]").addEventListener("click", (event) => {
  event.preventDefault();
  location.replace(location.pathname === "/utan-nat" ? event.currentTarget.href : location.href);
});
