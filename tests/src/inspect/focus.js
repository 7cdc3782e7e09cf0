// What has the focus now: its place among everything that can have it, and whether somebody sees it.
(() => {
  const all = [...document.querySelectorAll("a[href],button,summary,input:not([type=hidden]),select,textarea,[tabindex]")]
    .filter((element) => element.checkVisibility() && !element.disabled && element.tabIndex >= 0);
  const focused = document.activeElement;
  const place = all.indexOf(focused);
  if (place < 0) return { place, count: all.length };
  const numbers = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = numbers(color).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // The outline lies around the element, so its ground is that of whatever the element stands in.
  let ground = focused.parentElement;
  const isClear = (color) => numbers(color)[3] === 0;
  while (ground.parentElement && isClear(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
  const color = getComputedStyle(ground).backgroundColor;
  const paper = isClear(color) ? (matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)") : color;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(focused);
  const [one, other] = [luminance(outlineColor), luminance(paper)];
  return {
    place,
    count: all.length,
    element: focused.outerHTML.replace(/\s+/g, " ").slice(0, 160),
    outline: outlineStyle === "none" ? 0 : parseFloat(outlineWidth),
    contrast: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
    ring: `${outlineStyle} ${outlineWidth} ${outlineColor} on ${paper}`,
  };
})()
