// What the page itself hears: keys for undo and redo, and whether the page is dark; and how numbers are read that are
// typed into it.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const typing = event.target.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea");
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

// Numbers a move that the page makes ahead of the server, and tells who marks what is shown meanwhile (lag.js).
let moves = 0;
function nextMove() {
  moves += 1;
  document.dispatchEvent(new CustomEvent("moved", { detail: moves }));
  return moves;
}

// Returns what was typed as a number, or as words on why it is none. A comma is a decimal point, except where it may
// as well part thousands; in whole numbers it does.
function readNumber(typed, whole) {
  const text = typed.trim().replace("−", "-");
  const parted = /^[-+]?[1-9]\d{0,2}([,' \u00a0\u202f]\d{3})+$/.test(text);
  if (parted && !whole && text.includes(",")) {
    return `Is ${text} ${text.replaceAll(",", "")} or ${text.replace(",", ".")}? Please write it without a comma.`;
  }
  const plain = parted ? text.replace(/[^-+\d]/g, "") : text.replace(",", ".");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) {
    return text === "" ? "Nothing is written there." : `${text.slice(0, 40)} is no ${whole ? "whole " : ""}number.`;
  }
  const number = Number(plain);
  if (!Number.isFinite(number)) return `${text.slice(0, 40)} is too great a number.`;
  return whole && !Number.isInteger(number) ? `${text.slice(0, 40)} is no whole number.` : number;
}
