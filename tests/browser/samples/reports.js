// DEVELOPMENT ONLY: hand-written reports in the shape of src/report, for
// looking at the page. Every digest here is made up or public.

const d = (c) => `sha256:${c.repeat(64).slice(0, 64)}`;
const index = d('1f0c7a52'), manifest = d('9be43d10'), config = d('010021e0'), other = d('d026c567'), wrong = d('1f0c7a52').slice(0, 40) + d('77aa').slice(40);
const key = 'c921084265695461eef46c6a5953b3dfc501c0f6f82f54ff05bdddb65670bc59';
const m = (code, text, next = '', args = {}) => ({ code, text, ...(next && { next }), args });
const link = (id, parent, outcome, claim, more = {}) => ({
  id, parent, place: 'chain', claim, outcome, code: id, args: {}, next: '', expected: null, found: null, evidence: null, caveats: [], ...more,
});
const evidence = (digest, rule, facts = [], bytes) => ({ digest, size: 912, expected: digest, found: digest, rule, facts, ...(bytes && { bytes }) });
const body = '{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.index.v1+json",\n   "manifests": [\n      {\n         "digest": "' + manifest + '",\n         "size": 1365\n      }\n   ]\n}';

const links = [
  link('key-pinned', null, 'proven', 'The key webdis.pub is the one pinned in the built-in profile.', { evidence: evidence(null, 'SHA-256 over the DER SubjectPublicKeyInfo (RFC 5480)', [['fingerprint', key], ['algorithm', 'ECDSA P-256, SHA-256']]), expected: key, found: key }),
  link('signature', 'key-pinned', 'proven', 'webdis.pub signed a statement naming ' + index + '.', { evidence: evidence(d('ab12'), 'ECDSA over the DSSE pre-authentication encoding (DSSE v1.0, protocol.md)', [['payload type', 'application/vnd.in-toto+json'], ['predicate type', 'https://sigstore.dev/cosign/sign/v1'], ['signed at', '2026-05-04T09:12:44Z']], btoa('DSSEv1 28 application/vnd.in-toto+json 203 {"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"' + index.slice(7) + '"}}]}')) }),
  link('log', 'signature', 'proven', 'The transparency log rekor.sigstore.dev recorded this signature at index 1,234,567.', { evidence: evidence(null, 'RFC 6962, section 2.1.1; signed note', [['log index', '1234567'], ['integrated', '2026-05-04T09:12:45Z'], ['checkpoint', 'rekor.sigstore.dev - 1193050959916656506']]) }),
  link('index', 'log', 'proven', 'The index you gave hashes to ' + index + '.', { expected: index, found: index, evidence: evidence(index, 'SHA-256 over exactly these bytes (OCI image-spec, descriptor.md, Digests)'), caveats: [m('tag', 'That nicolas/webdis:0.1.24 points here is the word of the registry; tags can move.')] }),
  link('amd64', 'index', 'proven', 'The index lists ' + manifest + ' for linux/amd64, and the manifest you gave hashes to it.', { expected: manifest, found: manifest, evidence: evidence(manifest, 'OCI image-spec, image-index.md, manifests') }),
  link('arm64', 'index', 'not-checked', 'The index lists ' + other + ' for linux/arm64/v8; its manifest was not given.', { place: 'branch' }),
  link('config', 'amd64', 'proven', 'The manifest names the configuration ' + config + ', the image ID you hold.', { expected: config, found: config, evidence: evidence(config, 'OCI image-spec, manifest.md, config') }),
  link('elsewhere', null, 'not-checked', 'This bundle is about another image and was set aside.', { place: 'aside' }),
];

const base = (inputs) => ({
  schema: 'https://webdis-verify.dev/report/v1', args: {}, next: '',
  subject: { reference: 'docker.io/nicolas/webdis:0.1.24', digest: index, kind: 'index', platform: null },
  publisher: { name: 'webdis', source: 'built-in', keys: [{ name: 'webdis.pub', fingerprint: key }] },
  criteria: [m('c1', 'Signed by webdis.pub, fingerprint c9210842…, as the built-in Webdis profile demands for 0.1.24 and later.'), m('c2', 'Recorded in the Sigstore public transparency log.'), m('c3', 'The image index with its manifests, for every platform given.')],
  links: [], caveats: [], needs: [], shows: [],
  notShown: [m('not-shown-safe', 'That the image is free of bugs or malware.'), m('not-shown-key', 'That the key is still only in its owner\'s hands.'), m('not-shown-tag', 'That the tag will point here tomorrow.'), m('not-shown-local', 'That your computer runs this digest.', "Compare with: docker inspect --format '{{.RepoDigests}}' IMAGE"), m('not-shown-page', 'That this copy of the verifier was not altered.')],
  items: inputs.map((i) => ({ name: i.name, kind: 'index', size: body.length, digest: index, repairs: [m('r', 'Restored from page text: 3-space indentation.')], notes: [], parent: null, bytes: btoa(body) })),
  commands: [{ code: 'cosign', label: 'The same check with cosign', command: 'cosign verify --key webdis.pub docker.io/nicolas/webdis@' + index, prints: 'The signatures were verified against the specified public key' }],
  now: '2026-11-21T10:00:00Z',
});

export function reports(name, inputs) {
  const r = base(inputs);
  const needs = [
    { kind: 'manifest', digest: index, repository: 'docker.io/nicolas/webdis', required: true, hint: 'The index ' + index + ' itself.', command: 'docker buildx imagetools inspect --raw nicolas/webdis:0.1.24' },
    { kind: 'signature', digest: index, repository: 'docker.io/nicolas/webdis', required: true, hint: 'Its signature, in any of the places cosign uses.', command: 'cosign download signature nicolas/webdis:0.1.24' },
    { kind: 'blob', digest: config, repository: null, required: false, hint: 'The configuration ' + config + '.', command: 'crane config nicolas/webdis:0.1.24' },
  ];
  if (name === 'proven') return { ...r, outcome: 'proven', code: 'signed', headline: `Signed with webdis.pub: ${index}, the index published as nicolas/webdis 0.1.24.`, links, caveats: [m('tag', 'That nicolas/webdis:0.1.24 points here is the word of the registry; tags can move.', 'Ask a second registry.')], shows: [m('s1', 'The holder of webdis.pub signed exactly these bytes.'), m('s2', 'These bytes name the images for linux/amd64 and linux/arm64/v8.')] };
  if (name === 'contradicted') return { ...r, outcome: 'contradicted', code: 'digest-mismatch', args: { found: wrong, expected: manifest }, headline: `Does not match: these bytes hash to ${wrong}, expected was ${manifest}.`, next: 'Fetch the document again. If it still differs, these are other bytes than the ones that were signed.', links: links.slice(0, 4).concat(link('amd64', 'index', 'contradicted', `Does not match: these bytes hash to ${wrong}, expected was ${index}.`, { code: 'digest-mismatch', args: { found: wrong, expected: index }, expected: index, found: wrong, next: 'Fetch the document again. If it still differs, these are other bytes than the ones that were signed.' })) };
  if (name === 'unsigned') return { ...r, outcome: 'unsigned', code: 'unsigned', headline: 'No signature found in the three places cosign uses. This says nothing about tampering.', next: 'Ask the publisher whether this release is signed.', links: [link('unsigned', null, 'unsigned', 'No signature of ' + index + ' was found.')] };
  if (name === 'empty') return { ...r, outcome: 'not-checked', code: 'nothing-given', headline: 'Nothing was given.', subject: { reference: null, digest: null, kind: 'unknown', platform: null }, needs: [], commands: [], criteria: [] };
  return { ...r, outcome: 'not-checked', code: 'incomplete', headline: 'Could not check: the signature of this index was not given.', next: 'Paste the output of the command below.', needs, items: inputs.map((i) => ({ name: i.name, kind: 'text', size: i.bytes.length, digest: index, repairs: [], notes: [m('unrecognised', 'This was not recognised.', 'Paste the output of one of the commands under Examples, or drop the file itself.')], parent: null })), links: [link('index', null, 'not-checked', 'The index hashes to ' + index + '; nothing signed names it yet.', { evidence: evidence(index, 'SHA-256 over exactly these bytes (OCI image-spec, descriptor.md, Digests)') })] };
}
