// “Läs upp”: the page, in its own order, by a voice that this phone itself has. A voice from the net would be sent what
// stands here, so it is never used. Reads on only while what comes next still stands on the page.

const speech = self.speechSynthesis;
const button = document.querySelector("[data-read]");
const label = button.querySelector("span");
const words = [label.textContent, button.dataset.read];
const lang = document.documentElement.lang.slice(0, 2);
const NOT = "[aria-hidden=true], [data-read], script, template, textarea, input, select";
const BLOCK = "p, li, h1, h2, h3, dt, dd, th, td, summary, legend, label, button, a.item, div";
let left = [];

const voice = () => speech.getVoices().find((one) => one.localService && one.lang.slice(0, 2) === lang);
const show = () => (button.hidden = !voice());

function blocks() {
  const read = (node) =>
    node.nodeType === 3 ? 1 : node.matches(NOT) || node.checkVisibility?.() === false ? 2 : 3;
  const walker = document.createTreeWalker(document.querySelector("main"), 5, read);
  const found = [];
  for (let node; (node = walker.nextNode()); ) {
    const block = node.parentElement.closest(BLOCK);
    const text = node.data.replace(/\s+/g, " ");
    if (found.at(-1)?.block === block) found.at(-1).text += text;
    else if (text.trim()) found.push({ block, text });
  }
  return found.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
}

function stop() {
  left = [];
  speech.cancel();
  label.textContent = words[0];
}

function next() {
  const one = left.shift();
  if (!one?.block.isConnected) return stop();
  const said = new SpeechSynthesisUtterance(one.text.trim());
  said.voice = voice();
  said.lang = said.voice.lang;
  said.onend = () => left.length && next();
  if (!left.length) said.onend = stop;
  said.onerror = stop;
  speech.speak(said);
}

if (speech) {
  speech.addEventListener("voiceschanged", show);
  show();
  button.addEventListener("click", () => {
    if (left.length || speech.speaking) return stop();
    left = blocks();
    label.textContent = words[1];
    next();
  });
  addEventListener("pagehide", stop);
  addEventListener("dagsform:going", stop); // Göm, and a lock in another tab
  addEventListener("visibilitychange", () => document.hidden && stop());
}
