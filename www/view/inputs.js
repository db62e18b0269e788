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

/** `paste 2` in the user's language, file names as they are. */
export const named = (words, { name, origin }) => {
  const paste = origin === 'paste' && /^paste( \d+.*)$/.exec(name);
  return paste ? words.t('paste') + paste[1] : name === 'typed' ? words.t('typed') : name;
};
