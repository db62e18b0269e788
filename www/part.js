// What is packed beside this script in a single file: file.js hands it over.
// The script to embed has it inside (part-inline.js).

/** The bytes that are packed under a name. */
export const { packed: part } = document.currentScript;
