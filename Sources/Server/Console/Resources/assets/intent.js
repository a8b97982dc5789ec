// Who is in which state, as it changes. The server makes the markup, so it looks like the page's own.

const people = document.getElementById('intent-people');
const state = document.getElementById('intent-state');

document.getElementById('intent-controls').hidden = false;

const stream = new EventSource(people.dataset.stream);

function say(kind, text) {
  state.dataset.state = kind;
  const words = state.lastElementChild;
  if (words.textContent !== text) words.textContent = text;
}

stream.addEventListener('open', () => say('on', state.dataset.connected));
stream.addEventListener('error', () => say('off', state.dataset.lost));
stream.addEventListener('part', (event) => {
  // Nothing is taken from under a hand: what has the focus or is selected stays until it is let go.
  const selection = document.getSelection();
  const isHeld = people.contains(document.activeElement)
    || (!selection.isCollapsed && people.contains(selection.anchorNode));
  if (!isHeld) people.innerHTML = event.data;
});
window.addEventListener('pagehide', () => stream.close());
