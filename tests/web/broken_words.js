// Name the words that a page breaks over lines although they would fit into one, and where.
(() => {
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const match of node.data.matchAll(/[^\s\u2010-\u2015\/-]+/gu)) {
      const token = node.data.slice(0, match.index).match(/\S*$/)[0] + match[0] + node.data.slice(match.index + match[0].length).match(/^\S*/)[0];
      if (match[0].length < 2 || token.length > 16) continue;
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top)));
      if (lines.size > 1) words.push(`${match[0]} in ${node.parentElement.tagName.toLowerCase()}: ${node.data.trim().slice(0, 60)}`);
    }
  }
  return words;
})()
