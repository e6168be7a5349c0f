// Only browsers too old for modules come here (nomodule): they have no passkeys either. Say so, instead of a dead button.
var lines = document.querySelectorAll('[data-when="unsupported"]');
for (var i = 0; i < lines.length; i++) lines[i].hidden = false;
