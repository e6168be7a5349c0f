// What is written without a connection waits here, sealed to its owner: not even this phone can read it again.
// Shared by the worker and the page without a connection. Outside the seal stands only in which order it came.

const outbox = (() => {
  const SUITE = [72, 80, 75, 69, 0, 16, 0, 1, 0, 2]; // HPKE: P-256, HKDF-SHA256, AES-256-GCM (RFC 9180)
  const KEM = [75, 69, 77, 0, 16];
  const P256 = { name: "ECDH", namedCurve: "P-256" };
  const LARGEST = 1_000_000; // bytes at once
  const PATIENCE = 30_000;
  const SLOWEST = 10; // bytes a millisecond
  const { subtle } = crypto;

  const encode = (text) => new TextEncoder().encode(text);
  const join = (...parts) => {
    const all = parts.map((part) => (typeof part === "string" ? encode(part) : new Uint8Array(part)));
    const joined = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
    all.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
    return joined;
  };
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt());
  const name = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => (one + 256).toString(16).slice(1)).join("");

  const hmac = async (key, data) =>
    subtle.sign("HMAC", await subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]), data);
  const extract = (suite, salt, label, data) => hmac(salt, join("HPKE-v1", suite, label, data));
  const expand = async (suite, key, label, info, length) =>
    (await hmac(key, join([0, length], "HPKE-v1", suite, label, info, [1]))).slice(0, length);

  // How one message to `to` is enciphered, for whoever holds one of the two private keys. `where`: what it is for.
  async function cipher(own, other, ephemeral, to, where) {
    const none = new Uint8Array(32);
    const shared = await subtle.deriveBits({ ...P256, public: await subtle.importKey("raw", other, P256, false, []) }, own, 256);
    const both = await expand(KEM, await extract(KEM, none, "eae_prk", shared), "shared_secret", join(ephemeral, to), 32);
    const about = join([0], await extract(SUITE, none, "psk_id_hash", []), await extract(SUITE, none, "info_hash", where));
    const secret = await extract(SUITE, both, "secret", []);
    const key = await expand(SUITE, secret, "key", about, 32);
    return [
      { name: "AES-GCM", iv: await expand(SUITE, secret, "base_nonce", about, 12) },
      await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]),
    ];
  }

  // `context` and `pad` as in server/vault/sealing.py: where a blob belongs; how long a text is does not show.
  const context = (...names) => join("dagsform/v1", ...names.map((name) => join("s", [0, 0, 0, name.length], name)));
  function pad(data) {
    const step = data.length < 8192 ? 1024 : 8192;
    const padded = new Uint8Array((Math.floor(data.length / step) + 1) * step);
    padded.set(data);
    padded[data.length] = 128;
    return padded;
  }
  async function seal(to, where, words) {
    const { privateKey, publicKey } = await subtle.generateKey(P256, false, ["deriveBits"]);
    const ephemeral = await subtle.exportKey("raw", publicKey);
    const [how, key] = await cipher(privateKey, to, ephemeral, to, where);
    return join(ephemeral, await subtle.encrypt(how, key, pad(encode(words))));
  }

  // One transaction over one store or several. What it has done is there for good: “strict” waits until it is written.
  const store = (names, act, mode = "readwrite") =>
    new Promise((yes, no) => {
      const asked = indexedDB.open("dagsform", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("posts", { keyPath: "n", autoIncrement: true });
        asked.result.createObjectStore("kept");
      };
      asked.onerror = () => no(asked.error);
      asked.onsuccess = () => {
        const db = asked.result;
        const work = db.transaction(names, mode, { durability: "strict" });
        work.oncomplete = () => {
          db.close();
          yes(Array.isArray(done) ? done.map(({ result }) => result) : done?.result);
        };
        work.onabort = () => {
          db.close();
          no(work.error);
        };
        const done = act(...[names].flat().map((name) => work.objectStore(name)));
      };
    });
  const kept = (name) => store("kept", (all) => all.get(name), "readonly");
  const keep = (name, value) => store("kept", (all) => all.put(value, name));
  const drop = (name) => store("kept", (all) => all.delete(name));
  // What is there, changed; what was dropped meanwhile stays dropped.
  const change = (name, more) =>
    store("kept", (all) => {
      const found = all.get(name);
      found.onsuccess = () => found.result && all.put({ ...found.result, ...more }, name);
    });
  const all = () => store("posts", (posts) => posts.getAll(), "readonly");

  // To whom this phone seals now, and all that waits.
  const both = () => store(["kept", "posts"], (kept, posts) => [kept.get("box"), posts.getAll()], "readonly");
  // What waits for somebody else stays until they are here again.
  async function waiting() {
    const [box, posts] = await both();
    return posts.filter(({ to }) => to === box);
  }

  // `instead`: the post that this one takes the place of.
  async function put(name, written, instead) {
    const to = await kept("box");
    const blob = await seal(bytes(to), context("outbox", name), JSON.stringify(written));
    return store("posts", (posts) => {
      if (instead) posts.delete(instead);
      return posts.add({ name, to, blob });
    });
  }

  // Everything but what waits; and that it waits does not show when nothing does.
  async function forget() {
    await store("kept", (all) => all.clear());
    if (!(await all()).length) indexedDB.deleteDatabase("dagsform");
  }

  // What goes together: the first that waits for `to`, and what lies right behind it for the same.
  function batch(to, posts) {
    const first = posts.findIndex((post) => post.to === to);
    if (first < 0) return [];
    let [end, size] = [first, 0];
    do size += posts[end++].blob.length;
    while (posts[end]?.to === to && size + posts[end].blob.length < LARGEST);
    return posts.slice(first, end);
  }

  async function send_all() {
    let [to, all] = await both();
    for (let sent = 0; ; ) {
      const posts = batch(to, all);
      if (!posts.length) return sent;
      const blobs = posts.map(({ blob }) => (typeof blob === "string" ? bytes(blob) : blob)); // once it was a text
      const head = { now: Date.now(), to, posts: posts.map(({ name }, n) => [name, blobs[n].length]) };
      const body = new Blob([join(JSON.stringify(head), "\n", ...blobs)]); // sooner on its way than the bytes alone
      const answer = await fetch("/utkorg", {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream", "X-Unattended": "1" },
        body,
        signal: AbortSignal.timeout?.(PATIENCE + body.size / SLOWEST),
      });
      if (answer.status >= 500) throw new Error(answer.status);
      const { taken } = answer.ok ? await answer.json() : { taken: [] };
      if (taken.length < posts.length) return sent; // signed out, or somebody else is here just now: they wait
      const gone = IDBKeyRange.bound(posts[0].n, posts[posts.length - 1].n);
      all = await store("posts", (left) => left.delete(gone) && left.getAll());
      sent += posts.length;
    }
  }
  // One at a time, whoever begins it. How many were sent; an error when nobody answers.
  const send = () => (navigator.locks ? navigator.locks.request("outbox", send_all) : send_all());

  return { all, bytes, change, cipher, context, drop, encode, forget, keep, kept, name, pad, put, seal, send, waiting };
})();
