//! The X.509 certificate in which Notary v1 wraps a root key, and in which a
//! delegate's key may come.
//!
//! Its own signature says nothing (it signs itself; identity comes from the
//! pinned key id). What counts: whose repository it is for, which key it
//! holds, and from when to when. RFC 5280, section 4.1; formats: DER in PEM.

use super::codes;
use crate::base::encoding::der::{self, Reader};
use crate::base::encoding::pem;
use crate::base::error::{Error, Result};
use crate::base::time::Time;
use crate::model::key::PublicKey;

const INTEGER: u8 = 0x02;
const BOOLEAN: u8 = 0x01;
const OCTET_STRING: u8 = 0x04;
const SET: u8 = 0x31;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
/// id-at-commonName, 2.5.4.3.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// id-ce-basicConstraints, 2.5.29.19.
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
/// Signature algorithms on MD2, MD5 and SHA-1 (RSA, DSA, ECDSA, OIW).
const WEAK: [&[u8]; 7] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x02],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05],
    &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01],
    &[0x2b, 0x0e, 0x03, 0x02, 0x1b],
    &[0x2b, 0x0e, 0x03, 0x02, 0x1d],
];
/// Longest chain in one key entry.
const CHAIN: usize = 8;
/// How far ahead of the clock a certificate may begin, as in Notary: a day.
const EARLY_SECONDS: i64 = 86_400;

/// The first certificate of a key entry: the one that holds the key.
#[derive(Clone, Debug)]
pub struct Certificate {
    common_name: String,
    spki: Vec<u8>,
    not_before: Time,
    not_after: Time,
    authority: bool,
    weak: bool,
}

impl Certificate {
    /// Reads the PEM text of a key entry: the certificate of the key first,
    /// then only certificates of authorities. Whether the first one may be an
    /// authority's itself depends on the role: [`Certificate::check`] refuses
    /// that for the root, while the delegates' keys that Notary takes from
    /// `openssl req -x509` come in such ones.
    ///
    /// # Errors
    /// [`codes::CERTIFICATE_FORM`].
    pub fn parse_chain(text: &str) -> Result<Self> {
        let mut rest = text;
        let mut first = None;
        for _ in 0..CHAIN {
            let (block, after) = pem::parse_first(rest).map_err(|_| form("not PEM"))?;
            if block.label != "CERTIFICATE" {
                return Err(form("a PEM block that is not a certificate"));
            }
            let certificate = Self::parse(&block.contents)?;
            let authority = certificate.authority;
            if first.is_none() {
                first = Some(certificate);
            } else if !authority {
                return Err(form("more than one leaf certificate"));
            }
            rest = after.trim_start();
            if rest.is_empty() {
                return first.ok_or_else(|| form("no certificate"));
            }
        }
        Err(form("too many certificates"))
    }

    /// Reads one DER certificate.
    ///
    /// # Errors
    /// [`codes::CERTIFICATE_FORM`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        read(bytes).map_err(|error| form(error.found_text().unwrap_or("malformed DER")))
    }

    /// The repository (globally unique name) it is for; may end in `*`.
    #[must_use]
    pub fn common_name(&self) -> &str {
        &self.common_name
    }

    /// The last moment of its validity.
    #[must_use]
    pub const fn not_after(&self) -> Time {
        self.not_after
    }

    /// The key it holds.
    ///
    /// # Errors
    /// The codes of [`crate::model::key::codes`], for keys other than P-256.
    pub fn key(&self) -> Result<PublicKey> {
        PublicKey::from_der(&self.spki)
    }

    /// Whether it is for the repository `gun`: its name, or a prefix and `*`.
    ///
    /// # Errors
    /// [`codes::CERTIFICATE_NAME`].
    pub fn is_for(&self, gun: &str) -> Result<()> {
        let name = self.common_name.as_str();
        if name == gun || name.strip_suffix('*').is_some_and(|prefix| gun.starts_with(prefix)) {
            return Ok(());
        }
        Err(Error::new(codes::CERTIFICATE_NAME).expected(gun).found(crate::base::digest::shorten(name)))
    }

    /// Checks what is demanded of a root key's certificate, but the end of
    /// validity: no authority, name, algorithm, beginning.
    ///
    /// # Errors
    /// [`codes::CERTIFICATE_NAME`], [`codes::CERTIFICATE_WEAK`],
    /// [`codes::CERTIFICATE_FORM`] or [`codes::CERTIFICATE_EARLY`].
    pub fn check(&self, gun: &str, now: Time) -> Result<()> {
        if self.authority {
            return Err(form("an authority's certificate comes first"));
        }
        self.is_for(gun)?;
        if self.weak {
            return Err(Error::new(codes::CERTIFICATE_WEAK));
        }
        if self.not_before > self.not_after {
            return Err(form("its validity ends before it begins"));
        }
        if self.not_before.unix() > now.unix().saturating_add(EARLY_SECONDS) {
            return Err(Error::new(codes::CERTIFICATE_EARLY)
                .expected(self.not_before.to_string())
                .found(now.to_string()));
        }
        Ok(())
    }
}

fn form(found: &str) -> Error {
    Error::new(codes::CERTIFICATE_FORM).found(found)
}

fn read(bytes: &[u8]) -> Result<Certificate> {
    let mut file = Reader::new(bytes);
    let mut certificate = Reader::new(file.element(der::SEQUENCE)?);
    file.finish()?;
    let mut tbs = Reader::new(certificate.element(der::SEQUENCE)?);
    let algorithm = certificate.element(der::SEQUENCE)?;
    certificate.element(der::BIT_STRING)?;
    certificate.finish()?;

    if tbs.peek() == Some(VERSION) {
        tbs.element(VERSION)?;
    }
    tbs.element(INTEGER)?;
    if tbs.element(der::SEQUENCE)? != algorithm {
        return Err(form("two different signature algorithms"));
    }
    tbs.element(der::SEQUENCE)?;
    let mut validity = Reader::new(tbs.element(der::SEQUENCE)?);
    let not_before = time(&mut validity)?;
    let not_after = time(&mut validity)?;
    validity.finish()?;
    let common_name = common_name(tbs.element(der::SEQUENCE)?)?;
    let spki = tbs.whole(der::SEQUENCE)?.to_vec();
    let mut authority = false;
    while !tbs.is_empty() {
        if let (EXTENSIONS, contents) = tbs.any()? {
            authority = is_authority(contents)?;
        }
    }
    let oid = Reader::new(algorithm).element(der::OID)?;
    Ok(Certificate { common_name, spki, not_before, not_after, authority, weak: WEAK.contains(&oid) })
}

fn common_name(name: &[u8]) -> Result<String> {
    let mut found = None;
    let mut name = Reader::new(name);
    while !name.is_empty() {
        let mut set = Reader::new(name.element(SET)?);
        while !set.is_empty() {
            let mut attribute = Reader::new(set.element(der::SEQUENCE)?);
            let kind = attribute.element(der::OID)?;
            let (_, value) = attribute.any()?;
            attribute.finish()?;
            if kind == COMMON_NAME {
                let text = core::str::from_utf8(value).map_err(|_| form("a name that is not text"))?;
                if found.replace(text.to_owned()).is_some() {
                    return Err(form("two common names"));
                }
            }
        }
    }
    found.ok_or_else(|| form("no common name"))
}

/// Reads UTCTime `YYMMDDHHMMSSZ` or GeneralizedTime `YYYYMMDDHHMMSSZ`
/// (RFC 5280, section 4.1.2.5).
fn time(reader: &mut Reader<'_>) -> Result<Time> {
    let wrong = || form("a date that is not one");
    let (tag, text) = reader.any()?;
    let text = core::str::from_utf8(text).map_err(|_| wrong())?;
    let digits = text.strip_suffix('Z').ok_or_else(wrong)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let (year, rest) = match tag {
        UTC_TIME => digits.split_at_checked(2),
        GENERALIZED_TIME => digits.split_at_checked(4),
        _ => None,
    }
    .ok_or_else(wrong)?;
    let mut year: i64 = year.parse().map_err(|_| wrong())?;
    if tag == UTC_TIME {
        year += if year < 50 { 2000 } else { 1900 };
    }
    let [o1, o2, d1, d2, h1, h2, m1, m2, s1, s2] =
        <[u8; 10]>::try_from(rest.as_bytes()).map_err(|_| wrong())?.map(char::from);
    Time::parse(&format!("{year:04}-{o1}{o2}-{d1}{d2}T{h1}{h2}:{m1}{m2}:{s1}{s2}Z")).map_err(|_| wrong())
}

fn is_authority(extensions: &[u8]) -> Result<bool> {
    let mut outer = Reader::new(extensions);
    let mut list = Reader::new(outer.element(der::SEQUENCE)?);
    outer.finish()?;
    let mut authority = None;
    while !list.is_empty() {
        let mut extension = Reader::new(list.element(der::SEQUENCE)?);
        let kind = extension.element(der::OID)?;
        if extension.peek() == Some(BOOLEAN) {
            extension.element(BOOLEAN)?;
        }
        let value = extension.element(OCTET_STRING)?;
        extension.finish()?;
        if kind == BASIC_CONSTRAINTS {
            let mut value = Reader::new(value);
            let mut constraints = Reader::new(value.element(der::SEQUENCE)?);
            value.finish()?;
            let ca = constraints.peek() == Some(BOOLEAN) && constraints.element(BOOLEAN)? != [0];
            if authority.replace(ca).is_some() {
                return Err(form("basic constraints twice"));
            }
        }
    }
    Ok(authority.unwrap_or(false))
}
