//! Every signature among the evidence, verified with every pinned key.

use core::cell::OnceCell;
use std::rc::Rc;

use crate::base::digest::ClaimedDigest;
use crate::base::error::{Error, Result};
use crate::base::json;
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::base::order::{self, Set as BTreeSet};
use crate::base::proof::{Anchor, Proof};
use crate::evidence;
use crate::evidence::{Item, Kind, Origin};
use crate::model::key;
use crate::model::oci::Document;
use crate::model::publisher::PinnedKey;
use crate::proof::cosign::{self, Annotations, LayerKind, NamesDigest, SIGN_V1, SignedFile, SignedImage};
use crate::proof::sigstore::{Bundle, Content, LogEvidence};

use super::Question;
use super::claims;
use super::store::{Hints, Store};
use super::texts::{FREE, Texts, Tries, payloads};

/// What a pinned key signed.
#[derive(Debug)]
pub(super) enum Signed {
    /// An image, by a statement or payload that names its digest.
    Image(Box<SignedImage>),
    /// A file, directly.
    File(Box<SignedFile>),
}

impl Signed {
    /// Digests the signature names.
    pub(super) fn subjects(&self) -> Vec<ClaimedDigest> {
        match self {
            Self::Image(signed) => signed.subjects(),
            Self::File(signed) => vec![signed.digest().clone()],
        }
    }

    /// The proof that the key made the signature.
    pub(super) fn proof(&self) -> &dyn Proof {
        match self {
            Self::Image(signed) => signed.as_ref(),
            Self::File(signed) => signed.as_ref(),
        }
    }

    /// The form in words.
    pub(super) fn form(&self) -> &'static str {
        match self {
            Self::Image(signed) => signed.form().name(),
            Self::File(_) => "file",
        }
    }

    /// The proof that the signature names a digest; a signature over a file
    /// is its own.
    pub(super) fn names(&self, digest: &ClaimedDigest) -> Result<Names<'_>> {
        match self {
            Self::Image(signed) => signed.names(digest).map(Names::Statement),
            Self::File(signed) if signed.digest() == digest => Ok(Names::File(signed)),
            Self::File(signed) => Err(Error::new(cosign::codes::SIGNED_ANOTHER_FILE)
                .expected(digest.to_string())
                .found(signed.digest().to_string())),
        }
    }
}

/// Proof that a signature names a digest.
#[derive(Debug)]
pub(super) enum Names<'a> {
    Statement(NamesDigest),
    File(&'a SignedFile),
}

impl Names<'_> {
    pub(super) fn anchor(&self) -> &dyn Anchor {
        match self {
            Self::Statement(names) => names,
            Self::File(signed) => *signed,
        }
    }
}

/// A signature that a pinned key made, and what the log says of it.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) item: usize,
    pub(super) key: PinnedKey,
    pub(super) signed: Signed,
    pub(super) log: LogEvidence,
    /// The image where whose signatures are kept it was found.
    pub(super) bound: Option<ClaimedDigest>,
}

/// Whose signature a failed one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// A pinned key's, which was verified; something else is wrong.
    Verified,
    /// A pinned key's, as its hint or its log entry says.
    Pinned,
    /// Nobody's that is pinned.
    Another,
}

/// A signature that no pinned key made, or that could not be judged.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) item: usize,
    pub(super) error: Error,
    pub(super) made: Made,
    /// Whether it says itself that it is a statement of another type than what is
    /// demanded: an attestation beside a signature, of whomever.
    pub(super) aside: bool,
    /// The digests it claims to be for; nobody vouches for them.
    pub(super) names: Rc<[ClaimedDigest]>,
    /// The image where whose signatures are kept it was found.
    pub(super) bound: Option<ClaimedDigest>,
}

impl Failed {
    /// Whether it is well formed and simply made with another key.
    pub(super) fn by_another_key(&self) -> bool {
        self.error.code() == key::codes::SIGNATURE_INVALID
    }
}

/// All signatures of a check.
#[derive(Debug, Default)]
pub(super) struct Signatures {
    pub(super) verified: Vec<Verified>,
    pub(super) failed: Vec<Failed>,
    /// Payloads and bundles that manifests name and that are not at hand.
    pub(super) missing: Vec<ClaimedDigest>,
}

impl Signatures {
    /// Digests that verified signatures name.
    pub(super) fn signed_digests(&self) -> BTreeSet<ClaimedDigest> {
        self.verified.iter().flat_map(|v| v.signed.subjects()).collect()
    }
}

/// What is to be verified, and the item it was found in.
struct Candidate<'a> {
    item: usize,
    what: What<'a>,
}

pub(super) enum What<'a> {
    Bundle(Bundle),
    Simple(&'a [u8], Annotations),
    /// Bare annotations: what they were made over is somewhere in the store.
    Loose(Annotations),
    Rebuilt(Vec<u8>, Annotations),
    Envelope(&'a [u8], Annotations),
    Broken(Error),
}

/// Finds and verifies every signature, up to [`limits::SIGNATURES`]. Those that
/// are for what the user or a witness `meant` come before others.
pub(super) fn collect(store: &Store, question: &Question<'_>, meant: &Hints) -> Signatures {
    let mut out = Signatures::default();
    let mut tries = Tries::default();
    let mut candidates = Vec::new();
    for (i, item) in store.items.iter().enumerate() {
        of_item(i, item, &mut candidates);
    }
    of_manifests(store, &mut candidates, &mut out.missing);
    // What a pinned key says it made comes first, so that no number of
    // strangers' signatures uses up the limit; then order decides nothing.
    let keys = &question.policy.keys;
    order::sort_by_key(&mut candidates, |c| {
        let pinned = claims::made(&c.what, keys) == Made::Pinned;
        let wanted = claims::names(&c.what, Rc::default).iter().any(|digest| meant.contains(digest));
        (!pinned, !wanted, claims::order(store, c.item))
    });
    let payloads = payloads(store, meant);
    // Read once, however many bare annotations may be for them.
    let of_payloads = OnceCell::new();
    let of_payloads = || Rc::clone(of_payloads.get_or_init(|| claims::of_payloads(store)));
    let places = claims::places(store);
    let signs_file =
        |what: &What<'_>| matches!(what, What::Bundle(b) if matches!(b.content(), Content::Message(_)));
    let any_file = question.digest.is_none() && candidates.iter().any(|c| signs_file(&c.what));
    let files = if any_file { files(store, question) } else { Vec::new() };
    let texts = Texts { store, question, files: &files, payloads: &payloads };
    for candidate in candidates.iter().take(limits::SIGNATURES) {
        match verify(candidate, texts, &mut tries) {
            Ok((key, signed, log)) => {
                let bound = claims::bound(store, &places, candidate.item);
                out.verified.push(Verified { item: candidate.item, key, signed, log, bound });
            }
            Err(error) => out.failed.push(Failed {
                item: candidate.item,
                aside: claims::is_of_another_type(&candidate.what, question.policy.attestation.as_deref()),
                made: claims::maker(&error, &candidate.what, keys),
                names: claims::names(&candidate.what, of_payloads),
                bound: claims::bound(store, &places, candidate.item),
                error,
            }),
        }
    }
    let within = limits::within("signatures in one check", candidates.len(), limits::SIGNATURES);
    if let (Err(error), Some(beyond)) = (within, candidates.get(limits::SIGNATURES)) {
        let (names, bound) = (Rc::default(), None);
        let (item, made, aside) = (beyond.item, Made::Another, false);
        out.failed.push(Failed { item, error, made, aside, names, bound });
    }
    out
}

fn of_item<'a>(i: usize, item: &'a Item, out: &mut Vec<Candidate<'a>>) {
    let mut push =
        |what: Result<What<'a>>| out.push(Candidate { item: i, what: what.unwrap_or_else(What::Broken) });
    match item.kind {
        Kind::Bundle => push(Bundle::parse(&item.bytes).map(What::Bundle)),
        Kind::CosignVerify => push(rebuilt(item, cosign::rebuild_verified)),
        Kind::CosignDownload => push(rebuilt(item, cosign::read_download)),
        Kind::Annotations => push(Annotations::parse(&item.bytes).map(What::Loose)),
        _ => {}
    }
}

/// Reads a payload and its annotations out of a record that prints both.
type ReadRecord = fn(&json::Node<'_>) -> Result<(Vec<u8>, Annotations)>;

/// Payload and annotations of a record that prints both.
fn rebuilt<'a>(item: &Item, read: ReadRecord) -> Result<What<'a>> {
    let (payload, annotations) = read(&json::parse(&item.bytes)?)?;
    Ok(What::Rebuilt(payload, annotations))
}

/// Layers of signature manifests: the payload is found by its digest.
fn of_manifests<'a>(store: &'a Store, out: &mut Vec<Candidate<'a>>, missing: &mut Vec<ClaimedDigest>) {
    for doc in &store.docs {
        let Document::Manifest(manifest) = &doc.document else { continue };
        if !manifest.carries_signatures() {
            continue;
        }
        let mut push = |what| out.push(Candidate { item: doc.item, what });
        let layers = match cosign::signature_layers(store.bytes(doc)) {
            Ok(layers) => layers,
            Err(error) => {
                push(What::Broken(error));
                continue;
            }
        };
        for layer in layers {
            match (store.item(&layer.digest), layer.kind) {
                (None, _) => missing.push(layer.digest),
                (Some(_), LayerKind::Bundle) => {} // an item of its own
                (Some(item), LayerKind::Payload) => push(What::Simple(&item.bytes, layer.annotations)),
                (Some(item), LayerKind::Envelope) => push(What::Envelope(&item.bytes, layer.annotations)),
            }
        }
    }
}

/// Tries every pinned key. Of the failures the most specific one is kept: one
/// other than "another key" was found with a key that did match, or before
/// any key was tried.
fn verify(
    candidate: &Candidate<'_>,
    texts: Texts<'_>,
    tries: &mut Tries,
) -> Result<(PinnedKey, Signed, LogEvidence)> {
    let policy = texts.question.policy;
    let mut kept: Option<Error> = None;
    for pinned in &policy.keys {
        match verify_with(&candidate.what, pinned, texts, tries) {
            Ok(signed) => {
                let log = match &signed {
                    Signed::Image(signed) => signed.log_evidence(&policy.trusted_root),
                    Signed::File(signed) => signed.log_evidence(&policy.trusted_root),
                };
                return Ok((pinned.clone(), signed, log));
            }
            Err(error) => {
                if kept.is_none() || error.code() != key::codes::SIGNATURE_INVALID {
                    kept = Some(error);
                }
            }
        }
    }
    Err(kept.unwrap_or_else(|| Error::new(crate::model::publisher::codes::NO_KEY)))
}

fn verify_with(what: &What<'_>, pinned: &PinnedKey, texts: Texts<'_>, tries: &mut Tries) -> Result<Signed> {
    let key = pinned.key();
    let question = texts.question;
    let predicate = question.policy.attestation.as_deref();
    let image = |signed| Signed::Image(Box::new(signed));
    match what {
        What::Broken(error) => Err(error.clone()),
        What::Bundle(bundle) => match bundle.content() {
            Content::Dsse(_) => cosign::verify_bundle(bundle, key, predicate.unwrap_or(SIGN_V1)).map(image),
            Content::Message(_) if predicate.is_some() => Err(Error::new(super::codes::NOT_AN_ATTESTATION)),
            Content::Message(_) if question.image.is_some() => Err(Error::new(cosign::codes::FILE_BUNDLE)),
            Content::Message(_) => verify_file(bundle, key, texts, tries),
        },
        What::Envelope(envelope, annotations) => {
            cosign::verify_envelope(envelope, annotations, key, predicate.unwrap_or(SIGN_V1)).map(image)
        }
        What::Loose(annotations) => {
            verify_loose(texts.payloads, annotations, key, predicate, tries).map(image)
        }
        What::Simple(_, _) | What::Rebuilt(_, _) if predicate.is_some() => {
            Err(Error::new(super::codes::NOT_AN_ATTESTATION))
        }
        What::Simple(payload, annotations) => {
            verify_simple(payload, Kind::Payload, annotations, key).map(image)
        }
        What::Rebuilt(payload, annotations) => cosign::verify_payload(payload, annotations, key).map(image),
    }
}

/// Bare annotations go with any text at hand; the signature decides which. If
/// none fits, the likely ones say why.
fn verify_loose(
    payloads: &[&Item],
    annotations: &Annotations,
    key: &key::PublicKey,
    predicate: Option<&str>,
    tries: &mut Tries,
) -> Result<SignedImage> {
    let mut kept: Option<Error> = None;
    for (n, item) in payloads.iter().enumerate() {
        // No other signature uses up the tries of the likeliest.
        if n >= FREE {
            tries.take()?;
        }
        let verified = match item.kind {
            Kind::Envelope => {
                cosign::verify_envelope(&item.bytes, annotations, key, predicate.unwrap_or(SIGN_V1))
            }
            kind => verify_simple(&item.bytes, kind, annotations, key),
        };
        let error = match verified {
            Ok(_) if predicate.is_some() && item.kind != Kind::Envelope => {
                return Err(Error::new(super::codes::NOT_AN_ATTESTATION));
            }
            Ok(signed) => return Ok(signed),
            Err(error) => error,
        };
        let another_key = error.code() == key::codes::SIGNATURE_INVALID;
        let likely = matches!(item.kind, Kind::Payload | Kind::Envelope);
        if !another_key || (likely && kept.is_none()) {
            kept = Some(error);
        }
    }
    Err(kept.unwrap_or_else(|| Error::new(super::codes::PAYLOAD_NEEDED)))
}

/// A bundle over a file: the file is the digest asked about, or whichever
/// item the signature fits. The bytes of an image's index or manifest are no
/// file: an image is signed by a statement that says so.
fn verify_file(bundle: &Bundle, key: &key::PublicKey, texts: Texts<'_>, tries: &mut Tries) -> Result<Signed> {
    let Texts { store, question, files, .. } = texts;
    let is_image = |digest: &ClaimedDigest| store.doc(digest).is_some_and(|doc| !is_config(&doc.document));
    let verify = |digest: &ClaimedDigest| match cosign::verify_file(bundle, digest, key) {
        Ok(_) if is_image(digest) => Err(Error::new(cosign::codes::FILE_BUNDLE)),
        verified => verified.map(|signed| Signed::File(Box::new(signed))),
    };
    if let Some(digest) = question.digest {
        return verify(digest);
    }
    let mut kept: Option<Error> = None;
    let another = |error: &Error| error.code() == cosign::codes::SIGNED_ANOTHER_FILE;
    // A bundle that says which digest it is over fails the others at no cost.
    let named = matches!(bundle.content(), Content::Message(message) if message.digest.is_some());
    for digest in files.iter().take(limits::BUNDLE_FILES) {
        if !named {
            tries.take()?;
        }
        match verify(digest) {
            Err(error) if error.code() != cosign::codes::FILE_BUNDLE => {
                kept = kept.filter(|kept| !another(kept)).or(Some(error));
            }
            settled => return settled,
        }
    }
    // A printed text may have lost a newline; the bytes of a file did not.
    let blob =
        |item: &Item| item.kind == Kind::Blob && matches!(item.origin, Origin::File | Origin::Measured(_));
    let kept = kept.filter(|error| !another(error) || store.items.iter().any(blob));
    Err(kept.unwrap_or_else(|| Error::new(super::codes::FILE_NEEDED)))
}

const fn is_config(document: &Document) -> bool {
    matches!(document, Document::Config(_))
}

/// Digests of what was given, as it is, and of what was found in it.
fn files(store: &Store, question: &Question<'_>) -> Vec<ClaimedDigest> {
    let given = question.given.iter().map(|given| given.digest().to_claim());
    let items = store.items.iter().filter(|item| item.kind != Kind::Bundle && item.parent.is_none());
    given.chain(items.map(|item| item.digest.to_claim())).collect_vec()
}

/// The payload as it is, then as it was before a terminal, an editor or a
/// printer of JSON changed its layout. What is not known for a payload has at
/// most the newlines that a terminal adds.
fn verify_simple(
    payload: &[u8],
    kind: Kind,
    annotations: &Annotations,
    key: &key::PublicKey,
) -> Result<SignedImage> {
    let first = cosign::verify_payload(payload, annotations, key);
    match &first {
        Err(error) if error.code() == key::codes::SIGNATURE_INVALID => {
            let forms = match kind {
                Kind::Payload if payload.len() <= limits::PAYLOAD_BYTES => evidence::signed_forms(payload),
                _ if payload.ends_with(b"\n") => vec![evidence::trimmed(payload).bytes],
                _ => vec![],
            };
            let fits = forms.iter().find_map(|form| cosign::verify_payload(form, annotations, key).ok());
            fits.map_or(first, Ok)
        }
        _ => first,
    }
}
