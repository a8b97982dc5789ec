// A dashboard refreshes itself while it is looked at, prints, and is arranged by dragging.
import { csrf, load, say } from './console.js';

const grid = document.querySelector('[data-dashboard]');
document.documentElement.classList.add('ready');

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}

const seconds = Number(grid?.dataset.refresh);
if (seconds) {
  setInterval(() => {
    if (document.hidden || document.querySelector('dialog[open]')) return;
    load(grid, grid.dataset.url, { history: false }).catch((error) => say(error.message, 'warning'));
  }, seconds * 1000);
}

let dragged;
for (const tile of grid?.querySelectorAll('[data-tile]') ?? []) {
  tile.addEventListener('pointerdown', (event) => { tile.draggable = !event.target.closest('form, a, .plot, .table-box'); });
  tile.addEventListener('dragstart', (event) => {
    dragged = tile;
    event.dataTransfer.effectAllowed = 'move';
    tile.classList.add('dragged');
  });
  tile.addEventListener('dragend', () => tile.classList.remove('dragged'));
  tile.addEventListener('dragover', (event) => {
    if (!dragged || dragged === tile) return;
    event.preventDefault();
    tile.classList.add('over');
  });
  tile.addEventListener('dragleave', () => tile.classList.remove('over'));
  tile.addEventListener('drop', async (event) => {
    event.preventDefault();
    tile.classList.remove('over');
    if (!dragged || dragged === tile) return;
    const body = new URLSearchParams({ csrf: csrf(), move: `${dragged.dataset.tile}.${tile.dataset.tile}` });
    const answer = await fetch(grid.querySelector('[data-arrange]').dataset.arrange, { method: 'POST', body });
    if (answer.ok) location.reload();
    else say(answer.statusText, 'warning');
  });
}
