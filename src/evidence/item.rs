//! What was given, and what it was recognised as.

use super::codes;
use super::fact::{About, DigestKind, Fact, Knows, Role};
use super::measured::Measured;
use crate::base::digest::Digest;
use crate::base::error::Error;
use crate::base::limits;
use crate::base::message::Message;
use crate::model::oci::Platform;

/// How bytes arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Text from a text field or standard input: prompts, lost newlines and
    /// changed indentation are to be expected.
    Paste,
    /// A file: hashed as it is first.
    File,
    /// A member of an archive.
    Archive,
    /// Fetched from a registry; the address, without secrets.
    Fetched(String),
    /// A blob that was read to its end where it is, and not kept.
    Measured(Box<Measured>),
    /// A file that could not be read where it is, and why.
    Refused(Box<Error>),
}

/// Untrusted bytes as they were given.
#[derive(Clone, Debug)]
pub struct Given {
    /// File name or `paste 1`.
    pub name: String,
    /// How they arrived.
    pub origin: Origin,
    /// The bytes; none of what was only measured.
    pub bytes: Vec<u8>,
}

impl Given {
    /// A blob whose bytes are not kept.
    #[must_use]
    pub fn measured(name: &str, measured: Measured) -> Self {
        Self { name: name.to_owned(), origin: Origin::Measured(Box::new(measured)), bytes: Vec::new() }
    }

    /// A file that could not be read.
    #[must_use]
    pub fn refused(name: &str, error: Error) -> Self {
        Self { name: name.to_owned(), origin: Origin::Refused(Box::new(error)), bytes: Vec::new() }
    }

    /// Digest of the bytes, also where they are not kept.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match &self.origin {
            Origin::Measured(measured) => measured.digest(),
            _ => Digest::of(&self.bytes),
        }
    }
}

/// The first digits of a digest or ID, as tables of images show it: too few to be
/// one, and enough to tell images apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The digits, in lower case.
    pub digits: String,
    /// Which image.
    pub about: About,
    /// The program that printed it.
    pub tool: &'static str,
    /// What a digest is of that begins so, as far as is said.
    pub kind: DigestKind,
    /// Whether it may be a part of that image: what a filter left of a document.
    pub part: bool,
}

/// A recognised part of what was given.
#[derive(Clone, Debug)]
pub struct Item {
    /// Name of the [`Given`] it was found in.
    pub name: String,
    /// How it arrived.
    pub origin: Origin,
    /// What it is.
    pub kind: Kind,
    /// Its bytes: the file as it is, or the part of the paste that is this
    /// value. Not yet known to be the original ones.
    pub bytes: Vec<u8>,
    /// Digest of all its bytes, also where not all are kept.
    pub digest: Digest,
    /// How many bytes it has. More than `bytes` holds where a text or value of no
    /// known kind is too long to be kept.
    pub size: usize,
    /// The digests in it as facts: kind, image, witness. Never proof.
    pub facts: Vec<Fact>,
    /// Digests of which it shows the first digits only.
    pub cut: Vec<Cut>,
    /// The reference on the command line above it, as typed, or the one that the
    /// output itself names: where the text says that it comes from.
    pub printed_for: Option<String>,
    /// The one platform that the command line above it asked for.
    pub platform: Option<Platform>,
    /// Repairs that led from the given text to `bytes`.
    pub repairs: Vec<Message>,
    /// Remarks: secrets dropped, why it is not usable.
    pub notes: Vec<Message>,
    /// Index of the item it was found in.
    pub parent: Option<usize>,
    /// Whether it was cut out of a text, whatever the text came in.
    pub in_text: bool,
}

impl Item {
    /// Whether `bytes` are all its bytes.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.bytes.len() == self.size
    }

    /// Whether somebody left out parts of it.
    #[must_use]
    pub fn is_shortened(&self) -> bool {
        self.notes.iter().any(|note| note.code == codes::SHORTENED.name())
    }

    /// Why reading stopped here: what comes after it may be a witness, and
    /// nobody knows.
    #[must_use]
    pub fn cut_short(&self) -> Option<&Message> {
        // What a stranger sent is none of the user's words.
        let own = matches!(self.origin, Origin::Paste | Origin::File);
        let cut = |place: &str| {
            [limits::ITEMS_NAME, limits::FACTS_NAME, limits::TEXT_NAME].contains(&place)
                || own && place == limits::VALUES_NAME
        };
        let is_limit = |note: &&Message| note.code == limits::codes::LIMIT.name();
        self.notes.iter().filter(is_limit).find(|note| note.args.get("place").is_some_and(|at| cut(at)))
    }

    /// Why an archive was refused: what stands in it may be what the user holds.
    #[must_use]
    pub fn refused_archive(&self) -> Option<&Message> {
        let refuses = |note: &&Message| {
            note.code.starts_with("archive-") && note.code != codes::ARCHIVE_FORMAT_UNREAD.name()
                || note.code == limits::codes::LIMIT.name()
        };
        let whole = self.kind == Kind::Blob && self.parent.is_none() && self.origin != Origin::Paste;
        self.notes.iter().find(refuses).filter(|_| whole)
    }

    /// Makes it a part of a value that cannot be read: not what the command was asked for.
    pub(super) fn become_part(&mut self) {
        if matches!(self.kind, Kind::Index | Kind::Manifest | Kind::SignatureManifest | Kind::Config) {
            self.printed_for = None;
        }
        let json = self.kind == Kind::Json;
        let named = |fact: &&mut Fact| fact.witness.knows == Knows::Name || json;
        self.facts.iter_mut().filter(named).for_each(|fact| fact.role = Role::Part);
    }
}

macro_rules! kinds {
    ($( $(#[$doc:meta])* $id:ident = $name:literal; )+) => {
        /// What an item is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $( $(#[$doc])* $id, )+ }

        impl Kind {
            /// The stable kebab-case name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$id => $name, )+ }
            }

            /// Whether it is Notary v1 metadata.
            #[must_use]
            pub const fn is_notary_metadata(self) -> bool {
                matches!(
                    self,
                    Self::NotaryRoot | Self::NotaryTargets | Self::NotarySnapshot | Self::NotaryTimestamp
                )
            }

            /// All kinds, for translations.
            pub const ALL: &'static [Self] = &[$( Self::$id ),+];
        }
    };
}

kinds! {
    /// OCI image index or Docker manifest list.
    Index = "index";
    /// OCI image manifest or Docker schema 2 manifest.
    Manifest = "manifest";
    /// A manifest whose layers are cosign simple signatures, or which carries
    /// a Sigstore bundle (a referrer).
    SignatureManifest = "signature-manifest";
    /// An image configuration.
    Config = "config";
    /// Docker schema 1: its digest cannot be recomputed.
    Schema1 = "schema1";
    /// A cosign simple-signing payload.
    Payload = "payload";
    /// The annotations of a cosign signature layer (a bare object).
    Annotations = "annotations";
    /// One record of `cosign verify` output.
    CosignVerify = "cosign-verify";
    /// One line of `cosign download signature` output (old format).
    CosignDownload = "cosign-download";
    /// A Sigstore bundle.
    Bundle = "bundle";
    /// A bare DSSE envelope (legacy attestation).
    Envelope = "envelope";
    /// A bare in-toto statement.
    Statement = "statement";
    /// A Rekor log entry as its API returns it.
    RekorEntry = "rekor-entry";
    /// A Sigstore trusted root. Never trusted when found among evidence.
    TrustedRoot = "trusted-root";
    /// Notary v1 root metadata.
    NotaryRoot = "notary-root";
    /// Notary v1 targets metadata (top or delegation).
    NotaryTargets = "notary-targets";
    /// Notary v1 snapshot metadata.
    NotarySnapshot = "notary-snapshot";
    /// Notary v1 timestamp metadata.
    NotaryTimestamp = "notary-timestamp";
    /// The value of a `dev.sigstore.cosign/bundle` annotation.
    RekorBundle = "rekor-bundle";
    /// A descriptor of a cosign signature layer, with its annotations.
    SignatureLayer = "signature-layer";
    /// An array whose elements are documents of their own.
    Container = "container";
    /// A PEM certificate.
    Certificate = "certificate";
    /// `docker trust inspect`, JSON.
    TrustInspect = "trust-inspect";
    /// `docker trust inspect --pretty`.
    TrustPretty = "trust-pretty";
    /// `docker trust inspect` cleaned with grep and sed, as in the Webdis page.
    TrustCleaned = "trust-cleaned";
    /// `notary list`.
    NotaryList = "notary-list";
    /// `docker image inspect` or `docker inspect`.
    ImageInspect = "image-inspect";
    /// `docker manifest inspect -v`.
    ManifestVerbose = "manifest-verbose";
    /// `docker buildx imagetools inspect`.
    Imagetools = "imagetools";
    /// `docker buildx imagetools inspect --format '{{json .Manifest}}'`.
    ImagetoolsJson = "imagetools-json";
    /// `skopeo inspect`.
    Skopeo = "skopeo";
    /// `docker pull`.
    DockerPull = "docker-pull";
    /// `docker images` table.
    DockerImages = "docker-images";
    /// The header lines of `cosign verify`.
    CosignHeader = "cosign-header";
    /// `sha256sum` or `shasum` output.
    Sha256sum = "sha256sum";
    /// Lines of grep output that name digests.
    Fragments = "fragments";
    /// A digest, or a reference with one.
    DigestText = "digest-text";
    /// An image reference.
    Reference = "reference";
    /// A publisher profile.
    Profile = "profile";
    /// A report of this program, kept as JSON.
    Report = "report";
    /// `oci-layout` marker or other archive bookkeeping.
    ArchiveInfo = "archive-info";
    /// A PEM public key. Never trusted when found among evidence.
    PublicKey = "public-key";
    /// HTTP response headers (curl -v).
    HttpHeaders = "http-headers";
    /// A registry's error response.
    RegistryError = "registry-error";
    /// An error message of a tool, a policy controller or a shell.
    ErrorText = "error-text";
    /// What another known program printed; its facts name the program.
    ToolOutput = "tool-output";
    /// A registry's list of tags.
    TagList = "tag-list";
    /// A token, password or private key: dropped.
    Secret = "secret";
    /// JSON of no known kind.
    Json = "json";
    /// Bytes of no known kind; may be a blob that something names.
    Blob = "blob";
    /// Text of no known kind.
    Text = "text";
}
