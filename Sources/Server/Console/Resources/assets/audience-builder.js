// An audience's predicate as a tree of conditions that can be edited, beside the same as text. The tree is the server's
// JSON; the server turns one form into the other, says what is wrong and where, and about how many people it fits.
import { csrf } from './console.js';
import { build, field, iconButton, optionsOf, words } from './audience-parts.js';
import { drawCondition, emptyCondition, isComplete, kindOf } from './audience-condition.js';

const builder = document.getElementById('builder');
const text = document.getElementById('where');
const errorBox = builder.querySelector('[data-error]');
const result = builder.querySelector('[data-result]');
const exactButton = builder.querySelector('[data-exact]');
let root = { op: 'and', parts: [] };
let turn = 0;
let timer;

builder.querySelectorAll('[data-tree-card], [data-preview-card]').forEach((card) => { card.hidden = false; });

// --- From the server's JSON to what is drawn, and back ---

function read(json) {
  if (json.not) {
    const inner = read(json.not);
    inner.not = !inner.not;
    return inner;
  }
  for (const op of ['and', 'or']) if (json[op]) return { op, parts: json[op].map(read) };
  return { kind: kindOf(json), json };
}

function group(json) {
  if (json.everyone) return { op: 'and', parts: [] };
  const node = read(json);
  return node.op && !node.not ? node : { op: 'and', parts: [node] };
}

// Each node remembers where it is in what is sent, so that an error finds its place.
function write(node, path) {
  if (node.not) {
    node.path = `${path}.not`;
    return { not: bare(node, node.path) };
  }
  node.path = path;
  return bare(node, path);
}

function bare(node, path) {
  if (!node.op) return node.json;
  if (!node.parts.length) return { everyone: true };
  return { [node.op]: node.parts.map((part, index) => write(part, `${path}.${node.op}[${index}]`)) };
}

function all(node, visit) {
  visit(node);
  node.parts?.forEach((part) => all(part, visit));
}

// --- Asking the server ---

async function ask(fields) {
  const body = new URLSearchParams({ csrf: csrf(), ...fields });
  const address = new URL(builder.dataset.preview, location.href);
  address.searchParams.set('part', '1');
  const answer = await fetch(address, { method: 'POST', headers: { Accept: 'application/json' }, body });
  const value = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(value.detail), value);
  return value;
}

// What was edited last says what the other becomes. Sizes come a little later, when the hands rest.
function changed(from) {
  const mine = turn += 1;
  clearTimeout(timer);
  timer = setTimeout(() => settle(from, mine), from === 'text' ? 350 : 120);
}

async function settle(from, mine, isExact = false) {
  let isWhole = true;
  all(root, (node) => { if (node.kind && !isComplete(node)) isWhole = false; });
  if (from === 'tree' && !isWhole) {
    say(null);
    result.textContent = words.fill;
    return;
  }
  const fields = from === 'tree' ? { tree: JSON.stringify(write(root, 'predicate')) } : { where: text.value };
  if (from === 'text' && !text.value.trim()) { say(null); return; }
  try {
    const quick = await ask(fields);
    if (mine !== turn) return;
    say(null);
    if (from === 'tree') text.value = quick.text;
    else { root = group(quick.tree); draw(); }
    result.setAttribute('aria-busy', 'true');
    if (!result.childElementCount) result.textContent = words.counting;
    const slow = await ask({ ...fields, size: 'yes', exact: isExact ? 'yes' : '' });
    if (mine !== turn) return;
    result.innerHTML = slow.html;
  } catch (error) {
    if (mine !== turn) return;
    say(error, from);
  } finally {
    if (mine === turn) result.removeAttribute('aria-busy');
  }
}

exactButton.addEventListener('click', () => { turn += 1; settle('text', turn, true); });

// An error stands at its condition, or below the text with its line.
function say(error, from) {
  builder.querySelectorAll('.condition.is-wrong').forEach((box) => {
    box.classList.remove('is-wrong');
    box.querySelector('.problem')?.remove();
  });
  errorBox.hidden = true;
  text.removeAttribute('aria-invalid');
  if (!error) return;
  if (from === 'tree' && error.field) {
    let best;
    all(root, (node) => { if (node.box && error.field.startsWith(node.path ?? '-') && (node.path.length > (best?.path.length ?? 0))) best = node; });
    if (best?.kind) {
      best.box.classList.add('is-wrong');
      best.box.append(build('p', { className: 'problem', role: 'alert' }, error.message));
      return;
    }
  }
  text.setAttribute('aria-invalid', 'true');
  errorBox.replaceChildren(build('p', {}, error.message));
  if (error.place) errorBox.append(build('pre', { className: 'excerpt', tabIndex: 0 }, error.place.excerpt));
  errorBox.hidden = false;
}

// --- Drawing ---

function draw(focus) {
  const tree = builder.querySelector('[data-tree]');
  tree.replaceChildren(drawGroup(root, null));
  tree.dispatchEvent(new CustomEvent('loaded', { bubbles: true }));
  focus?.box?.querySelector('select, input')?.focus();
}

function redraw(node) {
  draw(node);
  changed('tree');
}

function drawGroup(node, parent) {
  const joint = field('select', words.all, { className: 'input small' });
  joint.append(...optionsOf([['and', words.all], ['or', words.any]], node.op));
  joint.addEventListener('change', () => { node.op = joint.value; redraw(node); });
  const head = build('div', { className: 'group-head' }, joint);
  if (parent) head.append(notButton(node), tools(node, parent));
  const parts = build('div', { className: 'parts' });
  node.parts.forEach((part, index) => {
    if (index) parts.append(build('p', { className: 'joint' }, node.op === 'and' ? words.and : words.any));
    parts.append(part.op ? drawGroup(part, node) : drawLeaf(part, node));
  });
  const adders = build('div', { className: 'adders' });
  const add = build('button', { type: 'button', className: 'button small' }, `+ ${words.add}`);
  add.addEventListener('click', () => { const made = emptyCondition('event'); node.parts.push(made); redraw(made); });
  const nest = build('button', { type: 'button', className: 'button small quiet' }, `+ ${words.addGroup}`);
  nest.addEventListener('click', () => {
    const made = emptyCondition('event');
    node.parts.push({ op: node.op === 'and' ? 'or' : 'and', parts: [made] });
    redraw(made);
  });
  adders.append(add, nest);
  node.box = build('div', { className: 'group-box', role: 'group', ariaLabel: node.op === 'and' ? words.all : words.any }, head, parts, adders);
  return node.box;
}

function drawLeaf(node, parent) {
  const body = drawCondition(node, builder.dataset.names, () => changed('tree'), () => redraw(node));
  body.querySelector('.line').append(build('span', { className: 'end' }, notButton(node), ...tools(node, parent).childNodes));
  node.box = body;
  return body;
}

function notButton(node) {
  const button = build('button', { type: 'button', className: 'button small quiet', ariaPressed: String(Boolean(node.not)) }, words.not);
  if (node.not) button.classList.add('danger');
  button.addEventListener('click', () => { node.not = !node.not; redraw(node); });
  return button;
}

function tools(node, parent) {
  const box = build('span', { className: 'end' });
  const place = parent.parts.indexOf(node);
  const move = (step) => () => {
    parent.parts.splice(place, 1);
    parent.parts.splice(place + step, 0, node);
    redraw(node);
  };
  if (place > 0) box.append(iconButton('up', '↑', move(-1)));
  if (place < parent.parts.length - 1) box.append(iconButton('down', '↓', move(1)));
  box.append(iconButton('remove', '✕', () => { parent.parts.splice(place, 1); redraw(parent); }));
  return box;
}

// Return is for the suggestions; the button saves.
builder.querySelector('[data-tree]').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.matches('input')) event.preventDefault();
});
text.addEventListener('input', () => changed('text'));
// With a wrong tree the text would be an older one: wait for the last edit to arrive.
if (text.value.trim()) changed('text');
else { root.parts.push(emptyCondition('event')); draw(); result.textContent = words.fill; }
