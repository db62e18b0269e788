// What the small single file leaves out: these languages, and archives
// (platform-archive-absent.js).

/** Languages that are left out. */
export const leftOut = ['es', 'fr'];
