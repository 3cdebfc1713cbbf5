// The service as the page needs it. Addresses are relative: a proxy may serve it all under a prefix.

/** What GET says; throws Refusal. */
export const get = path => ask(path);

/** The labels of a picture; throws Refusal, or AbortError when a newer question took its place. */
export function classify(file, { model, version, crops, topK }, signal) {
  const query = new URLSearchParams({ crops, topK, explain: 'crops' });
  if (model) query.set('model', model);
  if (version) query.set('version', version);
  // The service goes by the first bytes. A file that the browser takes for something else is sent too, for the service to judge.
  const type = file.type.startsWith('image/') ? file.type : 'application/octet-stream';
  return ask(`classify?${query}`, { method: 'POST', body: file, headers: { 'Content-Type': type }, signal });
}

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
