// The real wasm with one function broken, to see what the page makes of it.

import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';

/**
 * The wasm in `file` whose exported function `name` traps (`unreachable`) or
 * never returns (`loop`).
 */
export function broken(file, name, how) {
  const module = binaryen.readBinary(readFileSync(file));
  const { SIMD128, BulkMemory, SignExt, NontrappingFPToInt, MutableGlobals, ReferenceTypes, Multivalue } = binaryen.Features;
  module.setFeatures(SIMD128 | BulkMemory | SignExt | NontrappingFPToInt | MutableGlobals | ReferenceTypes | Multivalue);
  for (let i = 0; i < module.getNumExports(); i += 1) {
    const info = binaryen.getExportInfo(module.getExportByIndex(i));
    if (info.name !== name) continue;
    const body = how === 'loop'
      ? module.block(null, [module.loop('again', module.br('again')), module.unreachable()])
      : module.unreachable();
    binaryen.Function(module.getFunction(info.value)).setBody(body);
    return Buffer.from(module.emitBinary());
  }
  throw new Error(`${file} does not export ${name}`);
}
