// Importing a file in three steps: the beginning is read here and shown by the server as what it would become; the
// whole file goes to the API, which reads it as it comes.
import { csrf } from './console.js';

const wizard = document.getElementById('wizard');
const words = JSON.parse(wizard.dataset.words);
const part = (name) => wizard.querySelector(`[data-${name}]`);
const sampleBytes = 256 * 1024;
let file;
let sample = '';
let query = [];
let asked = 0;

wizard.hidden = false;

part('file').addEventListener('change', (event) => choose(event.target.files[0]));
part('encoding').addEventListener('change', () => { if (file) begin(); });
const zone = part('zone');
zone.addEventListener('dragover', (event) => { event.preventDefault(); zone.classList.add('is-over'); });
zone.addEventListener('dragleave', () => zone.classList.remove('is-over'));
zone.addEventListener('drop', (event) => {
  event.preventDefault();
  zone.classList.remove('is-over');
  choose(event.dataTransfer.files[0]);
});

function choose(chosen) {
  if (!chosen) return;
  file = chosen;
  part('file-name').textContent = `${file.name} · ${size(file.size)}`;
  begin();
}

function size(bytes) {
  const unit = bytes >= 1 << 20 ? ['megabyte', 1 << 20] : ['kilobyte', 1 << 10];
  return new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: unit[0], maximumFractionDigits: 1 }).format(bytes / unit[1]);
}

async function begin() {
  part('outcome').replaceChildren();
  part('progress').hidden = true;
  let bytes = new Uint8Array(await file.slice(0, sampleBytes).arrayBuffer());
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const stream = file.stream().pipeThrough(new DecompressionStream('gzip'));
    bytes = await firstBytes(stream);
  }
  const text = new TextDecoder(part('encoding').value).decode(bytes, { stream: true });
  // A line that is cut off is no line.
  sample = bytes.length >= sampleBytes ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
  part('mapping').hidden = false;
  part('body').textContent = words.reading;
  await preview(true);
  if (text.includes('\ufffd')) {
    const note = document.createElement('p');
    note.className = 'note-box warn';
    note.textContent = words.encodingWrong;
    part('body').prepend(note);
  }
}

async function firstBytes(stream) {
  const reader = stream.getReader();
  const pieces = [];
  let count = 0;
  while (count < sampleBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    count += value.length;
  }
  await reader.cancel();
  return new Uint8Array(await new Blob(pieces).arrayBuffer()).slice(0, sampleBytes);
}

async function preview(isFirst) {
  const turn = asked += 1;
  const body = new URLSearchParams(isFirst ? [] : new FormData(part('mapping')));
  body.set('csrf', csrf());
  body.set('kind', wizard.dataset.kind);
  body.set('name', file.name);
  body.set('sample', sample);
  const answer = await fetch(wizard.dataset.preview, { method: 'POST', headers: { Accept: 'application/json' }, body });
  const value = await answer.json();
  if (turn !== asked) return;
  if (!answer.ok) {
    const note = document.createElement('p');
    note.className = 'note-box bad';
    note.textContent = value.detail;
    part('body').replaceChildren(note);
    part('run-card').hidden = true;
    return;
  }
  const focused = document.activeElement?.id;
  part('body').innerHTML = value.html;
  if (focused) document.getElementById(focused)?.focus();
  query = value.query;
  part('run-card').hidden = !value.isReady;
}

part('mapping').addEventListener('submit', (event) => event.preventDefault());
part('mapping').addEventListener('change', () => preview(false));

// --- The whole file ---

part('run').addEventListener('click', () => {
  const button = part('run');
  button.disabled = true;
  part('progress').hidden = false;
  part('outcome').replaceChildren();
  const bar = wizard.querySelector('progress');
  const address = new URL(wizard.dataset.target, location.href);
  for (const [name, value] of query) address.searchParams.append(name, value);
  address.searchParams.set('name', file.name);
  const isEvents = wizard.dataset.kind === 'events';
  if (isEvents && part('encoding').value !== 'utf-8') address.searchParams.set('encoding', 'euc-kr');
  const request = new XMLHttpRequest();
  request.open('POST', address);
  request.setRequestHeader('X-CSRF-Token', csrf());
  request.setRequestHeader('Content-Type', 'text/csv');
  request.upload.addEventListener('progress', (event) => {
    bar.value = event.total ? 100 * event.loaded / event.total : 0;
    part('progress-text').textContent = event.loaded < event.total ? `${words.sending} ${Math.round(bar.value)}%` : words.storing;
    if (event.loaded >= event.total) bar.removeAttribute('value');
  });
  request.addEventListener('loadend', () => {
    button.disabled = false;
    part('progress').hidden = true;
    let value;
    try { value = JSON.parse(request.responseText); } catch { value = null; }
    if (request.status === 200 && value) done(value);
    else failed(value?.detail ?? words.lost);
  });
  send(request, isEvents);
});

// Files of people are read by the server as UTF-8.
async function send(request, isEvents) {
  if (isEvents || part('encoding').value === 'utf-8') { request.send(file); return; }
  request.send(new Blob([new TextDecoder(part('encoding').value).decode(await file.arrayBuffer())]));
}

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function failed(text) {
  part('outcome').replaceChildren(element('p', 'note-box bad', `${words.failed} ${text}`));
}

function done(value) {
  const number = (count) => new Intl.NumberFormat(document.documentElement.lang).format(count);
  const figures = wizard.dataset.kind === 'events'
    ? [[value.stored, words.stored], [value.duplicates + value.linesKnown, words.duplicates], [value.rejected, words.rejected]]
    : [[value.people, words.people], [value.events, words.stored], [value.rejected, words.rejected]];
  const list = element('div', 'metrics', ...figures.map(([count, name]) => {
    const metric = element('article', 'metric', element('h3', '', name), element('p', 'value', number(count)));
    return metric;
  }));
  const look = element('a', 'button primary', words.look);
  look.href = wizard.dataset.done;
  const outcome = [list, element('p', 'row gap-top', look)];
  if (value.rejections.length) {
    const rows = value.rejections.slice(0, 100).map((one) => element('tr', '', element('th', '', String(one.line)), element('td', '', one.reason, ...(one.text ? [element('code', 'note', one.text.slice(0, 200))] : []))));
    const table = element('table', 'data compact', element('thead', '', element('tr', '', element('th', '', words.line), element('th', '', words.reason))), element('tbody', '', ...rows));
    const box = element('div', 'table-box tall', table);
    box.tabIndex = 0;
    box.role = 'region';
    box.setAttribute('aria-label', words.rejected);
    const save = element('a', 'button small', words.saveRejects);
    save.href = URL.createObjectURL(new Blob([value.rejections.map((one) => one.text ?? `${one.line}: ${one.reason}`).join('\n') + '\n'], { type: 'text/csv' }));
    save.download = 'rejected.csv';
    outcome.push(box, element('p', '', save));
  }
  part('outcome').replaceChildren(...outcome);
}
