// Several images at once, each with its answer.

import { verdict } from './answer.js';
import { Refusal } from './service.js';

const TOO_LARGE = 413;

const byId = id => document.getElementById(id);
let addresses = [];

/** Takes the images away. */
export function closeGallery() {
  addresses.forEach(address => URL.revokeObjectURL(address));
  addresses = [];
  byId('gallery').hidden = true;
  byId('gallery').replaceChildren();
}

/**
 * Shows files, and their answers as they come. `ask` is given a batch within the limits and answers with one item for each; `choose` is
 * called with the file that was clicked. A batch that is refused says why in its places; only if it was too large the next may fare
 * better, otherwise the refusal is thrown.
 */
export async function showGallery(files, ask, limits, choose) {
  closeGallery();
  const cards = files.map(file => card(file, choose));
  byId('gallery').replaceChildren(...cards);
  byId('gallery').hidden = false;
  for (const batch of batches(files, limits)) {
    try {
      const items = await ask(batch.map(index => files[index]));
      for (const { index, result, problem } of items) say(cards[batch[index]], result, problem);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const index of batch) say(cards[index], null, error.problem);
      if (error.problem.status !== TOO_LARGE) throw error;
    }
  }
}

/** Places of files that go into one request each. */
function batches(files, { maxImagesPerBatch, maxBatchBodyBytes }) {
  const all = [];
  let bytes = Infinity;
  files.forEach((file, index) => {
    // A part's head takes some hundred bytes.
    const size = file.size + 512;
    if (bytes + size > maxBatchBodyBytes || all.at(-1).length >= maxImagesPerBatch) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1).push(index);
    bytes += size;
  });
  return all;
}

function card(file, choose) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.type = 'button';
  const image = document.createElement('img');
  const address = URL.createObjectURL(file);
  addresses.push(address);
  Object.assign(image, { src: address, alt: file.name });
  const words = document.createElement('span');
  words.textContent = '…';
  button.append(image, words);
  button.addEventListener('click', () => choose(file));
  item.append(button);
  return item;
}

function say(item, result, problem) {
  const words = item.querySelector('span');
  words.textContent = result ? verdict(result.predictions, share => `${(share * 100).toFixed(0)} %`) : problem.title;
  words.className = result ? '' : 'wrong';
}
