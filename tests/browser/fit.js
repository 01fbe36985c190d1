/* What a person at a distance could not read: words that are cut, that leave their tile, or that lie on other words.
   Returned as sentences; empty where all is well. Names of accounts may be cut, and on an upright screen
   the small print of a tile. */
(within) => {
  const root = document.querySelector(within);
  const APART = ".cell-handle, .place, .skip, .visually-hidden, .grade-shares .grade-name, .definition, .table-toggle";
  const upright = innerHeight > innerWidth ? ", .tile-caption" : "";
  const SLACK = 1.5;
  const hidden = (element) => {
    const style = getComputedStyle(element);
    return style.visibility === "hidden" || style.opacity === "0" || !element.getClientRects().length;
  };
  const wrong = [];
  const words = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || hidden(element) || element.closest(APART + upright)) {
      continue;
    }
    const line = element.closest("p, h2, div, .cell-words");
    if (line && getComputedStyle(line).textOverflow === "ellipsis" && line.scrollWidth > line.clientWidth + 1) {
      wrong.push(`"${walker.currentNode.textContent.trim()}" is shortened in .${line.className}`);
    }
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      words.push({ text: walker.currentNode.textContent.trim(), element, box });
    }
  }
  const outside = (inner, outer) =>
    inner.left < outer.left - SLACK || inner.right > outer.right + SLACK || inner.bottom > outer.bottom + SLACK || inner.top < outer.top - SLACK;
  for (const { text, element, box } of words) {
    const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    if (outside(box, screen)) {
      wrong.push(`"${text}" leaves the screen`);
    }
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      const clips = getComputedStyle(up).overflowX !== "visible";
      const line = up.getBoundingClientRect();
      // A line's box is taller than its letters: only a cut at the side, or of a fifth of a line, takes letters away.
      const spare = box.height * 0.2;
      const room = { left: line.left, right: line.right, top: line.top - spare, bottom: line.bottom + spare };
      if (!(up instanceof SVGElement) && (clips || up.matches(".tile, .cell")) && outside(box, room)) {
        const sides = [room.left - box.left, box.right - room.right, room.top - box.top, box.bottom - room.bottom];
        wrong.push(`"${text}" is cut by .${up.className} (left, right, top, bottom: ${sides.map(Math.round)} px)`);
        break;
      }
    }
  }
  const LETTERS = 0.24; // Of a line's height above and below its letters.
  const core = ({ box }) => ({ left: box.left + SLACK, right: box.right - SLACK, top: box.top + box.height * LETTERS, bottom: box.bottom - box.height * LETTERS });
  words.forEach((one, index) => {
    const a = core(one);
    for (const other of words.slice(index + 1).filter(({ element }) => element !== one.element)) {
      const b = core(other);
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
        wrong.push(`"${one.text}" lies on "${other.text}" (${Math.round(a.left)}, ${Math.round(a.top)} to ${Math.round(a.right)} and ${Math.round(b.left)}, ${Math.round(b.top)})`);
      }
    }
  });
  return [...new Set(wrong)];
};
