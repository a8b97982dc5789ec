// What the builder of audiences is drawn with: elements, fields with names, suggestions, values.
export const words = JSON.parse(document.getElementById('builder').dataset.words);

export function build(name, properties = {}, ...content) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...content);
  return made;
}

// A field without a label in sight has a name for who cannot see it.
export function field(name, label, properties = {}) {
  const made = build(name, { className: 'input small', ...properties });
  made.setAttribute('aria-label', label);
  return made;
}

export function optionsOf(list, chosen) {
  return list.map(([value, text]) => build('option', { value, selected: value === chosen }, text));
}

export function choose(label, list, chosen, change) {
  const made = field('select', label);
  made.append(...optionsOf(list, chosen));
  made.addEventListener('change', () => change(made.value));
  return made;
}

export function input(label, value, change, properties = {}) {
  const made = field('input', label, { value: value ?? '', placeholder: label, ...properties });
  if (properties.type === 'number') made.classList.add('number');
  made.addEventListener('input', () => change(made.value));
  return made;
}

// A field with suggestions of the server.
export function suggested(label, value, source, change) {
  const made = input(label, value, change);
  // What was chosen from the list.
  made.addEventListener('change', () => change(made.value));
  const box = build('div', { className: 'combobox' }, made);
  box.dataset.combobox = '';
  box.dataset.source = source;
  return box;
}

export function check(label, isOn, change) {
  const box = build('input', { type: 'checkbox', checked: isOn });
  box.addEventListener('change', () => change(box.checked));
  return build('label', { className: 'check' }, box, build('span', {}, label));
}

export function iconButton(key, sign, press) {
  const button = build('button', { type: 'button', className: 'icon-button', title: words[key] });
  button.setAttribute('aria-label', words[key]);
  button.append(build('span', { ariaHidden: 'true' }, sign));
  button.addEventListener('click', press);
  return button;
}

export function source(names, kind, more = {}) {
  const address = new URL(names, location.href);
  address.searchParams.set('kind', kind);
  for (const [key, value] of Object.entries(more)) if (value) address.searchParams.set(key, value);
  return address.pathname + address.search;
}

// --- Values: a number when it looks like one, unless it was or is put in quotes ---

export function valueOf(written) {
  const plain = written.trim();
  if (/^".*"$/s.test(plain)) return plain.slice(1, -1);
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(plain)) return Number(plain);
  if (plain === 'true' || plain === 'false') return plain === 'true';
  return plain;
}

export function writtenOf(value) {
  if (typeof value !== 'string') return String(value);
  return typeof valueOf(value) === 'string' && !/^".*"$/s.test(value) && !value.includes(',') ? value : `"${value}"`;
}

const split = (written) => (written.match(/"[^"]*"|[^,]+/g) ?? []).map((part) => part.trim()).filter(Boolean);

export const valueOps = ['equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains', 'gt', 'gte', 'lt', 'lte', 'between', 'is_set', 'is_not_set', 'regex', 'not_regex'];
const numeric = new Set(['gt', 'gte', 'lt', 'lte', 'between']);

// An operator and its values, of a property or a trait: {op, value}.
export function comparison(json, valueSource, changed, redraw) {
  const op = json.op ?? 'equals';
  const parts = [choose(words.how, valueOps.map((name) => [name, words[name]]), op, (chosen) => {
    const was = json.op ?? 'equals';
    json.op = chosen;
    if (chosen.startsWith('is_')) delete json.value;
    else if (numeric.has(chosen) !== numeric.has(was) || (chosen === 'between') !== (was === 'between')) json.value = chosen === 'between' ? [] : '';
    redraw();
  })];
  if (op.startsWith('is_')) return parts;
  if (op === 'between') {
    const list = Array.isArray(json.value) ? json.value : [];
    const set = (place) => (text) => { const next = [...(Array.isArray(json.value) ? json.value : [])]; next[place] = text === '' ? undefined : Number(text); json.value = next; changed(); };
    parts.push(input(words.value, list[0], set(0), { type: 'number', step: 'any' }), build('span', {}, '–'), input(words.value, list[1], set(1), { type: 'number', step: 'any' }));
  } else if (numeric.has(op)) {
    parts.push(input(words.value, json.value, (text) => { json.value = text === '' ? '' : Number(text); changed(); }, { type: 'number', step: 'any' }));
  } else {
    const several = op === 'in' || op === 'not_in' || Array.isArray(json.value);
    const written = Array.isArray(json.value) ? json.value.map(writtenOf).join(', ') : json.value === undefined || json.value === '' ? '' : writtenOf(json.value);
    const set = (text) => {
      json.value = several ? split(text).map(valueOf) : valueOf(text);
      if (op.includes('regex') || op.includes('contains')) json.value = several ? json.value.map(String) : text.trim();
      changed();
    };
    const made = valueSource && !several ? suggested(words.value, written, valueSource, set) : input(several ? `${words.value} (${words.comma})` : words.value, written, set);
    parts.push(made);
  }
  return parts;
}

export function isCompared(json) {
  const op = json.op ?? 'equals';
  if (op.startsWith('is_')) return true;
  if (op === 'between') return Array.isArray(json.value) && json.value.length === 2 && json.value.every((value) => Number.isFinite(value));
  if (Array.isArray(json.value)) return json.value.length > 0;
  return json.value !== undefined && json.value !== '' && !Number.isNaN(json.value);
}
