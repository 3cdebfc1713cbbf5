// Classifies an image in each form of body, with the types that openapi-typescript writes from the service's document.
// Arguments: the service's address and the image in base64. Prints the best label of each answer, then the code of a refusal.

import type { operations } from './api.js';

declare const process: { argv: string[] };

type Answer<Operation> = Operation extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;
type Problem<Operation> = Operation extends { responses: { 404: { content: { 'application/problem+json': infer Body } } } } ? Body : never;
type Asked<Operation> = Operation extends { parameters: { query?: infer Query } } ? Query : never;

const [address, base64] = process.argv.slice(2) as [string, string];
const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));

const form = new FormData();
form.append('image', new Blob([bytes]), 'image.png');
const asked: NonNullable<Asked<operations['classify']>> = { topK: 3, crops: '10', explain: 'crops' };
const answer = await post<Answer<operations['classify']>>('classify', asked, form);
console.log(best(answer.predictions), answer.crops.used, answer.predictions.length);

const raw = await post<Answer<operations['classifyRaw']>>('classify/raw', {}, bytes);
console.log(best(raw.predictions));

const body: operations['classifyBase64']['requestBody']['content']['application/json'] = { image: base64 };
const encoded = await post<Answer<operations['classifyBase64']>>('classify/base64', {}, JSON.stringify(body), 'application/json');
console.log(best(encoded.predictions));

const refusal = await fetch(`${address}/models/nobody`);
const problem = await refusal.json() as Problem<operations['getModel']>;
console.log(problem.code);

function best(predictions: { label: string }[]): string {
  return predictions[0]!.label;
}

async function post<Body>(path: string, query: object, content: BodyInit, type?: string): Promise<Body> {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, `${value}`]));
  const response = await fetch(`${address}/${path}?${parameters}`, {
    method: 'POST',
    body: content,
    headers: type === undefined ? {} : { 'Content-Type': type },
  });
  if (!response.ok) throw new Error(await response.text());
  return await response.json() as Body;
}
