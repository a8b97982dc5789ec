// Events as they arrive. Rows come as markup that the server has made, so they look like those of the page.

const list = document.getElementById('live-list');
const state = document.getElementById('live-state');
const pause = document.getElementById('live-pause');
const waiting = document.getElementById('live-waiting');
const rowsMost = 300;
const heldMost = 300;

document.getElementById('live-controls').hidden = false;

let held = [];
let heldCount = 0;
let isPaused = false;
const stream = new EventSource(list.dataset.stream);

function say(kind, text) {
  state.dataset.state = kind;
  state.lastElementChild.textContent = text;
}

function draw(row) {
  const template = document.createElement('template');
  template.innerHTML = row;
  const item = template.content.firstElementChild;
  item.classList.add('fresh');
  list.prepend(item);
  document.getElementById('live-empty')?.remove();
  // What somebody has opened stays.
  for (let last = list.lastElementChild; list.children.length > rowsMost && last;) {
    const before = last.previousElementSibling;
    if (!last.querySelector('details[open]')) last.remove();
    last = before;
  }
}

function showWaiting() {
  waiting.hidden = heldCount === 0;
  waiting.firstElementChild.textContent = list.dataset.waiting.replace('#', heldCount.toLocaleString());
}

function release() {
  held.forEach(draw);
  held = [];
  heldCount = 0;
  showWaiting();
}

stream.addEventListener('open', () => { if (!isPaused) say('on', list.dataset.connected); });
stream.addEventListener('error', () => say('off', list.dataset.lost));
stream.addEventListener('row', (event) => {
  if (isPaused) {
    held.push(event.data);
    heldCount += 1;
    if (held.length > heldMost) held.shift();
    showWaiting();
  } else {
    draw(event.data);
  }
});
stream.addEventListener('left-out', (event) => {
  if (isPaused) { heldCount += Number(event.data); showWaiting(); }
});

pause.addEventListener('click', () => {
  isPaused = !isPaused;
  pause.setAttribute('aria-pressed', String(isPaused));
  pause.querySelector('span').textContent = isPaused ? pause.dataset.resume : pause.dataset.pause;
  const use = pause.querySelector('use');
  use.setAttribute('href', use.getAttribute('href').replace(/#.*/, isPaused ? '#play' : '#pause'));
  if (isPaused) say('off', list.dataset.paused);
  else { say('on', list.dataset.connected); release(); }
});
waiting.firstElementChild.addEventListener('click', release);
window.addEventListener('pagehide', () => stream.close());
