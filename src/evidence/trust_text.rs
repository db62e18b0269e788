//! What `docker trust inspect` and `notary list` print, in every form it is
//! pasted in. The text is somebody's word: nothing in it proves anything.

use super::terminal::{hex64, key_value};
use crate::base::digest::ClaimedDigest;
use crate::base::error::Result;
use crate::base::json::{self, Node, Object};
use crate::base::list::{CollectVec as _, PushAll as _};

/// One report of `docker trust inspect` (one per argument), or the table of
/// `notary list`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustText {
    /// The reference as typed; empty if the text does not say.
    pub reference: String,
    /// Signed tags.
    pub rows: Vec<TrustRow>,
    /// Signers with their key ids.
    pub signers: Vec<TrustSigner>,
    /// Ids of root keys.
    pub root_keys: Vec<String>,
    /// Ids of repository (targets) keys.
    pub repository_keys: Vec<String>,
}

/// A row of signed tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustRow {
    /// The tag.
    pub tag: String,
    /// The digest; `None` if the text has none or a malformed one, which must
    /// not count.
    pub digest: Option<ClaimedDigest>,
    /// The digest as written.
    pub digest_text: String,
    /// Signers as written; `Repo Admin` when docker found no delegation with
    /// the same digest. For `notary list` the role.
    pub signers: Vec<String>,
}

/// A signer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustSigner {
    /// The name, without `targets/`.
    pub name: String,
    /// Key ids as written.
    pub key_ids: Vec<String>,
}

impl TrustRow {
    fn new(tag: &str, digest: &str, signers: Vec<String>) -> Self {
        let digest_text = digest.to_owned();
        Self {
            tag: tag.to_owned(),
            digest: ClaimedDigest::parse_sha256_hex(digest).ok(),
            digest_text,
            signers,
        }
    }
}

impl TrustText {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The reference with the row's tag.
    pub(super) fn tagged(&self, tag: &str) -> Option<String> {
        if self.reference.is_empty() {
            return None;
        }
        let suffix = format!(":{tag}");
        let has = self.reference.ends_with(&suffix) || self.reference.contains('@');
        Some(if has { self.reference.clone() } else { format!("{}{suffix}", self.reference) })
    }
}

/// Reads the output of `docker trust inspect` (JSON, `--pretty`, with its
/// white space collapsed, or cleaned as in the Webdis documentation) and of
/// `notary list`; one value per report. White space, not columns, separates.
///
/// # Errors
/// The codes of [`json`] for JSON that cannot be read. A text of no such
/// form gives an empty list.
pub fn trust_text(text: &[u8]) -> Result<Vec<TrustText>> {
    let text = String::from_utf8_lossy(text);
    if text.trim_start().starts_with(['[', '{']) {
        let node = json::parse(text.trim().as_bytes())?;
        return of_json(&node);
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let cleaned = lines.iter().any(|line| key_value(line).is_some_and(|(key, _)| key == "SignedTags"));
    Ok(if cleaned { of_cleaned(&lines) } else { of_tables(&lines) })
}

/// The reports in a parsed `docker trust inspect`.
pub(super) fn of_json(node: &Node<'_>) -> Result<Vec<TrustText>> {
    match node.array("") {
        Ok(items) => items.iter().map(|item| report(&item.object("")?)).collect(),
        Err(_) => Ok(vec![report(&node.object("")?)?]),
    }
}

fn keys(owner: &Object<'_, '_>) -> Result<Vec<String>> {
    let Some(keys) = owner.get_some("Keys") else { return Ok(vec![]) };
    let ids = keys.array("Keys")?.iter().map(|key| Ok(key.object("Keys")?.need_text("ID")?.to_owned()));
    ids.collect()
}

fn report(o: &Object<'_, '_>) -> Result<TrustText> {
    let list = |name: &str| o.get_some(name).map_or(Ok([].as_slice()), |node| node.array(name));
    let mut out =
        TrustText { reference: o.text("Name")?.unwrap_or_default().to_owned(), ..Default::default() };
    for row in list("SignedTags")? {
        let row = row.object("SignedTags")?;
        let signers = row.get_some("Signers").map_or(Ok([].as_slice()), |node| node.array("Signers"))?;
        let signers = signers.iter().map(|s| s.text("Signers").map(str::to_owned)).collect::<Result<_>>()?;
        let digest = row.text("Digest")?.unwrap_or_default();
        out.rows.push(TrustRow::new(row.need_text("SignedTag")?, digest, signers));
    }
    for signer in list("Signers")? {
        let signer = signer.object("Signers")?;
        let name = signer.text("Name")?.unwrap_or_default().to_owned();
        out.signers.push(TrustSigner { name, key_ids: keys(&signer)? });
    }
    for role in list("AdministrativeKeys")? {
        let role = role.object("AdministrativeKeys")?;
        match role.text("Name")?.unwrap_or_default() {
            "Root" => out.root_keys.push_all(keys(&role)?),
            "Repository" => out.repository_keys.push_all(keys(&role)?),
            _ => {}
        }
    }
    Ok(out)
}

/// The `Name: / SignedTags: / Digest:` form.
fn of_cleaned(lines: &[&str]) -> Vec<TrustText> {
    #[derive(PartialEq)]
    enum Part {
        Rows,
        Signers,
        Keys,
    }
    let mut all: Vec<TrustText> = Vec::new();
    let mut out = TrustText::default();
    let (mut part, mut name, mut in_row) = (Part::Rows, String::new(), false);
    let mut above = "";
    for (i, line) in lines.iter().enumerate() {
        let Some((key, value)) = key_value(line) else {
            if let (Part::Rows, true, Some(row)) = (&part, in_row, out.rows.last_mut()) {
                row.signers.push((*line).trim_end_matches(',').to_owned());
            }
            continue;
        };
        let next = lines.get(i + 1).and_then(|line| key_value(line)).map(|(key, _)| key);
        match key {
            "Name" if next == Some("SignedTags") => {
                all.push(core::mem::take(&mut out));
                out.reference = value.to_owned();
                part = Part::Rows;
            }
            "Name" => {
                value.clone_into(&mut name);
                // No signer has capitals: the line above these was lost.
                if matches!(value, "Root" | "Repository") {
                    part = Part::Keys;
                }
                if part == Part::Signers {
                    out.signers.push(TrustSigner { name: name.clone(), key_ids: vec![] });
                }
            }
            "SignedTag" => out.rows.push(TrustRow::new(value, "", vec![])),
            "Digest" => {
                if let Some(row) = out.rows.last_mut() {
                    *row = TrustRow::new(&row.tag, value, vec![]);
                }
            }
            // The list of a row stands before any keyed line; the section's begins with a name.
            "Signers" if next.is_some_and(|n| n == "Name" || n == "AdministrativeKeys") => {
                part = Part::Signers
            }
            "AdministrativeKeys" => part = Part::Keys,
            // Whose keys they are stood in a line that was lost.
            "Keys" if above != "Name" => name.clear(),
            "ID" => match (&part, name.as_str()) {
                (Part::Signers, name) if !name.is_empty() => {
                    out.signers.last_mut().into_iter().for_each(|s| s.key_ids.push(value.to_owned()));
                }
                (Part::Keys, "Root") => out.root_keys.push(value.to_owned()),
                (Part::Keys, "Repository") => out.repository_keys.push(value.to_owned()),
                _ => {}
            },
            _ => {}
        }
        in_row = key == "Signers" && part == Part::Rows;
        above = key;
    }
    all.push(out);
    all.retain(|report| !report.is_empty());
    all
}

/// Whether a line is a row of signed tags: by its digest, whole or not, or by who
/// signed it.
pub(super) fn is_row(digest: &str, line: &str) -> bool {
    let shaped = digest.len() >= 12 && digest.bytes().all(|b| b.is_ascii_alphanumeric());
    shaped || line.ends_with("(Repo Admin)")
}

/// `--pretty`, aligned or not, and `notary list`.
fn of_tables(lines: &[&str]) -> Vec<TrustText> {
    #[derive(PartialEq)]
    enum Table {
        Tags,
        Signers,
        Notary,
    }
    let mut all: Vec<TrustText> = Vec::new();
    let mut out = TrustText::default();
    let mut table = Table::Tags;
    // The keys whose line was broken behind the colon: the next one has them.
    let mut broken: Option<&str> = None;
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect_vec();
        // What a frame draws is no id.
        let letters = |id: &&str| id.bytes().any(|byte| byte.is_ascii_alphanumeric());
        let ids = |text: &str| text.split([',', ' ', '\t']).filter(letters).map(str::to_owned).collect_vec();
        match (broken.take(), words.as_slice()) {
            (Some("Root Key:"), [id]) if hex64(id) => out.root_keys.push((*id).to_owned()),
            (Some("Repository Key:"), [id]) if hex64(id) => out.repository_keys.push((*id).to_owned()),
            _ => {}
        }
        if matches!(*line, "Root Key:" | "Repository Key:") {
            broken = Some(line);
            continue;
        }
        if let Some(reference) =
            line.strip_prefix("Signatures for ").or_else(|| line.strip_prefix("No signatures for "))
        {
            all.push(core::mem::take(&mut out));
            out.reference = reference.trim().to_owned();
            table = Table::Tags;
        } else if let Some(reference) = line.strip_prefix("Administrative keys for ") {
            reference.trim().clone_into(&mut out.reference);
        } else if let Some(reference) = line.strip_prefix("List of signers and their keys for ") {
            reference.trim().clone_into(&mut out.reference);
            table = Table::Signers;
        } else if let Some(keys) = line.strip_prefix("Repository Key:") {
            // A paste that lost its line breaks has both in one line.
            let (keys, root) = keys.split_once("Root Key:").unwrap_or((keys, ""));
            out.repository_keys.push_all(ids(keys));
            out.root_keys.push_all(ids(root));
        } else if let Some(keys) = line.strip_prefix("Root Key:") {
            let (keys, repository) = keys.split_once("Repository Key:").unwrap_or((keys, ""));
            out.root_keys.push_all(ids(keys));
            out.repository_keys.push_all(ids(repository));
        } else if words.starts_with(&["SIGNED", "TAG"]) {
            table = Table::Tags;
        } else if words == ["SIGNER", "KEYS"] {
            table = Table::Signers;
        } else if words.starts_with(&["NAME", "DIGEST"]) {
            table = Table::Notary;
        } else {
            match (&table, words.as_slice()) {
                (Table::Notary, [tag, digest, _size, role]) if hex64(digest) => {
                    out.rows.push(TrustRow::new(tag, digest, vec![(*role).to_owned()]));
                }
                // Shorter ones are words of a heading that was cut.
                (Table::Tags, [tag, digest, rest @ ..]) if digest.len() > 12 => {
                    let names = rest.join(" ");
                    let names = names.trim_start_matches('(').trim_end_matches(')');
                    let names = names.split(", ").filter(|n| !n.is_empty()).map(str::to_owned).collect_vec();
                    out.rows.push(TrustRow::new(tag, digest, names));
                }
                (Table::Signers, [name, keys @ ..]) => {
                    out.signers.push(TrustSigner { name: (*name).to_owned(), key_ids: ids(&keys.join(" ")) });
                }
                _ => {}
            }
        }
    }
    all.push(out);
    all.retain(|report| !report.is_empty());
    all
}
