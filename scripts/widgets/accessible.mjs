// Is an explorable for everybody? Contrast of its texts (WCAG 2.2 AA, 1.4.3), a walk by Tab, and what a screen reader is told.

/** Before the page is loaded: notes for every text on a canvas its colour and what is behind it. */
export const watchCanvasTexts = () => {
  window.canvasTexts = [];
  const { prototype } = CanvasRenderingContext2D;
  const { fillText } = prototype;
  prototype.fillText = function (text, x, y, ...more) {
    const { a, d, e, f } = this.getTransform();
    const { width } = this.measureText(text);
    const align = { center: 0, right: -width / 2, end: -width / 2 }[this.textAlign] ?? width / 2;
    const [px, py] = [Math.round(a * (x + align) + e), Math.round(d * y + f)];
    const spot = this.getImageData(px - 3, py - 3, 7, 7).data; // its mean: a hatch is thinner than a letter
    const behind = [0, 1, 2, 3].map((k) => {
      let sum = 0;
      for (let i = k; i < spot.length; i += 4) sum += spot[i];
      return sum / (spot.length / 4);
    });
    window.canvasTexts.push({ text, ink: this.fillStyle, behind, canvas: this.canvas });
    return fillText.call(this, text, x, y, ...more);
  };
};

/** In the page: the texts whose contrast is below 4.5 to 1 (large ones 3 to 1), as sentences. */
export const faintTexts = () => {
  const parse = (text) => {
    const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
    if (hex) return [...hex.slice(1).map((pair) => parseInt(pair, 16)), 1];
    const [r, g, b, opacity = 1] = text.match(/[\d.]+/g).map(Number);
    return [r, g, b, opacity];
  };
  const over = ([r, g, b, a], [R, G, B]) => [
    a * r + (1 - a) * R,
    a * g + (1 - a) * G,
    a * b + (1 - a) * B,
  ];
  const luminance = (colour) => {
    const [r, g, b] = colour.map((c) =>
      c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q);
    return (high + 0.05) / (low + 0.05);
  };
  const page = matchMedia("(prefers-color-scheme: dark)").matches ? [17, 17, 17] : [255, 255, 255];
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), page);
  };
  const faint = new Set();
  const judge = (text, ink, background, wanted) => {
    const ratio = contrast(over(ink, background), background);
    if (ratio < wanted) faint.add(`"${text.slice(0, 30)}" has a contrast of ${ratio.toFixed(2)}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || /^(script|style|option)$/i.test(element.tagName)) continue;
    if (!element.checkVisibility() || element.closest(".kb-live, :disabled")) continue;
    const style = getComputedStyle(element);
    let ink = parse(style.color);
    for (let at = element; at; at = at.parentElement)
      ink = [...ink.slice(0, 3), ink[3] * Number(getComputedStyle(at).opacity)];
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    judge(node.data.trim(), ink, behind(element), large ? 3 : 4.5);
  }
  for (const {
    text,
    ink,
    behind: [r, g, b, a],
    canvas,
  } of window.canvasTexts) {
    if (!canvas.isConnected || !text.trim()) continue;
    judge(text, parse(ink), over([r, g, b, a / 255], behind(canvas)), 4.5);
  }
  return [...faint];
};

/** Walks by Tab through the page; gives what is wrong: controls that are not reached, or do not show that they are. */
export async function walkByTab(page) {
  const count = await page.evaluate(() => {
    const controls = [...document.querySelectorAll("input, select, button, textarea, [tabindex]")];
    window.controls = controls.filter(
      (one) =>
        !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }),
    );
    document.activeElement?.blur();
    return window.controls.length;
  });
  const reached = new Set();
  const faults = [];
  for (let i = 0; i < count + 2; i++) {
    await page.keyboard.press("Tab");
    const { place, visible, name } = await page.evaluate(() => {
      const one = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return {
        place: window.controls.indexOf(one),
        visible: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1,
        name: one.ariaLabel ?? one.textContent.slice(0, 20) ?? one.tagName,
      };
    });
    if (place < 0) continue;
    if (!visible && !reached.has(place))
      faults.push(`"${name}" does not show that it has the focus`);
    reached.add(place);
  }
  if (reached.size < count) faults.push(`Tab reaches ${reached.size} of ${count} controls`);
  return faults;
}

const mustHaveNames = new Set([
  "button",
  "slider",
  "spinbutton",
  "combobox",
  "checkbox",
  "textbox",
  "image",
  "img",
  "radio",
]);

/** What a screen reader is told: the controls and pictures without a name. */
export async function nameless(context, page) {
  const session = await context.newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const told = nodes.filter(({ ignored }) => !ignored);
  const faults = told
    .filter(({ role, name }) => mustHaveNames.has(role?.value) && !name?.value?.trim())
    .map(({ role }) => `a ${role.value} has no name for screen readers`);
  if (
    !told.some(
      ({ role }) =>
        role?.value === "heading" || role?.value === "region" || role?.value === "image",
    )
  )
    faults.push("screen readers are told of no heading, region or picture");
  return faults;
}
