// The browser's own offer to install, held back until the person asks for it on this page.

const button = document.querySelector("[data-install]");
let offer;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  button.parentElement.hidden = false;
});
addEventListener("appinstalled", () => (button.parentElement.hidden = true));
button.addEventListener("click", () => offer.prompt());
