// Exact values of a chart: on hover those of the nearest mark, and by arrow keys one after the other.
// A mark is an element of the chart with a title, which says its value.

const isShown = (svg) => svg.getClientRects().length > 0;

function enhance(figure) {
  if (figure.dataset.ready) return;
  figure.dataset.ready = 'yes';
  const plot = figure.querySelector('.plot');
  const links = figure.dataset.links ? JSON.parse(figure.dataset.links) : [];
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  tip.setAttribute('aria-hidden', 'true');
  plot.append(tip);
  const spoken = document.createElement('span');
  spoken.className = 'visually-hidden';
  spoken.setAttribute('aria-live', 'polite');
  plot.append(spoken);
  for (const svg of plot.querySelectorAll('svg')) prepare(svg);

  function prepare(svg) {
    const marks = [...svg.querySelectorAll('title')].map((title) => title.parentElement).filter((mark) => mark !== svg);
    // Own tips take the place of the browser's.
    const texts = marks.map((mark) => {
      const title = mark.querySelector(':scope > title');
      const text = title.textContent;
      title.remove();
      mark.dataset.value = text;
      return text;
    });
    if (!marks.length) return;
    // One stop for the keyboard; arrows lead from mark to mark.
    for (const link of svg.querySelectorAll('a')) link.setAttribute('tabindex', '-1');
    const target = (index) => links[index] ?? marks[index]?.closest('a')?.getAttribute('href');
    let current = -1;
    svg.setAttribute('tabindex', '0');

    function show(index, speak) {
      if (index === current && !tip.hidden) return;
      marks[current]?.classList.remove('mark-on');
      current = index;
      if (index < 0) { tip.hidden = true; return; }
      const mark = marks[index];
      if (mark.tagName === 'circle') mark.classList.add('mark-on');
      const frame = plot.getBoundingClientRect();
      const box = mark.getBoundingClientRect();
      tip.textContent = together(index);
      tip.hidden = false;
      const half = tip.offsetWidth / 2;
      const x = Math.min(Math.max(box.left + box.width / 2 - frame.left, half), frame.width - half);
      tip.style.left = `${x}px`;
      tip.style.top = `${Math.max(box.top - frame.top + (mark.tagName === 'circle' ? box.height / 2 : 0), tip.offsetHeight + 4)}px`;
      if (speak) spoken.textContent = texts[index];
    }

    // What the other lines say at the same place of the axis: "series, moment: value" for each.
    function together(index) {
      const place = marks[index].getAttribute('cx');
      const same = texts.filter((text, other) => place !== null && marks[other].getAttribute('cx') === place);
      const parts = same.map((text) => text.match(/^(.+?), (.+): (.+)$/s));
      const moment = parts[0]?.[2];
      if (parts.length < 2 || parts.some((part) => part?.[2] !== moment)) return texts[index];
      return [moment, ...parts.map((part) => `${part[1]}: ${part[3]}`)].join('\n');
    }

    function nearest(event) {
      const inside = marks.indexOf(event.target.closest?.('[data-value]'));
      if (inside >= 0) return inside;
      let best = -1;
      let distance = 48 ** 2;
      marks.forEach((mark, index) => {
        if (mark.tagName !== 'circle') return;
        const box = mark.getBoundingClientRect();
        const dx = box.left + box.width / 2 - event.clientX;
        const dy = (box.top + box.height / 2 - event.clientY) / 3;
        const square = dx * dx + dy * dy;
        if (square < distance) { best = index; distance = square; }
      });
      return best;
    }

    svg.addEventListener('pointermove', (event) => show(nearest(event), false));
    svg.addEventListener('pointerleave', () => show(-1, false));
    svg.addEventListener('blur', () => show(-1, false));
    svg.addEventListener('focus', () => { if (svg.matches(':focus-visible')) show(Math.max(current, 0), true); });
    svg.addEventListener('click', (event) => {
      const link = target(nearest(event));
      // A link of the chart itself is followed by the browser.
      if (link && !event.target.closest('a')) location.href = link;
    });
    svg.addEventListener('keydown', (event) => {
      const last = marks.length - 1;
      const next = { ArrowRight: current + 1, ArrowLeft: current - 1, ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: last }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        show(Math.min(Math.max(next, 0), last), true);
      } else if (event.key === 'Enter' && target(current)) {
        event.preventDefault();
        location.href = target(current);
      } else if (event.key === 'Escape') {
        show(-1, false);
      }
    });
  }
}

const all = (root) => root.querySelectorAll('[data-chart]').forEach(enhance);
all(document);
document.addEventListener('loaded', (event) => all(event.target));
