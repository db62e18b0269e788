// DEVELOPMENT ONLY, NOT SHIPPED, NOT USED BY TESTS. Returns hand-written
// reports so that the page can be looked at without building the engine. It
// checks nothing.

import { reports } from './reports.js';

export const version = () => 'sample';
export const codes = async () => [];

export class Session {
  fetched = [];
  give(inputs) { this.inputs = inputs; }
  unfetch() {}
  check() { return check(this.inputs); }
  async bytes() { return null; }
}

export async function check(inputs) {
  const text = inputs.map((i) => new TextDecoder().decode(i.bytes)).join('\n');
  const name = /sample:([\w-]+)/.exec(text)?.[1] ?? (inputs.length ? 'not-checked' : 'empty');
  return reports(name, inputs);
}
