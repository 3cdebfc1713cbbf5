// Classifies an image:  node classify.mjs IMAGE [ADDRESS]      (Node.js 18 or newer)
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

const [image, address = 'http://localhost:8080'] = process.argv.slice(2);

async function classify(file, retries = 3) {
  const body = new FormData();
  body.append('image', file);
  const response = await fetch(`${address}/classify?topK=3&deadlineMs=5000`, { method: 'POST', body });
  if (response.ok) return response.json();

  // Tries again after 429 and 503, when Retry-After says.
  const seconds = response.headers.get('Retry-After');
  if (seconds && retries > 0) {
    await setTimeout(1000 * seconds);
    return classify(file, retries - 1);
  }

  const { code, detail } = await response.json();
  throw new Error(`${code}: ${detail}`);
}

const { predictions } = await classify(new Blob([await readFile(image)]));
for (const { label, probability } of predictions) console.log(label, probability);
