// What may be read without a connection lies in the phone, sealed to a key of the phone's own. That key is wrapped by the
// passkey's secret, or by a code; opened, it never leaves the browser's own store.

const reading = (() => {
  const { subtle } = crypto;
  const P256 = { name: "ECDH", namedCurve: "P-256" };
  const ROUNDS = 600_000;
  const encode = (text) => new TextEncoder().encode(text);
  const random = (length) => crypto.getRandomValues(new Uint8Array(length));
  const where = outbox.context("copy");

  // Four to six digits are soon guessed by whoever has copied the phone; each guess is made to cost something.
  async function by_code(code, salt) {
    const material = await subtle.importKey("raw", encode(code), "PBKDF2", false, ["deriveBits"]);
    const bits = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, material, 256);
    return subtle.importKey("raw", bits, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
  }

  // The phone asks for finger, face or code, also without a connection. Nobody else sees what comes of it.
  async function by_passkey(ids) {
    const credential = await navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: ids.map((id) => ({ type: "public-key", id })),
        userVerification: "required",
        extensions: { prf: { eval: { first: encode("dagsform/v1 passkey") } } },
      },
    });
    const secret = credential.getClientExtensionResults().prf?.results?.first;
    if (!secret) throw new DOMException("no secret", "NotSupportedError");
    const material = await subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: encode("dagsform/v1 phone") };
    return subtle.importKey("raw", await subtle.deriveBits(how, material, 256), "AES-GCM", false, ["wrapKey", "unwrapKey"]);
  }

  // `how`: what the page must know to ask for the same key again.
  async function begin(key, how) {
    const pair = await subtle.generateKey(P256, true, ["deriveBits"]);
    const iv = random(12);
    const wrapped = await subtle.wrapKey("pkcs8", pair.privateKey, key, { name: "AES-GCM", iv });
    const own = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
    await outbox.keep("reading", { ...how, own, iv, wrapped, at: 0, tries: 0 });
  }

  async function open(key, { own, iv, wrapped, blob }) {
    const mine = await subtle.unwrapKey("pkcs8", wrapped, key, { name: "AES-GCM", iv }, P256, false, ["deriveBits"]);
    const ephemeral = blob.slice(0, 65);
    const [how, opens] = await outbox.cipher(mine, ephemeral, ephemeral, own, where);
    return unpad(new Uint8Array(await subtle.decrypt(how, opens, blob.slice(65))));
  }

  const plan = async ({ key, iv, blob }) => unpad(new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv }, key, blob)));
  const unpad = (data) => new TextDecoder().decode(data.slice(0, data.lastIndexOf(128)));

  return { begin, by_code, by_passkey, open, plan, random };
})();
