// What this copy of the page leaves out: nothing. The small single file has
// left-out-small.js in its place.

/** Languages that are left out. */
export const leftOut = [];
