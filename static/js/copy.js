// “Kopiera”: a text that stands in a field, for whoever wants to send it. Without script it is marked by hand.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = document.querySelector("#aloud").textContent = button.dataset.copied;
  });
}
