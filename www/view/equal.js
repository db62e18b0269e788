// The same step with other people's programs: what a link says, asked again.

const IMAGE = /^[\w.:/-]{1,255}$/;

/** Commands that must agree with a link: `{ word, command, prints }`. */
export function equal({ code, outcome, args, evidence }, { subject, publisher }) {
  if (outcome !== 'proven') return [];
  const key = publisher.name === 'webdis' ? 'webdis.pub' : 'KEY.pub';
  const digest = args.digest ?? evidence?.digest ?? '';
  if (code === 'key-pinned') {
    const fingerprint = publisher.keys.find((k) => Object.values(args).includes(k.fingerprint))?.fingerprint;
    return fingerprint ? [{ word: 'equalKey', command: `openssl pkey -pubin -in ${key} -outform DER | sha256sum`, prints: `${fingerprint}  -` }] : [];
  }
  if (/^(bytes-match|oci-child-matches|other-registry)$/.test(code) && digest.startsWith('sha256:')) {
    return [{ word: 'equalBytes', command: 'sha256sum FILE', prints: `${digest.slice(7)}  FILE` }];
  }
  const name = subject.reference?.replace(/@.*$/, '') ?? '';
  if (/^(statement|payload)-signed$/.test(code) && subject.digest && IMAGE.test(name) && !name.startsWith('-')) {
    const repository = name.replace(/:[^/:]*$/, '');
    return [{ word: 'equalSignature', command: `cosign verify --key ${key} ${repository}@${subject.digest}` }];
  }
  return [];
}
