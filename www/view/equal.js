// The same step with other people's programs: what a link says, asked again.
// Files stand under the names that the page saves them by.

import { decode } from './bytes.js';
import { factsOf, numbers } from './again.js';
import { short } from './digest.js';

const IMAGE = /^[\w.:/-]{1,255}$/;
const BASE64 = /^[A-Za-z0-9+/]+=*$/;
const HEX = /^[0-9a-f]{64}( [0-9a-f]{64})*$/;

/** A DER public key as the text of a PEM file. */
export const pem = (der) => `-----BEGIN PUBLIC KEY-----\n${btoa(String.fromCharCode(...der)).replace(/.{64}(?=.)/g, '$&\n')}\n-----END PUBLIC KEY-----\n`;

const keyFile = ({ name }) => (name === 'webdis' ? 'webdis.pub' : 'key.pub');

/** The name that the bytes of a link are saved by. */
export function fileOf(link, source, { publisher }) {
  if (link.code === 'key-pinned') return keyFile(publisher);
  const { evidence } = link;
  const facts = factsOf(link);
  const what = facts.logKey ? 'entry' : facts.role ? facts.role.replaceAll('/', '-') : facts.signedBytes ? 'statement' : facts.signature ? 'signed' : source?.item.kind ?? 'bytes';
  return `${what.replace(/[^\w-]/g, '')}-${short(evidence?.digest ?? '')}.${facts.signature && !facts.role ? 'bin' : 'json'}`;
}

// The shell's way from a leaf to the root of the log's tree.
function climbing(file, { leafIndex, treeSize, path }) {
  const lines = [
    `h() { perl -e 'print pack "H*", join "", "01", @ARGV' $1 $2 | sha256sum | cut -c1-64; }`,
    `x=$( (printf '\\000'; cat ${file}) | sha256sum | cut -c1-64)`,
  ];
  let [at, last] = [BigInt(leafIndex), BigInt(treeSize) - 1n];
  for (const sibling of path ? path.split(' ') : []) {
    const before = (at & 1n) === 1n || at === last;
    lines.push(before ? `x=$(h ${sibling} $x)` : `x=$(h $x ${sibling})`);
    if (before) while ((at & 1n) === 0n && at !== 0n) { at >>= 1n; last >>= 1n; }
    at >>= 1n;
    last >>= 1n;
  }
  return [...lines, 'echo $x'].join('\n');
}

/** Commands that must agree with a link: `{ word, command, prints }`; `file`
 * is the name its bytes are saved by. */
export function equal(link, { subject, publisher }, file) {
  const { code, outcome, args, evidence } = link;
  if (outcome !== 'proven') return [];
  const facts = factsOf(link);
  const key = keyFile(publisher);
  const digest = args.digest ?? evidence?.digest ?? '';
  const sum = (hash) => ({ word: 'equalBytes', command: `sha256sum ${file}`, prints: `${hash.slice(7)}  ${file}` });
  if (code === 'key-pinned') {
    const fingerprint = publisher.keys.find((k) => Object.values(args).includes(k.fingerprint))?.fingerprint;
    return fingerprint ? [{ word: 'equalKey', command: `openssl pkey -pubin -in ${key} -outform DER | sha256sum`, prints: `${fingerprint}  -` }] : [];
  }
  if (facts.logKey) {
    return facts.path !== undefined && (facts.path === '' || HEX.test(facts.path)) && /^\d+$/.test(facts.leafIndex + facts.treeSize) ? [{ word: 'equalLog', command: climbing(file, facts), prints: facts.rootHash }] : [];
  }
  if (facts.position && /^sha256:[0-9a-f]{64}$/.test(facts['child digest'])) return [sum(evidence.digest), { word: 'equalLine', command: `grep -o ${facts['child digest']} ${file}`, prints: facts['child digest'] }];
  if (/^(bytes-match|oci-child-matches|other-registry)$/.test(code) && digest.startsWith('sha256:')) return [sum(digest)];
  if (!facts.signature || facts.role || !BASE64.test(facts.signature) || !numbers(decode(facts.signature))) return [];
  const name = subject.reference?.replace(/@.*$/, '') ?? '';
  const repository = name.replace(/:[^/:]*$/, '');
  return [
    { word: 'equalOpenssl', command: `printf %s '${facts.signature}' | base64 -d > signature.der\nopenssl dgst -sha256 -verify ${key} -signature signature.der ${file}`, prints: 'Verified OK' },
    ...(subject.digest && IMAGE.test(name) && !name.startsWith('-') ? [{ word: 'equalSignature', command: `cosign verify --key ${key} ${repository}@${subject.digest}` }] : []),
  ];
}
