// The hidden page keeps the time, like any clock.
const face = document.querySelector("[data-clock]");

function tell() {
  const now = new Date();
  face.textContent = `${now.getHours()}.${String(now.getMinutes()).padStart(2, "0")}`;
  document.title = face.textContent;
}

tell();
setInterval(tell, 5000);
