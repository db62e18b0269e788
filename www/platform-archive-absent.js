// The small single file reads no archives.

/** Refuses: what reads archives is left out. */
export const compileArchive = () => Promise.reject(Object.assign(new Error('archives are left out of this file'), { name: 'LeftOut' }));

/** Is never asked: nothing compiles. */
export const openArchiveWorker = () => compileArchive();
