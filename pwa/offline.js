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
  if (!waiting.length && line.hidden) return;
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

document.querySelector("[data-again]").addEventListener("click", (event) => {
  event.preventDefault();
  location.replace(location.pathname === "/utan-nat" ? event.currentTarget.href : location.href);
});
