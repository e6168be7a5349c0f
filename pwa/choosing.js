// Mitt, “Läsa utan nät”: what this phone keeps for reading, and what locks it.

const part = (id) => document.getElementById(id);
const passkeys = part("reading").dataset.passkeys.split(" ").filter(Boolean).map(outbox.bytes);

async function show() {
  const [kept, plan] = [await outbox.kept("reading"), await outbox.kept("plan")];
  part("on").hidden = !kept;
  part("off").hidden = Boolean(kept);
  part("plan-on").hidden = !plan;
  part("plan-off").hidden = Boolean(kept || plan);
  part("by-passkey").hidden = !(passkeys.length && window.PublicKeyCredential);
}

// Done, and fetched at once; or why not.
async function act(how, otherwise = "room") {
  const why = part("why");
  why.hidden = true;
  try {
    await how();
    navigator.serviceWorker.controller?.postMessage({ fetch: true });
  } catch (error) {
    if (error?.name !== "NotAllowedError") say(otherwise);
  }
  await show();
}
function say(what) {
  const why = part("why");
  why.textContent = why.dataset[what];
  why.hidden = false;
}

part("by-passkey").querySelector("button").addEventListener("click", () =>
  act(async () => reading.begin(await reading.by_passkey(passkeys), { ids: passkeys }), "failed"),
);
part("by-code").addEventListener("submit", (event) => {
  event.preventDefault();
  const [code, again] = [part("code").value, part("again").value];
  if (!/^\d{4,6}$/.test(code)) return say("digits");
  if (code !== again) return say("differ");
  event.target.reset();
  act(async () => {
    const salt = reading.random(16);
    await reading.begin(await reading.by_code(code, salt), { salt });
  });
});
part("stop").addEventListener("click", () => act(() => outbox.drop("reading")));
part("plan-off").querySelector("button").addEventListener("click", () =>
  act(async () => {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await outbox.keep("plan", { key, at: 0 });
  }),
);
part("plan-on").querySelector("button").addEventListener("click", () => act(() => outbox.drop("plan")));

// Where there is no worker nothing can be fetched; nothing is offered then.
navigator.serviceWorker?.ready.then(show);
