//! `docker trust inspect` output held against the documented keys.
//!
//! Nothing in that text is signed: whoever writes the text writes the ids.
//! So the best result is that the text says what it should, and that is never
//! proof. A wrong id, on the other hand, is worth a warning.

use super::Pins;
use crate::base::digest::{ClaimedDigest, shorten};
use crate::base::error::Error;
use crate::base::list::CollectVec as _;

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// The text agrees with the documentation; nothing in it is signed.
        TEXT_ONLY = "trust-text-only", NotChecked,
            "The text shows the documented keys, but nothing in it is signed: it is only as trustworthy as the computer that printed it.",
            "Add the signed files themselves: the folder ~/.docker/trust/tuf of that computer holds them.";
        /// An id in the wrong place, or of no documented key.
        TEXT_KEY_DIFFERS = "trust-text-key-differs", Contradicted,
            "The {place} shown is {found}; documented is {expected}.",
            "Do not trust this image unless the publisher confirms the change.";
        /// An id that should be there is not.
        TEXT_KEY_ABSENT = "trust-text-key-absent", NotChecked,
            "The text does not show a {place}.",
            "Copy the whole output, down to the administrative keys.";
        /// A digest that is not 64 hexadecimal digits.
        TEXT_DIGEST = "trust-text-digest", NotChecked,
            "The digest shown for {place} is not one: {found}.",
            "Copy the output again. An empty digest means that the tag has no usable signature.";
        /// No pins to compare with.
        TEXT_NO_PINS = "trust-text-no-pins", NotChecked,
            "There is no documented {place} to compare with.",
            "Give the key ids that the publisher documents.";
        /// An id of fewer than 64 digits was compared.
        TRUNCATED_KEY_ID = "truncated-key-id", Caveat,
            "Only the first {found} digits of a key id were shown and compared; that is a weaker check.", "";
    }
}

/// One row of signed tags, as printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The tag.
    pub tag: String,
    /// The digest: 64 hexadecimal digits without prefix.
    pub digest: String,
    /// Signer names; empty for `(Repo Admin)`.
    pub signers: Vec<String>,
}

/// What the text says, taken apart but not judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustText {
    /// Rows of signed tags.
    pub rows: Vec<Row>,
    /// Signers with their key ids.
    pub signers: Vec<(String, Vec<String>)>,
    /// Ids in the place of the root key.
    pub root_keys: Vec<String>,
    /// Ids in the place of the repository key.
    pub repository_keys: Vec<String>,
}

/// An id in the text that is the documented one, in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// `root key`, `repository key` or `key of signer NAME`.
    pub place: String,
    /// The id as printed.
    pub shown: String,
    /// The documented id.
    pub documented: String,
}

impl Agreement {
    /// Whether fewer than 64 digits were compared.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.shown.len() < self.documented.len()
    }
}

/// The comparison. It holds no proof, and there is no way to make one of it.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Ids that agree.
    pub agreements: Vec<Agreement>,
    /// What does not agree, or is not there; empty if all is as documented.
    pub problems: Vec<Error>,
}

impl Comparison {
    /// The error that stands for the comparison: the first contradiction,
    /// else the first gap, else that text is only text.
    #[must_use]
    pub fn conclusion(&self) -> Error {
        let contradicted = |e: &&Error| e.class() == crate::base::code::Class::Contradicted;
        let worst = self.problems.iter().find(contradicted).or_else(|| self.problems.first());
        worst.cloned().unwrap_or_else(|| Error::new(codes::TEXT_ONLY))
    }
}

/// Compares every id in its own place with the pins, and every digest with
/// the form of one.
#[must_use]
pub fn compare(text: &TrustText, pins: &Pins) -> Comparison {
    let mut comparison = Comparison::default();
    comparison.place("root key", ids(&text.root_keys, WHOLE), &pins.root);
    comparison.place("repository key", ids(&text.repository_keys, WHOLE), &pins.repository);
    for (name, words) in &text.signers {
        let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let documented: Vec<String> =
            pins.signers.iter().filter(|s| s.name == name).map(|s| s.key_id.clone()).collect_vec();
        let place = format!("key of signer {}", shorten(name));
        let shown = ids(words, SHORT);
        if documented.is_empty() && !pins.signers.is_empty() {
            let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
            comparison.problems.push(if shown.is_empty() || name.is_empty() || !plain {
                Error::new(codes::TEXT_KEY_ABSENT).in_place(place)
            } else {
                let names: Vec<&str> = pins.signers.iter().map(|s| s.name.as_str()).collect_vec();
                let error = Error::new(codes::TEXT_KEY_DIFFERS).in_place("signer");
                error.expected(names.join(", ")).found(shorten(name))
            });
            continue;
        }
        comparison.place(&place, shown, &documented);
    }
    for row in &text.rows {
        comparison.row(row, text);
    }
    comparison
}

/// Digits of a key ID.
const WHOLE: usize = 64;
/// Digits of a signer's key ID in the pretty form.
const SHORT: usize = 12;

/// The key IDs in what stands where one should: whole ones, or as short as docker prints
/// them there, in lower case. Signs around one are no part of it, and digits of one that
/// was cut, broken or blacked out are none: they contradict nothing.
fn ids(words: &[String], short: usize) -> Vec<String> {
    let runs = words.iter().flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric()));
    let whole =
        |run: &&str| (run.len() == WHOLE || run.len() == short) && run.bytes().all(|b| b.is_ascii_hexdigit());
    runs.filter(whole).map(str::to_ascii_lowercase).collect_vec()
}

impl Comparison {
    fn place(&mut self, place: &str, shown: Vec<String>, documented: &[String]) {
        if documented.is_empty() {
            self.problems.push(Error::new(codes::TEXT_NO_PINS).in_place(place));
            return;
        }
        if shown.is_empty() {
            self.problems.push(Error::new(codes::TEXT_KEY_ABSENT).in_place(place));
        }
        for id in shown {
            match documented.iter().find(|pin| pin.starts_with(id.as_str())) {
                Some(pin) => self.agreements.push(Agreement {
                    place: place.to_owned(),
                    documented: pin.clone(),
                    shown: id,
                }),
                None => self.problems.push(
                    Error::new(codes::TEXT_KEY_DIFFERS)
                        .in_place(place)
                        .expected(documented.join(", "))
                        .found(shorten(&id)),
                ),
            }
        }
    }

    fn row(&mut self, row: &Row, text: &TrustText) {
        if ClaimedDigest::parse_sha256_hex(&row.digest).is_err() {
            let found = if row.digest.is_empty() { "nothing".to_owned() } else { shorten(&row.digest) };
            let error = Error::new(codes::TEXT_DIGEST).in_place(shorten(&row.tag)).found(found);
            self.problems.push(error);
        }
        for name in &row.signers {
            if !text.signers.iter().any(|(signer, _)| signer == name) {
                let place = format!("key of signer {}", shorten(name));
                self.problems.push(Error::new(codes::TEXT_KEY_ABSENT).in_place(place));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::code::{Class, Code};
    use crate::proof::tuf::Signer;

    const ROOT: &str = "40be21f47831d593892370a8e3fc5bfffb16887c707bd81a6aed2088dc8f4bef";
    const REPOSITORY: &str = "fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a";
    const SIGNER: &str = "dd0768b9d35d344bbd1681418d27052c4c896a59be214352448daa2b6925b95b";
    const DIGEST: &str = "5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";

    fn pins() -> Pins {
        Pins {
            root: vec![ROOT.to_owned()],
            repository: vec![REPOSITORY.to_owned()],
            signers: vec![Signer { name: "nicolasff".to_owned(), key_id: SIGNER.to_owned() }],
        }
    }

    fn good() -> TrustText {
        TrustText {
            rows: vec![Row { tag: "0.1.19".to_owned(), digest: DIGEST.to_owned(), signers: vec![] }],
            signers: vec![("nicolasff".to_owned(), vec![SIGNER[..12].to_owned()])],
            root_keys: vec![ROOT.to_owned()],
            repository_keys: vec![REPOSITORY.to_owned()],
        }
    }

    #[test]
    fn agreement_is_text_only() {
        let comparison = compare(&good(), &pins());
        assert_eq!(comparison.problems, []);
        let lengths: Vec<usize> = comparison.agreements.iter().map(|a| a.shown.len()).collect();
        assert_eq!(lengths.iter().filter(|length| **length == 12).count(), 1, "{lengths:?}");
        assert_eq!(lengths.len(), 3);
        assert_eq!(comparison.conclusion().code(), codes::TEXT_ONLY);
        assert_eq!(comparison.conclusion().class(), Class::NotChecked);
    }

    #[test]
    fn each_deviation_has_its_code() {
        let cases: &[(Code, fn(&mut TrustText))] = &[
            (codes::TEXT_KEY_DIFFERS, |t| core::mem::swap(&mut t.root_keys, &mut t.repository_keys)),
            (codes::TEXT_KEY_DIFFERS, |t| t.root_keys = vec![SIGNER.to_owned()]),
            (codes::TEXT_KEY_DIFFERS, |t| t.root_keys.push(REPOSITORY.to_owned())),
            (codes::TEXT_ONLY, |t| t.repository_keys = vec![REPOSITORY.to_uppercase()]),
            (codes::TEXT_KEY_ABSENT, |t| t.repository_keys = vec![REPOSITORY[..11].to_owned()]),
            (codes::TEXT_KEY_ABSENT, |t| t.repository_keys = vec![String::new()]),
            (codes::TEXT_KEY_ABSENT, |t| t.repository_keys = vec![format!("{REPOSITORY}0")]),
            (codes::TEXT_KEY_DIFFERS, |t| t.signers[0].1 = vec!["dd0768b9d35e".to_owned()]),
            (codes::TEXT_KEY_DIFFERS, |t| t.signers[0].0 = "mallory".to_owned()),
            (codes::TEXT_KEY_ABSENT, |t| t.root_keys.clear()),
            (codes::TEXT_KEY_ABSENT, |t| t.repository_keys.clear()),
            (codes::TEXT_KEY_ABSENT, |t| {
                t.signers.clear();
                t.rows[0].signers = vec!["nicolasff".to_owned()];
            }),
            (codes::TEXT_DIGEST, |t| t.rows[0].digest.clear()),
            (codes::TEXT_DIGEST, |t| t.rows[0].digest.truncate(63)),
            (codes::TEXT_DIGEST, |t| t.rows[0].digest.make_ascii_uppercase()),
        ];
        for (i, (code, change)) in cases.iter().enumerate() {
            let mut text = good();
            change(&mut text);
            assert_eq!(compare(&text, &pins()).conclusion().code(), *code, "case {i}");
        }
        assert_eq!(compare(&good(), &Pins::default()).conclusion().code(), codes::TEXT_NO_PINS);
    }

    #[test]
    fn signers_may_be_absent_if_no_row_names_one() {
        let mut text = good();
        text.signers.clear();
        assert_eq!(compare(&text, &pins()).conclusion().code(), codes::TEXT_ONLY);
    }
}
