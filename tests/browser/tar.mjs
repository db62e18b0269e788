// Tar files for the tests and the bench.

/** The header of a tar member: POSIX ustar. */
export function header(name, size) {
  const block = Buffer.alloc(512);
  block.write(name);
  block.write('0000644\0', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('        0', 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** What fills the last block of a member. */
export const padding = (size) => Buffer.alloc((512 - (size % 512)) % 512);
