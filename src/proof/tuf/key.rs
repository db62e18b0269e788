//! Keys as Notary v1 lists them, each under the hash of itself.

use super::certificate::Certificate;
use super::codes;
use crate::base::digest::{Digest, shorten};
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::json::{Node, notary};
use crate::model::key::{self, PublicKey};

/// A key entry whose id was recomputed and agrees.
#[derive(Clone, Debug)]
pub struct Key {
    id: String,
    certificate: Option<Certificate>,
    public: Result<PublicKey>,
}

impl Key {
    /// Reads `{"keytype":T,"keyval":{"private":null,"public":B64}}` listed
    /// under `id`, and recomputes the id: lower-case hexadecimal SHA-256 of
    /// the canonical JSON of exactly that object.
    ///
    /// A key of a type that is not supported is kept with its id, and cannot
    /// verify anything.
    ///
    /// # Errors
    /// [`codes::KEY_ID`], or the codes of [`crate::base::json::codes`] and
    /// [`crate::base::encoding::codes`] for a malformed entry.
    pub fn read(id: &str, node: &Node<'_>) -> Result<Self> {
        let object = node.object("key")?;
        object.known(&["keytype", "keyval"])?;
        let kind = object.need_text("keytype")?;
        let value = object.need_object("keyval")?;
        value.known(&["private", "public"])?;
        let public = value.need_text("public")?;
        let bytes = base64::decode(public).map_err(|e| e.in_place(value.path("public")))?;
        let computed = key_id(kind, public);
        if computed.hex() != id {
            return Err(Error::new(codes::KEY_ID).expected(shorten(id)).found(computed.hex()));
        }
        let mut key = Self { id: id.to_owned(), certificate: None, public: Err(unsupported(kind)) };
        match kind {
            "ecdsa" => key.public = PublicKey::from_der(&bytes).map_err(|e| explain(&e)),
            "ecdsa-x509" => {
                let text = core::str::from_utf8(&bytes)
                    .map_err(|_| Error::new(codes::CERTIFICATE_FORM).found("not PEM"));
                match text.and_then(Certificate::parse_chain) {
                    Ok(certificate) => {
                        key.public = certificate.key().map_err(|e| explain(&e));
                        key.certificate = Some(certificate);
                    }
                    Err(error) => key.public = Err(error),
                }
            }
            _ => {}
        }
        Ok(key)
    }

    /// The id it is listed under: for a certificate, the hash over the
    /// certificate entry (what `docker trust inspect` shows as Root Key).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The id of the bare public key (what `docker trust inspect` shows for
    /// signers). The same as [`Key::id`] unless this is a certificate.
    #[must_use]
    pub fn canonical_id(&self) -> String {
        match (&self.certificate, &self.public) {
            (Some(_), Ok(public)) => public.tuf_key_id().hex(),
            _ => self.id.clone(),
        }
    }

    /// The certificate, if the key is wrapped in one.
    #[must_use]
    pub const fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// The public key to verify with.
    ///
    /// # Errors
    /// [`codes::KEY_UNSUPPORTED`], [`codes::CERTIFICATE_FORM`] or the codes
    /// of [`crate::model::key::codes`].
    pub fn public(&self) -> Result<&PublicKey> {
        self.public.as_ref().map_err(Clone::clone)
    }
}

fn key_id(kind: &str, public: &str) -> Digest {
    let mut object = "{\"keytype\":".to_owned();
    notary::write_string(kind, &mut object);
    object.push_str(",\"keyval\":{\"private\":null,\"public\":");
    notary::write_string(public, &mut object);
    object.push_str("}}");
    Digest::of(object.as_bytes())
}

fn unsupported(found: &str) -> Error {
    Error::new(codes::KEY_UNSUPPORTED).found(shorten(found))
}

fn explain(error: &Error) -> Error {
    if error.code() == key::codes::KEY_UNSUPPORTED {
        return unsupported(error.found_text().unwrap_or("unknown"));
    }
    error.clone()
}
