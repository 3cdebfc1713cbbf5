// The image, and the crops of an answer.

const byId = id => document.getElementById(id);
const [figure, frame, image, windows, caption] = ['figure', 'frame', 'image', 'windows', 'caption'].map(byId);
const MANY = 24;
const ALL_SHOWN_MS = 1200;
const TINY = 128;

/** Shows a file, without crops. */
export function show(file) {
  if (image.src) URL.revokeObjectURL(image.src);
  image.classList.remove('unseen');
  image.alt = `The image: ${file.name}`;
  image.src = URL.createObjectURL(file);
  caption.textContent = file.name;
  windows.replaceChildren();
  byId('prompt').hidden = true;
  figure.hidden = false;
}

/** Takes the image away. */
export function hide() {
  figure.hidden = true;
  byId('prompt').hidden = true;
}

/** Draws the crops of an answer: { image, windows, used }. */
export function drawCrops({ image: size, windows: crops, used }) {
  // Padded crops reach beyond the image; the frame then has a margin of that many of the image's pixels on each side.
  const margin = Math.max(...crops.flatMap(({ x, y, width, height }) => [0, -x, -y, x + width - size.width, y + height - size.height]));
  shape(size.width, size.height, margin);
  windows.setAttribute('viewBox', [-margin, -margin, size.width + 2 * margin, size.height + 2 * margin].join(' '));
  const places = [...Map.groupBy(crops, crop => [crop.x, crop.y, crop.width, crop.height].join()).values()];
  const group = element('g', { class: places.length > MANY ? 'many' : '' });
  if (places.length > 1 && places.length <= MANY) group.append(element('polyline', { class: 'path', points: places.map(([crop]) => centre(crop).join()).join(' ') }));
  group.append(...places.map((place, index) => drawn(place, Math.min(120, ALL_SHOWN_MS / places.length) * index, places.length > MANY)));
  windows.replaceChildren(group);

  const words = `${count(used, 'crop')} at ${count(places.length, 'place')}`;
  windows.setAttribute('aria-label', words);
  caption.textContent = `${image.alt.replace('The image: ', '')}, ${size.width} × ${size.height}: ${words}`;
}

/** Takes the crops away. */
export const clearCrops = () => windows.replaceChildren();

export const count = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

const centre = crop => [crop.x + crop.width / 2, crop.y + crop.height / 2];

function drawn(place, delay, small) {
  const [{ x, y, width, height }] = place;
  const crop = element('g', { class: 'crop' });
  crop.style.animationDelay = `${delay}ms`;
  const title = element('title', {});
  title.textContent = describe(place);
  const [cx, cy] = centre(place[0]);
  const spot = element('path', { class: 'spot', d: `M${cx} ${cy}h0` });
  spot.style.strokeWidth = `${small ? 3 : 5 + Math.min(6, sum(place))}px`;
  crop.append(title, element('rect', { class: 'edge', x, y, width, height }), element('rect', { class: 'line', x, y, width, height }), spot);
  return crop;
}

const sum = place => place.reduce((total, crop) => total + crop.times, 0);

function describe(place) {
  const members = new Set(place.map(crop => crop.member));
  const mirrored = place.filter(crop => crop.mirrored).reduce((total, crop) => total + crop.times, 0);
  return `${count(sum(place), 'crop')}${mirrored ? `, ${mirrored} of them mirrored` : ''}, by ${[...members].join(', ')}`;
}

function element(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function shape(width, height, margin = 0) {
  frame.style.setProperty('--ratio', (width + 2 * margin) / (height + 2 * margin));
  image.style.padding = `${(100 * margin) / (width + 2 * margin)}%`;
  image.classList.toggle('tiny', Math.max(width, height) <= TINY);
}

image.addEventListener('load', () => shape(image.naturalWidth, image.naturalHeight));
// Formats that this browser does not read, the service may.
image.addEventListener('error', () => {
  image.classList.add('unseen');
  caption.textContent += ' (this browser cannot show it)';
});
byId('show-crops').addEventListener('change', event => { windows.style.visibility = event.target.checked ? '' : 'hidden'; });
