// What every page has: messages that go away, dangerous actions that ask, and keys. All of it works without, too.
import './chart.js';
import './combobox.js';

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-close]');
  if (button) button.parentElement.remove();
  const copy = event.target.closest('[data-copy]');
  if (copy) copyText(copy);
  const dismiss = event.target.closest('[data-dismiss]');
  if (dismiss) dismiss.closest('dialog').close();
  const opener = event.target.closest('[data-opens]');
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
});

async function copyText(button) {
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  say(button.dataset.copied);
}

// A form that does something dangerous opens its dialog first.
document.addEventListener('submit', (event) => {
  const form = event.target.closest('[data-confirm]');
  if (!form || event.submitter?.hasAttribute('data-yes')) return;
  event.preventDefault();
  document.getElementById(form.dataset.confirm).showModal();
});

// A choice that needs no button.
document.addEventListener('change', (event) => {
  const form = event.target.closest('[data-submits]')?.form;
  if (form) form.requestSubmit();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable]')) return;
  const field = document.querySelector('[data-shortcut="/"]');
  if (field?.offsetParent) { event.preventDefault(); field.focus(); field.select(); }
});

// Times say how long ago they were, also when the page stays open.
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto', style: 'long' });
export function ago(milliseconds) {
  const seconds = Math.round((milliseconds - Date.now()) / 1000);
  for (const [size, unit] of [[86400, 'day'], [3600, 'hour'], [60, 'minute']]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(seconds, 'second');
}

// A message that is read out, and goes away by itself.
export function say(text, kind = 'done') {
  const toast = document.createElement('div');
  toast.className = `toast ${kind}`;
  toast.textContent = text;
  document.getElementById('toasts').replaceChildren(toast);
  leave(toast);
}

function leave(toast) {
  setTimeout(() => { if (!toast.matches(':hover, :focus-within')) toast.remove(); }, 6000);
}
document.querySelectorAll('.toast').forEach(leave);

// The session's token, for calls of the API.
export function csrf() { return document.querySelector('input[name="csrf"]')?.value ?? ''; }

// A call of the API as the one who has signed in; throws the problem's words.
export async function api(method, path, body) {
  const workspace = document.body.dataset.workspace ?? '';
  const answer = await fetch(path, {
    method, headers: {
      'Accept': 'application/json', 'Dangol-Workspace': workspace, 'X-CSRF-Token': csrf(),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    }, body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.status === 204) return null;
  const value = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(value.detail), value);
  return value;
}

// Replaces a part of the page by what the server answers, and keeps the address in step.
export async function load(target, url, { history = true } = {}) {
  target.classList.add('busy');
  target.setAttribute('aria-busy', 'true');
  try {
    const address = new URL(url, location.href);
    address.searchParams.set('part', '1');
    const answer = await fetch(address, { headers: { Accept: 'text/html' } });
    if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.detail ?? answer.statusText);
    target.innerHTML = await answer.text();
    address.searchParams.delete('part');
    if (history) window.history.replaceState(null, '', address);
    target.dispatchEvent(new CustomEvent('loaded', { bubbles: true }));
  } finally {
    target.classList.remove('busy');
    target.removeAttribute('aria-busy');
  }
}
