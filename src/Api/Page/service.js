// The service as the page needs it. Addresses are relative: a proxy may serve it all under a prefix.

let key = '';

/** What GET says; throws Refusal, or AbortError when a newer question took its place. */
export const get = (path, signal) => ask(path, { signal });

/** The key to send with each question; empty for none. */
export const useKey = given => { key = given; };

/** Whether one is sent. */
export const hasKey = () => key !== '';

/** The labels of an image; throws Refusal, or AbortError when a newer question took its place. */
export function classify(file, asked, signal) {
  // The service goes by the first bytes. A file that the browser takes for something else is sent too, for the service to judge.
  const type = file.type.startsWith('image/') ? file.type : 'application/octet-stream';
  return ask(`classify?${query({ ...asked, explain: 'crops' })}`, { method: 'POST', body: file, headers: { ...keyHeader(), 'Content-Type': type }, signal });
}

/** The labels of several images, a problem in place of those that have none; throws as classify does. */
export function classifyAll(files, asked, signal) {
  const body = new FormData();
  for (const file of files) body.append('image', file);
  return ask(`classify/batch?${query(asked)}`, { method: 'POST', body, headers: keyHeader(), signal });
}

/** Parameters as the service reads them: those without a value are left out. */
export const query = asked => new URLSearchParams(Object.entries(asked).filter(([, value]) => value));

const keyHeader = () => (key ? { 'X-Api-Key': key } : {});

/** A problem document (RFC 9457), or the like of one where nothing was answered. */
export class Refusal extends Error {
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal({ title: 'No answer', detail: 'The service cannot be reached, or it broke the connection off.', code: 'no-answer' });
  }

  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  throw new Refusal(body?.title ? body : {
    title: 'Not an answer of this service',
    detail: `Something between here and the service answered ${response.status}.`,
    code: `${response.status}`,
  });
}
