// Reads a chosen file into the form, in UTF-8 or, when it is not, in the encoding of Korean spreadsheets.

const field = document.getElementById('items-file-field');
const file = document.getElementById('items-file');
const state = document.getElementById('items-file-state');
const text = document.getElementById('items-text');
// A form is at most 8 MB, and each byte of Korean takes three in it.
const bytesMax = 2 * 1024 * 1024;

field.hidden = false;

file.addEventListener('change', async () => {
  const chosen = file.files[0];
  if (!chosen) return;
  if (chosen.size > bytesMax) {
    state.textContent = file.dataset.large;
    return;
  }
  const bytes = await chosen.arrayBuffer();
  try {
    text.value = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    text.value = new TextDecoder('euc-kr').decode(bytes);
  }
  state.textContent = chosen.name;
});
