// On every page. Each behaviour hangs on a data attribute and has a plain form or link under it.

// A signed-in page that comes back from the browser's own memory is asked for anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// Göm: the clock takes this page's place in the history.
document.querySelector("[data-hide]")?.addEventListener("click", async (event) => {
  event.preventDefault();
  const form = event.currentTarget.form;
  try {
    const answer = await fetch(form.action, { method: "POST" });
    location.replace(answer.url);
  } catch {
    form.submit();
  }
});

// The toast stays until it is closed or the next page comes; closing needs no new page.
document.querySelector("[data-close]")?.addEventListener("click", (event) => {
  event.preventDefault();
  event.currentTarget.closest(".toast").remove();
  document.body.classList.remove("has-toast");
  document.querySelector("main").focus();
});

document.querySelector("[data-print]")?.addEventListener("click", () => print());
