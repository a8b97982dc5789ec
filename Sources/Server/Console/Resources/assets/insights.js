// A builder answers while it is changed. The form is the question and the address is the form: what changes is asked of
// the server, which answers with the part of the page that is new. Without this file the same form has a button.
import { say } from './console.js';

const root = document.getElementById('insight');
const form = () => root.querySelector('[data-builder]');
document.documentElement.classList.add('ready');

// Where there is room, the question is always beside its answer.
const fold = () => root.querySelector('[data-fold]');
const isWide = matchMedia('(min-width: 1081px)');
const unfold = () => { if (isWide.matches) fold().open = true; };
isWide.addEventListener('change', unfold);
unfold();

let turn = 0;
let timer;

function address(extra) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form())) if (value !== '' || /\.(event|name)$/.test(name)) fields.append(name, value);
  const saved = new URL(location.href).searchParams.get('insight');
  if (saved) fields.append('insight', saved);
  for (const [name, value] of Object.entries(extra ?? {})) fields.append(name, value);
  return `${form().action}?${fields}`;
}

// Asks for a part: the answer alone, or the builder too when its fields change.
async function ask(part, extra) {
  const own = (turn += 1);
  clearTimeout(timer);
  const target = part === 'answer' ? root.querySelector('#answer') : root;
  target.classList.add('busy');
  target.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(`${address(extra)}&part=${part}`, { headers: { Accept: 'text/html' } });
    // A later question has overtaken this one.
    if (own !== turn) return;
    if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.detail ?? answer.statusText);
    const text = await answer.text();
    if (own !== turn) return;
    const focused = document.activeElement?.closest?.('[data-builder]') ? document.activeElement : null;
    const place = { id: focused?.id, name: focused?.name, value: focused?.value, rows: root.querySelectorAll('.event-row, .ask-filter').length };
    const scroll = form().scrollTop;
    const wasOpen = fold().open;
    target.innerHTML = text;
    fold().open = wasOpen;
    const url = new URL(answer.url);
    url.searchParams.delete('part');
    history.replaceState(null, '', url);
    target.dispatchEvent(new CustomEvent('loaded', { bubbles: true }));
    if (part !== 'answer') {
      form().scrollTop = scroll;
      refocus(place, extra);
    }
  } catch (error) {
    if (own === turn) say(error.message, 'warning');
  } finally {
    if (own === turn) {
      target.classList.remove('busy');
      target.removeAttribute('aria-busy');
    }
  }
}

// The keyboard goes on where it was: in a new row, on the button that moved one, or in the same field.
function refocus(place, extra) {
  if (extra?.add) {
    const own = [...form().querySelectorAll(`input[name^="${CSS.escape(extra.add)}."]`)].filter((field) => !field.value && /\.(event|name)$/.test(field.name));
    own.at(-1)?.focus();
  } else if (extra?.move) {
    const parts = extra.move.split('.');
    const [from, to] = parts.slice(-2).map(Number);
    const list = parts.slice(0, -2).join('.');
    const next = `${list}.${to}.${to + (to > from ? 1 : -1)}`;
    const back = `${list}.${to}.${from}`;
    (form().querySelector(`button[name="move"][value="${CSS.escape(next)}"]`) ?? form().querySelector(`button[name="move"][value="${CSS.escape(back)}"]`))?.focus();
  } else if (place.id) {
    document.getElementById(place.id)?.focus();
  }
}

root.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-builder]')) return;
  event.preventDefault();
  const button = event.submitter;
  if (button?.name) ask('all', { [button.name]: button.value });
  else ask('answer').then(showAnswer);
});

// Where the question covers its answer, it makes way.
function showAnswer() {
  if (isWide.matches) return;
  fold().open = false;
  root.querySelector('#answer').focus();
}

root.addEventListener('change', (event) => {
  if (!event.target.closest('[data-builder]')) return;
  if (event.target.matches('[data-date]')) form().querySelector('[name="days"][value="custom"]').checked = true;
  if (event.target.matches('[data-restructures]')) ask('all');
  else ask('answer');
});

root.addEventListener('input', (event) => {
  if (!event.target.closest('[data-builder]') || event.target.matches('select, [type="radio"]')) return;
  clearTimeout(timer);
  timer = setTimeout(() => ask('answer'), 500);
});

// Rows are dragged by their mark.
let dragged;
root.addEventListener('pointerdown', (event) => {
  const row = event.target.closest('[data-row]');
  if (row) row.draggable = Boolean(event.target.closest('.handle'));
});
root.addEventListener('dragstart', (event) => {
  dragged = event.target.closest?.('[data-row]');
  if (!dragged) return;
  event.dataTransfer.effectAllowed = 'move';
  dragged.classList.add('dragged');
});
root.addEventListener('dragend', () => {
  root.querySelectorAll('.dragged, .over').forEach((row) => row.classList.remove('dragged', 'over'));
  dragged = undefined;
});
const partner = (event) => {
  const row = event.target.closest?.('[data-row]');
  return dragged && row && row !== dragged && row.parentElement === dragged.parentElement ? row : undefined;
};
root.addEventListener('dragover', (event) => {
  const row = partner(event);
  root.querySelectorAll('.over').forEach((other) => other.classList.toggle('over', other === row));
  if (!row) return;
  event.preventDefault();
  row.classList.add('over');
});
root.addEventListener('drop', (event) => {
  const row = partner(event);
  if (!row) return;
  event.preventDefault();
  const [list, from] = split(dragged.dataset.row);
  const [, to] = split(row.dataset.row);
  ask('all', { move: `${list}.${from}.${to}` });
});
function split(path) {
  const place = path.lastIndexOf('.');
  return [path.slice(0, place), path.slice(place + 1)];
}
