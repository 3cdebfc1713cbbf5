// Images to click, of the classes that the chosen model knows.

const byId = id => document.getElementById(id);
const NAMES = [
  'airplane-1', 'automobile-1', 'bird-1', 'cat-1', 'deer-1', 'dog-1', 'frog-1', 'horse-1', 'ship-1', 'truck-1',
  'ankle-boot-1', 'bag-1', 'coat-1', 'dress-1', 'pullover-1', 'sandal-1', 'shirt-1', 'sneaker-1', 't-shirt-top-1', 'trouser-1',
];

const slug = label => label.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** Shows those whose class is among the labels; `take` is called with the file of the one that was clicked. */
export function offerSamples(labels, take) {
  const known = new Map(labels.map(label => [slug(label), label]));
  const offered = NAMES.filter(name => known.has(name.slice(0, -2)));
  byId('samples').hidden = offered.length === 0;
  byId('samples').replaceChildren(...offered.map(name => {
    const button = document.createElement('button');
    button.type = 'button';
    const image = document.createElement('img');
    Object.assign(image, { src: `page/sample-${name}.png`, alt: `Sample: ${known.get(name.slice(0, -2))}`, width: 48, height: 48, loading: 'lazy' });
    button.append(image);
    button.addEventListener('click', async () => {
      const response = await fetch(image.src);
      take(new File([await response.blob()], `${name}.png`, { type: 'image/png' }));
    });
    return button;
  }));
}
