// Words to begin with: a tap puts them in the field beside, before what stands there already.
for (const row of document.querySelectorAll("[data-fill]")) {
  const field = document.getElementById(row.dataset.fill);
  for (const chip of row.querySelectorAll("button")) {
    chip.hidden = false;
    chip.addEventListener("click", () => {
      field.value = field.tagName === "INPUT" ? chip.textContent.trim() : chip.textContent.trim() + " " + field.value;
      field.focus();
    });
  }
}
const printer = document.querySelector("[data-print]");
if (printer) printer.hidden = false;
