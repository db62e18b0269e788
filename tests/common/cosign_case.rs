//! One case of `vectors/cosign`, judged through the library.

use std::collections::BTreeMap;

use webdis_verify::ClaimedDigest;
use webdis_verify::Digest;
use webdis_verify::Error;
use webdis_verify::Result;
use webdis_verify::model::key::PublicKey;
use webdis_verify::proof::cosign::{self, Annotations, SIGN_V1};
use webdis_verify::proof::sigstore::{Bundle, Content, LogEvidence, TrustedRoot};

/// The files of a case and what its description says.
pub struct Case<'a> {
    pub kind: &'a str,
    pub files: &'a BTreeMap<String, Vec<u8>>,
    pub image_digest: Option<&'a str>,
    /// Whether the log is demanded: `None` if it is where evidence is there.
    pub require_log: Option<bool>,
}

/// A key that no case was signed with, for cases that have none.
const OTHER_KEY: &[u8] = include_bytes!("../../webdis.pub");

impl Case<'_> {
    fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    fn key(&self) -> Result<PublicKey> {
        PublicKey::parse(self.file("key.pub").unwrap_or(OTHER_KEY))
    }

    /// The digest of the image: computed where its bytes are there.
    fn digest(&self) -> ClaimedDigest {
        match (self.file("manifest.json"), self.image_digest) {
            (Some(manifest), _) => Digest::of(manifest).to_claim(),
            (None, Some(text)) => ClaimedDigest::parse(text).expect("image_digest"),
            (None, None) => panic!("a case without an image"),
        }
    }

    /// Verifies the case: `Ok` is *proven*.
    pub fn judge(&self, root: &TrustedRoot) -> Result<()> {
        match self.kind {
            "key-file" => {
                let (_, key) = self.files.iter().next().expect("a key file");
                PublicKey::parse(key).map(drop)
            }
            "legacy-key" | "legacy-keyless" => self.legacy(root),
            "bundle-key" | "bundle-keyless" => self.bundle(root),
            "legacy-att-keyless" => {
                let annotations = Annotations::parse(self.file("annotations.json").expect("annotations"))?;
                let envelope = self.file("envelope.json").expect("envelope");
                cosign::verify_envelope(envelope, &annotations, &self.key()?, SIGN_V1)?
                    .names(&self.digest())
                    .map(drop)
            }
            other => panic!("unknown kind {other}"),
        }
    }

    fn legacy(&self, root: &TrustedRoot) -> Result<()> {
        let payload = self.file("payload.json").expect("payload");
        let annotations = Annotations::parse(self.file("annotations.json").expect("annotations"))?;
        if let Some(manifest) = self.file("sig-manifest.json") {
            // The case is one of the layers; several may share the payload.
            let layers = cosign::signature_layers(manifest)?;
            let same = |layer: &cosign::Layer| {
                layer.digest.check(payload).is_ok() && layer.annotations == annotations
            };
            assert!(layers.iter().any(same), "annotations.json is no layer of sig-manifest.json");
        }
        let image = cosign::verify_payload(payload, &annotations, &self.key()?)?;
        image.names(&self.digest())?;
        self.log(image.log_evidence(root))
    }

    fn bundle(&self, root: &TrustedRoot) -> Result<()> {
        let bundle = Bundle::parse(self.file("bundle.sigstore.json").expect("bundle"))?;
        if let Content::Message(_) = bundle.content() {
            let artifact = self.file("artifact").expect("artifact");
            let file = cosign::verify_file(&bundle, &Digest::of(artifact).to_claim(), &self.key()?)?;
            return self.log(file.log_evidence(root));
        }
        let image = cosign::verify_bundle(&bundle, &self.key()?, SIGN_V1)?;
        image.names(&self.digest())?;
        self.log(image.log_evidence(root))
    }

    fn log(&self, evidence: LogEvidence) -> Result<()> {
        match (evidence, self.require_log) {
            (LogEvidence::Proven(_), _) | (_, Some(false)) | (LogEvidence::Absent, None) => Ok(()),
            (LogEvidence::Failed(error), _) => Err(error),
            (LogEvidence::Absent, Some(true)) => {
                Err(Error::new(webdis_verify::proof::sigstore::codes::LOG_ABSENT))
            }
        }
    }
}
