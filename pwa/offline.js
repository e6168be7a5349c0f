// The page without a connection: one tap is saved here, and it says what waits.

const part = (id) => document.getElementById(id);
const answer = part("answer");
const copy = part("copy");

const title = document.querySelector("h1");
const call = (what) => (document.title = title.textContent = title.dataset[what]);
if (location.search === "?sparat") call("saved");

async function tell() {
  const box = await outbox.kept("box");
  const waiting = (await outbox.all()).filter(({ to }) => !box || to === box);
  const line = part("waiting");
  if (!line) return; // hidden meanwhile
  say_rows(waiting);
  if (!waiting.length && line.hidden) return; // nothing to say
  const how = waiting.length > 1 ? "more" : waiting.length ? "one" : "sent";
  line.textContent = line.dataset[how].replace("#", waiting.length);
  line.hidden = false;
  part("on").hidden = waiting.length > 0;
  if (!waiting.length) call("back");
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
const rows = new Map(); // what was written while it stood open: its row, by the name of the post
const drafts = new Map(); // which post is the draft of a form
const laying = new Set(); // the forms that are just being sealed
const is_open = () => copy.hasChildNodes();
const words = (html) => new DOMParser().parseFromString(html, "text/html").body.childNodes;
let still;
let hid = 0; // when the page was
let owner;

async function offer() {
  const [kept, plan] = [await outbox.kept("reading"), await outbox.kept("plan")];
  part("by-code").hidden = !(kept?.blob && kept.salt);
  part("by-passkey").hidden = !(kept?.blob && kept.ids);
  part("plan").hidden = !plan?.blob;
  part("here").hidden = !kept?.blob && !plan?.blob;
  if (plan?.blob) part("plan-words").replaceChildren(...words(await reading.plan(plan)));
}

async function show(html) {
  owner = await outbox.kept("box");
  copy.replaceChildren(...words(html));
  part("by-code").hidden = part("by-passkey").hidden = part("wrong").hidden = part("plan").hidden = true;
  part("here-title").tabIndex = -1;
  part("here-title").focus();
  for (const { elements } of copy.querySelectorAll("form")) if (elements.id) elements.id.value = outbox.name();
  shut_in(STILL);
}
function shut_in(after) {
  clearTimeout(still);
  if (is_open()) still = setTimeout(shut, after);
}
async function shut() {
  await keep_drafts();
  copy.replaceChildren();
  await offer();
}
for (const act of ["pointerdown", "keydown", "scroll"]) addEventListener(act, () => shut_in(STILL), { passive: true });
// A phone that slept has let no timer go off.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    hid = Date.now();
    keep_drafts();
  } else if (is_open() && Date.now() - hid > HIDDEN) return shut();
  shut_in(document.hidden ? HIDDEN : STILL);
});
addEventListener("dagsform:going", () => {
  keep_drafts();
  copy.replaceChildren();
});

// What is written while it stands open is sealed at once, and the page stays. Its row says where it is kept.
async function lay(form, address, fields) {
  if ((await outbox.kept("box")) !== owner) throw new Error("somebody else is here");
  const [name, to] = [outbox.name(), new URL(address, location).pathname];
  return [name, await outbox.put(name, { to, fields, at: Date.now() }, drafts.get(form))];
}
function say_rows(waiting) {
  const names = new Set(waiting.map(({ name }) => name));
  const here = new Set([...rows].filter(([name]) => names.has(name)).map(([, row]) => row));
  for (const row of rows.values()) say_row(row, here.has(row) ? "waits" : "sent");
}
function say_row(row, how) {
  const said = part("here").dataset[how];
  if (row.textContent !== said) row.textContent = said;
}

addEventListener("submit", async (event) => {
  const { target: form, submitter: pressed } = event;
  const row = form.querySelector("[data-row]");
  if (!row || !is_open()) return;
  event.preventDefault();
  const field = form.elements.words;
  const written = field?.value;
  if (laying.has(form) || (!written && form.dataset.said === pressed.value)) return; // two quick taps are one
  laying.add(form);
  try {
    const [name] = await lay(form, form.action, [...new FormData(form, pressed)]);
    rows.set(name, row);
    drafts.delete(form);
    delete form.dataset.kept;
    if (form.elements.id) form.elements.id.value = outbox.name();
    if (field && field.value === written) field.value = "";
    form.dataset.said = pressed.value;
    press(form, pressed);
    await tell();
    outbox.send().then(tell, wait_for_network);
  } catch {
    say_row(row, "full");
  } finally {
    laying.delete(form);
  }
});
function press(form, pressed) {
  for (const one of form.querySelectorAll("[aria-pressed]")) {
    one.setAttribute("aria-pressed", one === pressed);
    one.classList.toggle("seen", one === pressed);
  }
  const state = form.closest("details")?.querySelector("[data-state]");
  if (state) state.textContent = pressed.textContent;
}
const wait_for_network = async () => (await navigator.serviceWorker?.ready)?.sync?.register("posts").catch(() => {});

// A message that was begun is no less typed: it waits as a draft, and only the latest of it.
async function keep_drafts() {
  for (const form of copy.querySelectorAll("[data-draft]")) {
    const { value } = form.elements.words;
    if (!value.trim() || value === form.dataset.kept || laying.has(form)) continue;
    laying.add(form);
    form.dataset.kept = value;
    const [, number] = await lay(form, form.dataset.draft, [["words", value]]).catch(() => []);
    if (number) drafts.set(form, number);
    laying.delete(form);
  }
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
    await show(found);
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
    await show(await reading.open(await reading.by_passkey(kept.ids), kept));
  } catch (error) {
    if (error.name !== "NotAllowedError") say("failed");
  }
});
offer();

document.querySelector("[data-again]").addEventListener("click", async (event) => {
  event.preventDefault();
  const { href } = event.currentTarget;
  await keep_drafts();
  location.replace(location.pathname === "/utan-nat" ? href : location.href);
});
