// Images from elsewhere than files: the camera, and addresses.

import { Refusal } from './service.js';

const byId = id => document.getElementById(id);

/** One image of the camera; null if the reader leaves. Throws Refusal where there is no camera, or none is allowed. */
export async function openCamera() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch {
    const detail = navigator.mediaDevices ? 'This browser found none, or may not use it.' : 'Browsers allow it to pages of https:// and of this machine only.';
    throw new Refusal({ title: 'No camera', detail, code: 'no-camera', status: 400 });
  }

  const [dialog, video] = [byId('viewfinder'), byId('video')];
  video.srcObject = stream;
  // The reader may leave before the first picture is there.
  const taken = new Promise(resolve => {
    byId('shoot').onclick = () => { if (video.videoWidth > 0) resolve(still(video)); };
    byId('leave').onclick = () => resolve(null);
    dialog.onclose = () => resolve(null);
  });
  dialog.showModal();
  try {
    return await Promise.race([taken, video.play().then(() => taken)]);
  } finally {
    stream.getTracks().forEach(track => track.stop());
    video.srcObject = null;
    dialog.close();
  }
}

async function still(video) {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext('2d').drawImage(video, 0, 0);
  return new File([await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })], 'camera.jpg', { type: 'image/jpeg' });
}

/** The image at an address, fetched by this browser: the service itself asks nobody. Throws Refusal, or AbortError. */
export async function fetchImage(address, signal) {
  let response, blob;
  try {
    response = await fetch(address, { credentials: 'omit', referrerPolicy: 'no-referrer', signal });
    blob = await response.blob();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal({
      title: 'The image cannot be fetched',
      detail: 'Nothing answers there, or the site does not allow other pages to read its images (CORS). Save the image and drop it here.',
      code: 'not-fetched',
      status: 400,
    });
  }

  if (!response.ok) throw new Refusal({ title: 'The image cannot be fetched', detail: `The site answered ${response.status}.`, code: 'not-fetched', status: 400 });
  return new File([blob], address.startsWith('data:') ? 'image' : nameIn(address), { type: blob.type });
}

function nameIn(address) {
  const last = new URL(address).pathname.split('/').at(-1);
  try {
    return decodeURIComponent(last) || 'image';
  } catch {
    return last; // a percent sign that stands for itself
  }
}
