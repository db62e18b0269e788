// What is drawn below a verdict or on demand: one part, loaded after the page.

export { bounds } from './bounds.js';
export { choices } from './choices.js';
export { beside, done, progress } from './fetch.js';
export { given } from './given.js';
export { guide } from './guide.js';
export { history, remember } from './history.js';
export { inside } from './inside.js';
export { missing } from './needs.js';
export { offer } from './offer.js';
export { picture } from './picture.js';
export { watched } from './reading.js';
export { result } from './result.js';
export { save } from './save.js';
export { self } from './self.js';
export { banner, control, spot, telling } from './spoil.js';
