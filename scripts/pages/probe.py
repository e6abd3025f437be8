"""The measurements that are made inside a page, as one JavaScript object that is put into it after it has loaded."""

# Class names of the charts' series: a group of one series, and the colours of ordered and named series.
SERIES_CLASS = r"^(s|[on]\d+)$"
# Those of the rim in the page's colour that is drawn below dots.
KEYLINE_CLASS = r"^k$"

SOURCE = r"""
window.pagesProbe = (() => {
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const squeeze = text => (text || '').replace(/\s+/g, ' ').trim();
const shorten = (text, most = 40) => { text = squeeze(text); return [...text].length > most ? [...text].slice(0, most - 1).join('') + '…' : text };
const style = (element, pseudo) => getComputedStyle(element, pseudo);
const round = number => Math.round(number * 100) / 100;
const SERIES = new RegExp('@SERIES@');
const KEYLINE = new RegExp('@KEYLINE@');
const inSVG = element => element.namespaceURI === 'http://www.w3.org/2000/svg';

const visible = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true });

// 'svg#f1 text "0.01"': enough to find the element by.
function name(element) {
  const tag = element.localName + (element.id ? '#' + element.id : '') +
    [...element.classList].slice(0, 2).map(word => '.' + word).join('');
  const text = shorten(element.closest('svg') && element.localName === 'svg' ? '' : element.textContent, 30);
  let at = '';
  const owner = element.localName === 'svg' ? null : element.closest('svg');
  if (owner) at = name(outermost(owner)) + ' ';
  else {
    const anchor = element.parentElement && element.parentElement.closest('[id]');
    if (!element.id && anchor && anchor.localName !== 'main') at = '#' + anchor.id + ' ';
  }
  let label = '';
  if (element.localName === 'svg') label = ' «' + shorten(svgTitle(element), 24) + '»';
  if (element.localName === 'a' && element.hasAttribute('href')) label += `[href="${shorten(element.getAttribute('href'), 40)}"]`;
  // A shape has no words; where it is drawn tells it from the others.
  const shape = owner && ['d', 'points', 'x1', 'x', 'cx', 'href'].find(a => element.hasAttribute(a));
  if (shape && !text) label += `[${shape}="${shorten(element.getAttribute(shape), 24)}"]`;
  return at + tag + label + (text ? ' “' + text + '”' : '');
}

function outermost(svg) {
  while (svg.parentElement && svg.parentElement.closest('svg')) svg = svg.parentElement.closest('svg');
  return svg;
}

const figures = () => all('svg').filter(svg => svg === outermost(svg) && visible(svg) && svg.getAttribute('aria-hidden') !== 'true');

function referred(element, attribute) {
  return (element.getAttribute(attribute) || '').split(/\s+/).filter(Boolean).map(id => document.getElementById(id)).filter(Boolean);
}
const child = (svg, tag) => [...svg.children].find(e => e.localName === tag);
function svgName(svg) {
  const by = referred(svg, 'aria-labelledby');
  if (by.length) return squeeze(by.map(e => e.textContent).join(' '));
  return squeeze(svg.getAttribute('aria-label') || (child(svg, 'title') || {}).textContent);
}
// The name without the long description that some put into aria-labelledby as well.
function svgTitle(svg) {
  const by = referred(svg, 'aria-labelledby').filter(e => e.localName !== 'desc');
  return by.length ? squeeze(by.map(e => e.textContent).join(' ')) : svgName(svg);
}
function svgDescription(svg) {
  const by = [...referred(svg, 'aria-describedby'), ...referred(svg, 'aria-labelledby').filter(e => e.localName === 'desc')];
  const own = child(svg, 'desc');
  if (own && !by.includes(own)) by.push(own);
  return squeeze([...by.map(e => e.textContent), svg.getAttribute('aria-description') || ''].join(' '));
}

// ------------------------------------------------------------------ names, ids, references, tab stops
function structure() {
  const found = [], add = (check, element, what) => found.push({ check, element: typeof element === 'string' ? element : name(element), what });
  const seen = new Map();
  for (const e of all('[id]')) {
    if (!e.id) add('id', e, 'an empty id');
    else if (seen.has(e.id)) add('id', e, `the id “${e.id}” is also on ${name(seen.get(e.id))}`);
    else seen.set(e.id, e);
  }
  const lists = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'aria-details', 'aria-flowto', 'aria-errormessage', 'aria-activedescendant', 'for', 'headers', 'list', 'form', 'popovertarget', 'itemref'];
  for (const attribute of lists) for (const e of all(`[${attribute}]`)) {
    if (attribute === 'list' && e.localName !== 'input') continue;
    const ids = e.getAttribute(attribute).split(/\s+/).filter(Boolean);
    if (!ids.length) add('idref', e, `${attribute} is empty`);
    for (const id of ids) if (!seen.has(id)) add('idref', e, `${attribute}="${id}" names no element`);
  }
  for (const e of all('*')) {
    for (const attribute of ['href', 'xlink:href']) {
      const value = e.getAttribute(attribute);
      if (!value || value[0] !== '#' || value === '#' || value === '#top') continue;
      let id = value.slice(1);
      try { id = decodeURIComponent(id) } catch { }
      if (!seen.has(id) && !seen.has(value.slice(1)) && !all('a[name]').some(a => a.name === id)) add('idref', e, `${attribute}="${shorten(value, 60)}" leads nowhere`);
    }
    if (inSVG(e)) for (const { name: attribute, value } of e.attributes)
      for (const [, id] of value.matchAll(/url\(\s*["']?#([^"')]+)/g))
        if (!seen.has(id)) add('idref', e, `${attribute}="${shorten(value, 60)}" names no element`);
  }
  const titles = new Map(), shown = figures(), notes = [];
  for (const svg of shown) {
    if (svg.getAttribute('role') !== 'img') { add('figure-name', svg, 'an svg that is neither role="img" nor aria-hidden="true"'); continue }
    const title = svgTitle(svg), numbers = (svgDescription(svg).match(/\d+(?:[.,]\d+)*/g) || []).length;
    if ([...title].length < 8) add('figure-name', svg, `the accessible name “${title}” has ${[...title].length} characters, at least 8 wanted`);
    else if (titles.has(title)) add('figure-name', svg, `the accessible name “${shorten(title)}” is also that of figure ${titles.get(title)}`);
    else titles.set(title, titles.size + 1);
    if (referred(svg, 'aria-labelledby').some(e => e.localName === 'desc'))
      notes.push(`${name(svg)}: aria-labelledby puts the desc into the name, and browsers give it as the description too: it is read twice (aria-labelledby="the title" and aria-describedby="the desc" do not)`);
    if (numbers < 2) add('figure-description', svg, `the description has ${numbers} numbers, at least 2 wanted`);
  }
  for (const e of all('svg, svg *')) {
    if (e.hasAttribute('tabindex') ? +e.getAttribute('tabindex') >= 0 : e.getAttribute('focusable') === 'true' || (e.localName === 'a' && (e.hasAttribute('href') || e.hasAttribute('xlink:href'))))
      add('svg-tab-stop', e, 'can be reached with the Tab key');
  }
  for (const e of all('script')) if (!e.hasAttribute('data-pages') && e.getAttribute('src') !== 'drag.js') add('script', e, 'a script element');
  return { found, notes, counts: { figures: shown.length } };
}

// ------------------------------------------------------------------ figures whose scale can be dragged
// Dragged to the scale of a frame, the bars must stand as that frame draws them; a radio button brings the frame back.
function drags() {
  const found = [];
  const add = (e, what) => found.push({ check: 'drag', element: name(e), what });
  const heights = path => [...path.getAttribute('d').matchAll(/h[\d.]+(?:v([\d.]+))?/g)].map(m => +(m[1] || 0));
  let tried = 0;
  for (const figure of all('figure[data-scores]')) {
    const slider = figure.querySelector('.drag input');
    if (!slider) { add(figure, 'no slider appeared'); continue; }
    const drawn = [...figure.querySelectorAll('.p1 svg .s path')].map(path => path.getAttribute('d'));
    const labels = [...figure.querySelectorAll('.frame-picker label:not(.drag)')];
    labels.forEach((label, index) => {
      const match = label.textContent.trim().match(/^([\d.]*)√d$/);
      const power = match ? Math.log2(match[1] === '' ? 1 : +match[1]) : NaN;
      if (!Number.isInteger(power)) return;
      slider.value = power;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      tried++;
      const [wide, compact] = [...figure.querySelectorAll('.p1 svg .s path')].map(heights);
      const [wanted, wantedCompact] = [...figure.querySelectorAll(`.p${index + 1} svg .s path`)].map(
        (path, layout) => index === 0 ? heights({ getAttribute: () => drawn[layout] }) : heights(path));
      const far = [wide, compact].some((bars, layout) => bars.length !== [wanted, wantedCompact][layout].length
        || bars.some((height, key) => Math.abs(height - [wanted, wantedCompact][layout][key]) > 0.15));
      if (far) add(figure, `dragged to ${label.textContent.trim()}, the bars are not those of that frame`);
    });
    labels[0].querySelector('input').click();
    const back = [...figure.querySelectorAll('.p1 svg .s path')].map(path => path.getAttribute('d'));
    if (back.join() !== drawn.join() || figure.classList.contains('dragged')) add(figure, 'the first frame does not come back');
    if (!tried) add(figure, 'no frame is at a power of two times √d, so nothing was compared');
  }
  return { found, counts: { dragged: tried } };
}

// ------------------------------------------------------------------ texts of charts, as boxes of ink
// How many characters that are laid out each text node below `element` has, in order.
function portions(element, total) {
  const parts = [];
  let known = 0, own = [];
  for (const node of element.childNodes) {
    if (node.nodeType === 3 && node.data) { const part = { element, node, length: null }; parts.push(part); own.push(part) }
    else if (node.nodeType === 1 && node.getNumberOfChars && node.localName !== 'title' && node.localName !== 'desc') {
      const count = node.getNumberOfChars();
      known += count;
      parts.push(...portions(node, count));
    }
  }
  let left = total - known;
  own.forEach((part, i) => {
    const raw = part.node.data.length, packed = part.node.data.replace(/\s+/g, ' ').length;
    const exact = own.reduce((sum, p) => sum + p.node.data.length, 0) === total - known;
    part.length = i === own.length - 1 ? left : Math.min(left, exact ? raw : packed);
    left -= part.length;
  });
  return parts;
}

function inkBoxes(svg) {
  const boxes = [];
  for (const text of all('text', svg)) {
    if (!visible(text) || !squeeze(text.textContent)) continue;
    const total = text.getNumberOfChars();
    if (!total) continue;
    const matrix = text.getScreenCTM(), scale = Math.hypot(matrix.c, matrix.d);
    let index = 0;
    for (const part of portions(text, total)) {
      const size = parseFloat(style(part.element).fontSize), end = Math.min(total, index + part.length);
      let run = null;
      const flush = () => {
        if (!run || !squeeze(run.text)) return;
        const at = (x, y) => ({ x: matrix.a * x + matrix.c * y + matrix.e, y: matrix.b * x + matrix.d * y + matrix.f });
        const top = run.y - .75 * size, bottom = run.y + .2 * size;
        boxes.push({ text, element: part.element, run: squeeze(run.text), baseline: run.y, size, effective: size * scale, scale,
          points: [at(run.left, top), at(run.right, top), at(run.right, bottom), at(run.left, bottom)] });
      };
      const letters = part.node.data.length === part.length ? part.node.data : part.node.data.replace(/\s+/g, ' ').replace(/^ /, part.length === part.node.data.replace(/\s+/g, ' ').length ? ' ' : '');
      for (let i = index; i < end; i++) {
        let from, to;
        try { from = text.getStartPositionOfChar(i); to = text.getEndPositionOfChar(i) } catch { continue }
        const left = Math.min(from.x, to.x), right = Math.max(from.x, to.x), letter = letters[i - index] || '';
        // Spaces at the ends leave no ink.
        if (!letter.trim() && letter) { if (run) run.pending = (run.pending || '') + letter; continue }
        if (run && Math.abs(from.y - run.y) < .01 && left - run.right < size && left - run.right > -.3 * size) {
          run.text += (run.pending || '') + letter; run.pending = ''; run.right = Math.max(run.right, right);
        } else {
          flush();
          run = { text: letter, left, right, y: from.y };
        }
      }
      flush();
      index = end;
    }
  }
  return boxes;
}

// By how much two convex quadrilaterals go into each other: the least push that parts them.
function intrusion(a, b) {
  let least = Infinity;
  for (const shape of [a, b]) for (let i = 0; i < 2; i++) {
    const dx = shape[i + 1].x - shape[i].x, dy = shape[i + 1].y - shape[i].y, length = Math.hypot(dx, dy);
    if (length < 1e-6) continue;
    const along = points => { const v = points.map(p => (p.x * -dy + p.y * dx) / length); return [Math.min(...v), Math.max(...v)] };
    const [a0, a1] = along(a), [b0, b1] = along(b);
    least = Math.min(least, Math.min(a1, b1) - Math.max(a0, b0));
    if (least <= 0) return 0;
  }
  return least === Infinity ? 0 : least;
}

function chartTexts(smallest) {
  const found = [], boxes = [], add = (check, element, what) => found.push({ check, element: name(element), what });
  for (const svg of all('svg').filter(s => s === outermost(s) && visible(s))) {
    const frame = svg.getBoundingClientRect();
    for (const box of inkBoxes(svg)) {
      const xs = box.points.map(p => p.x), ys = box.points.map(p => p.y);
      Object.assign(box, { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) });
      const out = [['left', frame.left - box.left], ['right', box.right - frame.right], ['top', frame.top - box.top], ['bottom', box.bottom - frame.bottom]].filter(side => side[1] > 1);
      if (out.length) add('text-outside', box.text, `“${shorten(box.run)}” leaves its svg by ${out.map(([side, by]) => `${round(by)} px at the ${side}`).join(', ')}`);
      if (box.effective < smallest - .01) add('text-small', box.text, `“${shorten(box.run)}” is ${round(box.effective)} px (${box.size} px × ${round(box.scale)}), at least ${smallest} px wanted`);
      boxes.push(box);
    }
  }
  boxes.sort((a, b) => a.left - b.left);
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length && boxes[j].left < boxes[i].right - 1; j++) {
    const a = boxes[i], b = boxes[j];
    if (a.bottom - 1 <= b.top || b.bottom - 1 <= a.top) continue;
    if (a.text === b.text && Math.abs(a.baseline - b.baseline) < .5 * Math.max(a.size, b.size)) continue;
    const depth = intrusion(a.points, b.points);
    if (depth > 1) add('text-overlap', a.text, `“${shorten(a.run)}” and “${shorten(b.run)}” go into each other by ${round(depth)} px`);
  }
  return { found, counts: { texts: boxes.length } };
}

// ------------------------------------------------------------------ boxes of the page
const scrolls = value => value === 'auto' || value === 'scroll';
function clippedBy(element) {
  for (let e = element.parentElement; e && e !== document.body && e !== document.documentElement; e = e.parentElement)
    if (style(e).overflowX !== 'visible') return e;
  return null;
}

function boxes() {
  const found = [], add = (check, element, what) => found.push({ check, element: name(element), what });
  const root = document.documentElement, width = root.clientWidth;
  let scrollers = 0;
  const wide = root.scrollWidth - width, culprits = [];
  for (const e of all('body, body *')) {
    if (inSVG(e) && e.localName !== 'svg' || inSVG(e) && e !== outermost(e) || !visible(e)) continue;
    const look = style(e), box = e.getBoundingClientRect();
    if (e !== document.body && (scrolls(look.overflowX) && e.scrollWidth > e.clientWidth + 1 || scrolls(look.overflowY) && e.scrollHeight > e.clientHeight + 1)) {
      scrollers++;
      if (e.tabIndex < 0) add('scroll-focus', e, `scrolls (${e.scrollWidth} × ${e.scrollHeight} px in ${e.clientWidth} × ${e.clientHeight}) but has no tabindex="0"`);
    }
    if (!box.width || !box.height || look.display === 'contents') continue;
    const placed = look.position === 'absolute' || look.position === 'fixed', clip = clippedBy(e);
    if (!clip && box.right > width + 1 && box.left < width) culprits.push([e, box.right - width, 'right']);
    if (!clip && box.left < -1 && box.right > 1) culprits.push([e, -box.left, 'left']);
    if (!clip && box.left >= width) culprits.push([e, box.right - width, 'right']);
    if (placed || e === document.body) continue;
    if (!look.display.startsWith('inline')) {
      let holder = e.parentElement;
      while (holder && (style(holder).display === 'contents' || style(holder).display === 'inline')) holder = holder.parentElement;
      // Cells and rows are laid out by their table; what a scroll box holds may be wider than it.
      if (holder && holder !== root && !look.display.startsWith('table-') && !scrolls(style(holder).overflowX)) {
        const s = style(holder), inner = holder.getBoundingClientRect().width - parseFloat(s.borderLeftWidth) - parseFloat(s.borderRightWidth) - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight);
        if (box.width > inner + 1) { add('too-wide', e, `${round(box.width)} px wide in a container of ${round(inner)} px (${name(holder)})`); continue }
      }
    }
    // Words that stick out of their own box.
    if (look.display !== 'inline' && look.overflowX === 'visible' && e.clientWidth && e.scrollWidth > e.clientWidth + 1 && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim() || n.nodeType === 1 && style(n).display.startsWith('inline'))) {
      const line = document.createRange();
      line.selectNodeContents(e);
      const edge = Math.max(...[...line.getClientRects()].map(r => r.right), -Infinity), by = edge - box.right;
      if (by > 1) add('too-wide', e, `its content ends ${round(by)} px to the right of its box`);
    }
  }
  if (wide > 0) found.push({ check: 'page-overflow', element: 'html', what: `the page is ${root.scrollWidth} px wide in a window of ${width} px (${wide} px too much)` });
  const innermost = culprits.filter(([e]) => !culprits.some(([other]) => other !== e && e.contains(other)));
  for (const [e, by, side] of innermost) add('page-overflow', e, `reaches ${round(by)} px out of the window at the ${side}`);
  return { found, counts: { scrollers, height: root.scrollHeight } };
}

// ------------------------------------------------------------------ contrast
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const parsed = new Map();
function colour(value) {
  if (!parsed.has(value)) {
    const m = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(value);
    if (m) parsed.set(value, [+m[1], +m[2], +m[3], m[4] === undefined ? 1 : +m[4]]);
    else if (/^url|^none$|context-/.test(value)) parsed.set(value, null);
    else {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = '#000';
      canvas.fillStyle = value;
      canvas.fillRect(0, 0, 1, 1);
      const d = canvas.getImageData(0, 0, 1, 1).data;
      parsed.set(value, [d[0], d[1], d[2], d[3] / 255]);
    }
  }
  return parsed.get(value);
}
const mix = (below, above, share) => below.map((v, i) => v * (1 - share) + above[i] * share);
const over = (below, paint, alpha = 1) => mix(below, paint, paint[3] * alpha).slice(0, 3);
const light = c => { const f = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; return .2126 * f(c[0]) + .7152 * f(c[1]) + .0722 * f(c[2]) };
const ratio = (a, b) => { const x = light(a), y = light(b); return (Math.max(x, y) + .05) / (Math.min(x, y) + .05) };
const hex = c => '#' + c.slice(0, 3).map(v => Math.round(v).toString(16).padStart(2, '0')).join('');

function canvasColour() {
  const scheme = style(document.documentElement).colorScheme;
  const probe = document.createElement('i');
  probe.style.cssText = `color-scheme:${scheme};background:Canvas;display:none`;
  document.documentElement.append(probe);
  const base = colour(style(probe).backgroundColor).slice(0, 3);
  probe.remove();
  return base;
}
function pageColour() {
  let base = canvasColour();
  for (const e of [document.documentElement, document.body]) base = over(base, colour(style(e).backgroundColor) || [0, 0, 0, 0]);
  return base;
}

// What matters of an element for what lies on it, read once.
let layers = new Map(), base = null;
function layerOf(e) {
  if (!layers.has(e)) {
    const look = style(e), up = e.parentElement ? layerOf(e.parentElement) : { below: base, plain: true, unknown: null };
    const own = inSVG(e) && e.localName !== 'svg' ? null : colour(look.backgroundColor), image = !inSVG(e) && look.backgroundImage !== 'none';
    layers.set(e, { own, opacity: +look.opacity, plain: up.plain && +look.opacity === 1, below: own && own[3] ? over(up.below, own) : up.below,
      unknown: image ? e : own && own[3] === 1 ? null : up.unknown });
  }
  return layers.get(e);
}

// What a pixel of `element` shows with and without `paint` on it: backgrounds and opacities of everything around it.
function shown(element, paint, extra) {
  const { plain, below, unknown } = layerOf(element);
  if (plain && !extra) return { with: over(below, ...paint), without: below, unknown };
  const chain = [];
  for (let e = element; e; e = e.parentElement) chain.unshift(e);
  const layer = (i, under, painted) => {
    const e = chain[i], { own, opacity } = layerOf(e);
    let inner = own ? over(under, own) : under;
    if (e.localName === 'svg' && extra) for (const [c, alpha] of extra) inner = over(inner, c, alpha);
    inner = i === chain.length - 1 ? (painted ? over(inner, painted[0], painted[1]) : inner) : layer(i + 1, inner, painted);
    return mix(under, inner, opacity);
  };
  return { with: layer(0, base, paint), without: layer(0, base, null), unknown };
}

// Filled shapes that a chart's text stands on, from the lowest up.
function beneath(text, shapes) {
  const box = text.getBoundingClientRect(), x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2, found = [];
  for (const shape of shapes) {
    if (!(shape.element.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
    const b = shape.box;
    if (x < b.left || x > b.right || y < b.top || y > b.bottom) continue;
    const m = shape.element.getScreenCTM();
    if (!m || !shape.element.isPointInFill(new DOMPoint(x, y).matrixTransform(m.inverse()))) continue;
    found.push([shape.fill, shape.alpha]);
  }
  return found;
}
function opacityWithin(element) {
  let o = 1;
  for (let e = element; e && e.localName !== 'svg'; e = e.parentElement) o *= +style(e).opacity;
  return o;
}

function colours(least, leastData) {
  const found = [], add = (check, element, what) => found.push({ check, element: name(element), what });
  const notes = [];
  // Tooltips are read as well, though they show one at a time.
  const sheet = document.createElement('style');
  sheet.textContent = '.checked > .evidence { display: block !important }';
  document.head.append(sheet);
  layers = new Map();
  base = canvasColour();
  const page = pageColour(), shapes = new Map(), elements = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.trim()) elements.add(walker.currentNode.parentElement);
  let texts = 0, lowest = Infinity;
  const compare = (element, paint, alpha, extra, label) => {
    if (!paint) { notes.push(`${name(element)}: its paint cannot be measured`); return }
    const { with: fore, without: back, unknown } = shown(element, [paint, alpha], extra);
    if (unknown) notes.push(`${name(element)}: on a background image of ${name(unknown)}`);
    const r = ratio(fore, back);
    texts++;
    lowest = Math.min(lowest, r);
    if (r < least - .005) add('contrast-text', element, `${label}${hex(fore)} on ${hex(back)} is ${round(r)} : 1, at least ${least} wanted`);
  };
  for (const e of elements) {
    if (['SCRIPT', 'STYLE', 'TEMPLATE', 'NOSCRIPT', 'OPTION'].includes(e.tagName) || !visible(e)) continue;
    const look = style(e);
    if (!inSVG(e)) { compare(e, colour(look.color), 1, null, ''); continue }
    const svg = outermost(e.closest('svg'));
    if (!e.closest('text')) continue;
    const outline = colour(look.stroke), matrix = e.getScreenCTM ? e.getScreenCTM() : svg.getScreenCTM();
    let extra;
    if (outline && look.paintOrder.startsWith('stroke') && outline[3] * +look.strokeOpacity > .9 && parseFloat(look.strokeWidth) * Math.hypot(matrix.c, matrix.d) >= 2)
      extra = [[outline, 1]];
    else {
      if (!shapes.has(svg)) shapes.set(svg, all('rect, path, circle, ellipse, polygon, polyline', svg).flatMap(s => {
        const l = style(s), fill = colour(l.fill), alpha = fill && fill[3] * +l.fillOpacity * opacityWithin(s);
        return fill && alpha > .01 && !s.closest('defs, clipPath, mask, pattern, marker, symbol') && visible(s) ? [{ element: s, fill: [...fill.slice(0, 3), 1], alpha, box: s.getBoundingClientRect() }] : [];
      }));
      extra = beneath(e, shapes.get(svg));
    }
    compare(e, colour(look.fill), +look.fillOpacity, extra, '');
  }
  for (const e of all('body, body *')) {
    if (inSVG(e)) continue;
    for (const pseudo of ['::before', '::after']) {
      const look = style(e, pseudo);
      if (look.content === 'none' || look.content === 'normal' || /^(""|'')$/.test(look.content) || look.display === 'none' || !visible(e)) continue;
      if (/^url|gradient/.test(look.content)) continue;
      const value = colour(look.color);
      compare(e, value, +look.opacity, null, `${pseudo} ${look.content}: `);
    }
  }

  // Data: every stroke of a series, and the fills of series that are drawn without one.
  let strokes = 0, lowestData = Infinity;
  const groups = new Map();
  for (const e of all('svg path, svg line, svg polyline, svg polygon, svg rect, svg circle, svg ellipse, svg use')) {
    if (e.closest('defs, clipPath, mask, pattern, marker, symbol') || !visible(e)) continue;
    let owner = e;
    while (owner && owner.localName !== 'svg' && ![...owner.classList].some(word => SERIES.test(word))) owner = owner.parentElement;
    if (!owner || owner.localName === 'svg') continue;
    const look = style(e), chain = opacityWithin(e) * +style(outermost(e.closest('svg'))).opacity;
    const measure = (value, opacity, on) => {
      const paint = colour(value);
      if (!paint || !on) return null;
      const alpha = paint[3] * opacity * chain;
      return { r: ratio(over(page, [...paint.slice(0, 3), alpha]), page), alpha, shown: hex(over(page, [...paint.slice(0, 3), alpha])) };
    };
    const stroke = measure(look.stroke, +look.strokeOpacity, parseFloat(look.strokeWidth) > 0), extent = e.getBBox(),
      // A straight line has a fill by default, and no area.
      fill = measure(look.fill, +look.fillOpacity, extent.width > 0 && extent.height > 0);
    if (!stroke && !fill) continue;
    if (!groups.has(owner)) groups.set(owner, []);
    const best = Math.max(stroke ? stroke.r : 0, fill && fill.alpha > 0 ? fill.r : 0);
    groups.get(owner).push(best);
    if (stroke) {
      strokes++;
      // A stroke in the page's own colour parts marks from what they lie on; the datum is the fill, or the next element.
      const parts = stroke.r < 1.05 && (fill && fill.r >= leastData || [...e.classList].some(word => KEYLINE.test(word)));
      if (!parts) lowestData = Math.min(lowestData, stroke.r);
      if (!parts && stroke.r < leastData - .005) add('contrast-data', e, `${series(owner)}: stroke ${stroke.shown} on ${hex(page)} is ${round(stroke.r)} : 1, at least ${leastData} wanted`);
    } else if (fill && fill.alpha >= .5 && fill.r < leastData - .005)
      add('contrast-data', e, `${series(owner)}: fill ${fill.shown} on ${hex(page)} is ${round(fill.r)} : 1, at least ${leastData} wanted`);
  }
  for (const [owner, ratios] of groups) if (Math.max(...ratios) < leastData - .005)
    add('contrast-data', owner, `${series(owner)}: nothing in it reaches ${leastData} : 1 on ${hex(page)}; the most is ${round(Math.max(...ratios))}`);
  sheet.remove();
  return { found, notes, counts: { coloured: texts, lowest: texts ? round(lowest) : null, strokes, lowestData: strokes ? round(lowestData) : null, page: hex(page) } };
}
function series(owner) {
  const title = child(owner, 'title');
  return 'series ' + (title ? `“${shorten(title.textContent, 24)}” ` : '') + [...owner.classList].map(word => '.' + word).join('');
}

// ------------------------------------------------------------------ tooltips
const pairs = () => all('.checked').filter(visible).map(c => ({ checked: c, link: c.querySelector('a, button, [tabindex]'), tip: c.querySelector(':scope > .evidence') }));
function judge(tip, by, link) {
  const found = [], add = (check, what) => found.push({ check, element: name(link), what });
  const box = tip.getBoundingClientRect(), w = document.documentElement.clientWidth, h = innerHeight;
  if (!visible(tip) || box.width < 1 || box.height < 1) { add('tooltip-hidden', `its tooltip does not show on ${by}`); return found }
  const out = [['left', -box.left], ['right', box.right - w], ['top', -box.top], ['bottom', box.bottom - h]].filter(side => side[1] > .5);
  if (out.length) { add('tooltip-outside', `its tooltip (${round(box.width)} × ${round(box.height)} px) leaves the ${w} × ${h} window by ${out.map(([side, much]) => `${round(much)} px at the ${side}`).join(', ')}`); return found }
  const inset = Math.min(8, box.width / 4, box.height / 4), spots = [[.5, .5], [0, 0], [1, 0], [0, 1], [1, 1]].map(([x, y]) => [box.left + inset + x * (box.width - 2 * inset), box.top + inset + y * (box.height - 2 * inset)]);
  const covered = spots.map(([x, y]) => document.elementFromPoint(x, y)).find(e => !e || !tip.contains(e));
  if (covered !== undefined) add('tooltip-covered', `its tooltip is cut off or covered${covered ? ' by ' + name(covered) : ''}`);
  return found;
}
function tooltips() {
  const found = [], list = pairs();
  for (const { checked, link, tip } of list) {
    if (!tip || !link) { found.push({ check: 'tooltip-hidden', element: name(checked), what: !link ? 'nothing in it can be focused' : 'it has no tooltip' }); continue }
    if (visible(tip)) found.push({ check: 'tooltip-hidden', element: name(link), what: 'its tooltip shows before it is hovered or focused' });
    link.scrollIntoView({ block: 'center', behavior: 'instant' });
    link.focus({ preventScroll: true });
    found.push(...(document.activeElement === link ? judge(tip, 'focus', link) : [{ check: 'tooltip-hidden', element: name(link), what: 'it cannot be focused' }]));
    link.blur();
  }
  return { found, counts: { tooltips: list.length } };
}
function hoverSpot(index) {
  const pair = pairs()[index];
  if (!pair || !pair.link || !pair.tip) return null;
  pair.link.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = pair.link.getClientRects()[0];
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
}
function hovered(index) {
  const { link, tip } = pairs()[index];
  return judge(tip, 'hover', link);
}

// ------------------------------------------------------------------ fonts
// Every family that the page names becomes the wanted one, so that what is measured does not hang on this machine.
async function dress(kind) {
  const faces = { Liberation: { sans: 'Liberation Sans', serif: 'Liberation Serif', mono: 'Liberation Mono' }, DejaVu: { sans: 'DejaVu Sans', serif: 'DejaVu Serif', mono: 'DejaVu Sans Mono' } }[kind];
  const generic = word => /mono/.test(word) ? 'mono' : word === 'serif' || word === 'ui-serif' ? 'serif' : /^(sans-serif|system-ui|ui-sans-serif|ui-rounded)$/.test(word) ? 'sans' : null;
  const families = new Map();
  for (const value of new Set(all('body, body *').map(e => style(e).fontFamily))) {
    const words = value.match(/"[^"]*"|[^,\s][^,]*/g).map(w => w.trim()), last = generic(words[words.length - 1]) || 'serif';
    for (const word of words) if (!generic(word)) families.set(word.replace(/"/g, ''), families.get(word.replace(/"/g, '')) || last);
  }
  const east = /CJK|PingFang|YaHei|Songti|SimSun|SimHei|Heiti|Kaiti|Hiragino|Source Han|WenQuanYi|Noto (Sans|Serif) (SC|TC|JP|KR)/;
  const rules = [];
  for (const [family, kindOfFace] of families) {
    if (east.test(family)) {
      if (/Mono/.test(family)) continue;
      for (const [weight, full, short] of [['1 500', 'Noto Sans CJK SC', 'NotoSansCJKsc-Regular'], ['501 1000', 'Noto Sans CJK SC Bold', 'NotoSansCJKsc-Bold']])
        rules.push(`@font-face{font-family:"${family}";font-weight:${weight};src:local("${full}"),local("${short}")}`);
      continue;
    }
    const face = faces[kindOfFace], post = face.replace(/ /g, '');
    for (const [weight, bold] of [['1 500', ''], ['501 1000', 'Bold']]) {
      rules.push(`@font-face{font-family:"${family}";font-weight:${weight};src:local("${face}${bold && ' ' + bold}"),local("${post}${bold && '-' + bold}")}`);
      if (kind === 'Liberation') rules.push(`@font-face{font-family:"${family}";font-weight:${weight};font-style:italic;src:local("${face}${bold && ' ' + bold} Italic"),local("${post}-${bold}Italic")}`);
    }
  }
  const sheet = document.createElement('style');
  sheet.textContent = rules.join('\n');
  document.head.append(sheet);
  // A stack that names no family at all ends in the generic one; that is set in the browser.
  await Promise.allSettled([...document.fonts].map(face => face.load()));
  await document.fonts.ready;
  const samples = [...all('svg text').filter(visible).filter(e => /[0-9A-Za-z]/.test(e.textContent)).slice(0, 1), ...all('body h1, body p').filter(visible).filter(e => /[0-9A-Za-z]/.test([...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join(''))).slice(0, 1)];
  samples.forEach((e, i) => e.setAttribute('data-pages-sample', i));
  return samples.length;
}

function openAll() {
  const closed = all('details:not([open])');
  for (const e of closed) { e.removeAttribute('name'); e.open = true }
  return closed.length;
}

async function axeRun() {
  const result = await axe.run(document, { resultTypes: ['violations'] });
  return { version: axe.version, passes: result.passes.length, incomplete: result.incomplete.length,
    found: result.violations.flatMap(v => v.nodes.map(n => ({ check: 'axe', element: n.target.flat(Infinity).join(' '), what: `${v.id} (${v.impact}): ${v.help}` }))) };
}

function summary() {
  const title = document.querySelector('h1');
  const figure = f => f.querySelector('.chart-title') || f.querySelector('figcaption');
  return { title: squeeze(title ? title.textContent : document.title),
    figures: all('figure').map(f => squeeze(figure(f) ? figure(f).textContent : svgTitle(f.querySelector('svg') || f))).filter(Boolean),
    // The words in each of a figure's pictures, of which one layout is shown.
    labels: all('figure').map(f => all('svg', f).filter(s => s === outermost(s)).map(s => all('text', s).map(t => squeeze(t.textContent)).filter(Boolean))).filter(l => l.length),
    // The last words of what is folded up, outside figures, whose data only repeat their pictures.
    folded: all('details').filter(d => !d.closest('figure, nav')).map(d => all('th[scope=row], dd, pre', d).pop()).filter(Boolean)
      .map(e => squeeze(e.textContent).slice(-40)),
    sheets: [...document.styleSheets].map(s => { try { return s.cssRules.length } catch { return -1 } }),
    look: [style(document.body).fontFamily, style(document.body).backgroundColor, document.documentElement.scrollHeight] };
}

return { structure, drags, chartTexts, boxes, colours, tooltips, hoverSpot, hovered, dress, openAll, axeRun, summary };
})();
0
""".replace("@SERIES@", SERIES_CLASS.replace("\\", "\\\\")).replace("@KEYLINE@", KEYLINE_CLASS)
