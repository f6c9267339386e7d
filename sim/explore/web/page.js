// What the page itself hears: keys for undo and redo, and whether the page is dark.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const typing = event.target.matches("input[type=number], textarea");
  const key = event.key.toLowerCase();
  if (typing || !["z", "y"].includes(key)) return;
  event.preventDefault();
  emitEvent(key === "y" || event.shiftKey ? "redo" : "undo");
});

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target) || event.target.tagName === "BUTTON") menu.open = false;
  });
});

function tellScheme() {
  emitEvent("scheme", document.body.classList.contains("body--dark"));
}
new MutationObserver(tellScheme).observe(document.body, { attributes: true, attributeFilter: ["class"] });
