// What can only be known of a page by drawing it: sizes as they are seen, and colours with what lies behind them.

// Letters of charts, each with its size in CSS pixels.
function letters() {
  return [...document.querySelectorAll("svg text")]
    .filter((text) => text.textContent.trim())
    .map((text) => {
      const scale = text.getScreenCTM();
      const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(scale.a, scale.b);
      return { words: text.textContent, size, box: text.getBoundingClientRect().toJSON() };
    });
}

// Frames of charts, and the pictures in them.
function frames() {
  return [...document.querySelectorAll("figure .chart")].map((frame) => {
    const picture = frame.querySelector("svg").getBoundingClientRect();
    const { left, right, width } = frame.getBoundingClientRect();
    return {
      left, right, width, picture: picture.toJSON(),
      scrolls: frame.scrollWidth > frame.clientWidth && ["auto", "scroll"].includes(getComputedStyle(frame).overflowX),
    };
  });
}

// A CSS colour as red, green, blue (0 to 1) and opacity.
function channels(colour) {
  const parts = colour.match(/[\d.]+/g).map(Number);
  return [...parts.slice(0, 3).map((part) => part / 255), parts[3] ?? 1];
}

// A colour over another that lets nothing through.
function over([...above], below, opacity = 1) {
  const share = above[3] * opacity;
  return [0, 1, 2].map((i) => share * above[i] + (1 - share) * below[i]).concat(1);
}

function luminance(colour) {
  const [r, g, b] = colour.slice(0, 3).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// Contrast of two colours as WCAG 2 defines it.
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function ground() {
  return channels(getComputedStyle(document.documentElement).backgroundColor);
}

// Whether an element's area, and not its outline alone, is below a point of the window. An element may be drawn by
// reference to another, as bands are.
function covers(shape, x, y) {
  const inside = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
  if (!(shape instanceof SVGUseElement)) return shape.isPointInFill(inside);
  const drawn = document.getElementById(shape.href.baseVal.slice(1));
  return drawn.isPointInFill(new DOMPoint(inside.x - shape.x.baseVal.value, inside.y - shape.y.baseVal.value));
}

// The colour of a chart at a point of the window, below its letters; null where a picture is.
function behind(x, y) {
  let colour = ground();
  for (const shape of document.elementsFromPoint(x, y).reverse()) {
    if (shape.tagName === "image") return null;
    const style = getComputedStyle(shape);
    const drawn = shape instanceof SVGGeometryElement || shape instanceof SVGUseElement;
    if (!drawn || style.fill === "none" || !covers(shape, x, y)) continue;
    colour = over(channels(style.fill), colour, style.fillOpacity * style.opacity);
  }
  return colour;
}

// The least contrast of a chart's letters with what is behind them, or with their halo, looked up at several places.
function inChart(text) {
  text.scrollIntoView({ block: "center", inline: "center" });
  const style = getComputedStyle(text);
  const box = text.getBoundingClientRect();
  const found = [];
  for (const across of [0.02, 0.25, 0.5, 0.75, 0.98]) {
    for (const down of [0.2, 0.5, 0.8]) {
      let below = behind(box.left + across * box.width, box.top + down * box.height);
      if (style.stroke !== "none") below = over(channels(style.stroke), below ?? ground(), style.strokeOpacity);
      if (below) found.push(contrast(over(channels(style.fill), below, style.fillOpacity * style.opacity), below));
    }
  }
  return { words: text.textContent, where: text.closest("figure").innerText, contrast: Math.min(...found) };
}

// The contrast of a piece of text outside charts.
function inText(piece) {
  const holder = piece.parentElement;
  const around = [];
  for (let each = holder; each; each = each.parentElement) around.unshift(each);
  const below = around.reduce((colour, each) => over(channels(getComputedStyle(each).backgroundColor), colour), ground());
  const ink = over(channels(getComputedStyle(holder).color), below);
  return { words: piece.textContent.trim(), where: holder.tagName, contrast: contrast(ink, below) };
}

// Every text of the page with its contrast.
function contrasts() {
  document.querySelectorAll("details").forEach((details) => (details.open = true));
  const found = [...document.querySelectorAll("svg text")].filter((text) => text.textContent.trim()).map(inChart);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const piece = walker.currentNode;
    if (piece.textContent.trim() && !piece.parentElement.closest("svg, style")) found.push(inText(piece));
  }
  return found;
}

// What has the focus: where it is, and whether one can see that it has it.
function focused() {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  return {
    tag: element.tagName, id: element.id, text: element.textContent.slice(0, 40),
    region: [...document.querySelectorAll(".scroll")].indexOf(element),
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    box: element.getBoundingClientRect().toJSON(),
  };
}

// How light the page is, from 0 to 1.
function lightness() {
  return luminance(ground());
}

window.measure = { contrasts, focused, frames, letters, lightness };
