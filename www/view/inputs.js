// What the user gave by name, and what was found in each.

// The given thing an item stems from: its outermost parent's name.
function root(items, item) {
  let at = item;
  for (let depth = 0; depth < 64 && Number.isInteger(at.parent) && items[at.parent]; depth += 1) at = items[at.parent];
  return at.name;
}

/** Items of the report by the name of the given thing they were found in. */
export function byGiven(items, given) {
  const map = new Map(given.map((g) => [g.name, []]));
  // What an archive holds is named below it.
  const apart = given.filter((g) => g.blob);
  for (const item of items) {
    let name = root(items, item);
    if (!map.has(name)) name = apart.find((g) => name.startsWith(`${g.name}/`))?.name ?? name;
    if (map.has(name)) map.get(name).push(item);
    else map.set(name, [item]);
  }
  return map;
}

// So many are named.
const NAMED = 3;

/** What says nothing: a sentence for what was not recognised and one for what is empty. */
export function unread(words, items, given) {
  const found = byGiven(items, given);
  const unknown = (item) => item.notes.some((m) => m.code === 'unrecognised');
  const silent = given.filter((g) => g.origin !== 'fetched' && found.get(g.name)?.every(unknown));
  const empty = (g) => !found.get(g.name).length;
  return [['unread', silent.filter((g) => !empty(g))], ['unreadEmpty', silent.filter((g) => empty(g) && g.size < 8)]]
    .filter(([, list]) => list.length)
    .map(([word, list]) => words.t(word, { names: list.slice(0, NAMED).map((g) => named(words, g)).join(', ') + (list.length > NAMED ? ', …' : '') }));
}

/** `paste 2` in the user's language, file names as they are. */
export const named = (words, { name, origin }) => {
  const paste = origin === 'paste' && /^paste( \d+.*)$/.exec(name);
  return paste ? words.t('paste') + paste[1] : name === 'typed' ? words.t('typed') : name;
};
