// Passkeys. A form with data-passkey holds the options; a tap fills it with the answer and sends it as a plain form.
// What to say when something goes wrong waits in the page, in elements with data-when.

const PRF_INPUT = new TextEncoder().encode("dagsform/v1 passkey");
const KEK_INFO = new TextEncoder().encode("dagsform/v1 passkey kek");

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function readable(options) {
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (options[list]) read[list] = options[list].map((one) => ({ ...one, id: bytes(one.id) }));
  return read;
}

// The key that opens the slot. It is derived here, so that the authenticator's own secret never leaves the page.
async function slotKey(prf) {
  const material = await crypto.subtle.importKey("raw", prf, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: KEK_INFO };
  return text(await crypto.subtle.deriveBits(how, material, 256));
}

// Written out by hand: toJSON() would carry the PRF results along.
function plain(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[part]) answer[part] = text(response[part]);
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: answer });
}

function say(form, what) {
  for (const line of form.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== what;
}

async function ceremony(form, more = {}) {
  const creating = form.dataset.passkey === "create";
  const publicKey = readable(JSON.parse(form.dataset.options));
  publicKey.extensions = creating ? { prf: {} } : { prf: { eval: { first: PRF_INPUT } } };
  const credential = creating
    ? await navigator.credentials.create({ publicKey, ...more })
    : await navigator.credentials.get({ publicKey, ...more });
  const prf = credential.getClientExtensionResults().prf?.results?.first;
  form.elements.credential.value = plain(credential);
  if (form.elements.kek) form.elements.kek.value = prf ? await slotKey(prf) : "";
  form.submit();
}

const WHY = { InvalidStateError: "already", NotAllowedError: "cancelled", AbortError: "" };
let waiting = new AbortController();

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    say(form, "unsupported");
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    waiting.abort();
    say(form, "");
    try {
      await ceremony(form);
    } catch (error) {
      say(form, WHY[error.name] ?? "failed");
    }
  });
  // Until now the button could only have sent an empty form.
  form.querySelector("button").disabled = false;
  // The phone may offer its passkeys by itself in a field that asks for them.
  if (form.dataset.passkey === "get" && "conditional" in form.dataset)
    PublicKeyCredential.isConditionalMediationAvailable?.().then((can) => {
      if (can) ceremony(form, { mediation: "conditional", signal: waiting.signal }).catch(() => {});
    });
}
