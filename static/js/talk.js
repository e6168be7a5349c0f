// A conversation opens where the latest stands, and what is sent stands there without a new page. live.js does the rest.

const thread = document.querySelector(".thread");
const form = document.querySelector(".compose form");
const ready = document.querySelector("#ready");
const line = document.querySelector("#draft");
const down = () => scrollTo(0, document.documentElement.scrollHeight);
let sending = false;

if (!location.search) down();

// Ready answers stand there when the other has written last.
if (ready)
  new MutationObserver(() => {
    const { scrollHeight, scrollTop } = document.scrollingElement;
    const low = scrollHeight - scrollTop - innerHeight < 80;
    ready.hidden = Boolean(thread.lastElementChild?.matches(".mine"));
    if (low) down(); // the latest is never behind them
  }).observe(thread, { childList: true });

// The same page twice is one message, so whatever is unclear is sent once more as a plain form.
form?.addEventListener("submit", async (event) => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  if (sending) return;
  sending = true;
  const pressed = event.submitter;
  const field = form.elements.words;
  const posted = field.value;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, pressed) });
    if (answer.status === 202) return wait(pressed.name ? pressed.textContent : posted);
    const text = await answer.text();
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!answer.ok || !show(page, text, posted)) plainly(pressed);
  } catch {
    line.textContent = line.dataset.failed;
    field.dispatchEvent(new Event("input", { bubbles: true })); // still a draft: kept as soon as somebody answers
  } finally {
    sending = false;
  }
});

function show(page, text, posted) {
  const fresh = page.querySelector(".compose form");
  if (!fresh || !page.querySelector(".thread")) return false;
  dispatchEvent(new CustomEvent("dagsform:fresh", { detail: text }));
  form.elements.id.value = fresh.elements.id.value;
  const field = form.elements.words;
  field.defaultValue = fresh.elements.words.value;
  // What was typed while it was on its way stays, without what has been sent.
  if (field.value === posted) field.value = field.defaultValue;
  else if (field.value.startsWith(posted)) field.value = field.value.slice(posted.length).trimStart();
  ready.hidden = fresh.querySelector("#ready").hidden;
  ready.querySelector("details").open = false;
  document.querySelector("#words-wrong")?.remove();
  document.querySelector(".talk .empty")?.remove();
  document.querySelector("#aloud").textContent = page.querySelector("[data-said]")?.textContent ?? "";
  down();
  return true;
}

// No connection: it waits in this phone, and stands here meanwhile. The next one is another message.
function wait(words) {
  const said = document.createElement("li");
  for (const [kind, text] of [["p", words], ["small", document.querySelector("#posts").dataset.waits]])
    said.append(Object.assign(document.createElement(kind), { textContent: text }));
  said.className = "say mine";
  said.id = `here-${form.elements.id.value}`;
  thread.append(said);
  form.elements.id.value = crypto.randomUUID().replaceAll("-", "");
  if (form.elements.words.value === words) form.elements.words.value = "";
  document.querySelector(".talk .empty")?.remove();
  down();
}

function plainly(pressed) {
  if (pressed?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value }));
  form.submit();
}
