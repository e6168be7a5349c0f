// A conversation opens where the latest stands. The live part is live.js.

const latest = document.querySelector("#senaste");
if (latest && !location.search) scrollTo(0, document.documentElement.scrollHeight);
