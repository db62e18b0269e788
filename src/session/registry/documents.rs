//! Just enough reading of fetched documents to know what to ask for next.
//!
//! Nothing is decided here: the engine reads the same bytes again, strictly.

use crate::base::digest::{ClaimedDigest, shorten};
use crate::base::json::{self, Object};
use crate::base::limits;
use crate::base::list::CollectVec as _;

/// A descriptor, as far as fetching needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) media_type: String,
    pub(super) digest: ClaimedDigest,
    pub(super) size: u64,
    /// False for `unknown/unknown`, as build attestations have it.
    pub(super) runs_somewhere: bool,
}

/// What a fetched manifest is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Document {
    /// Has `manifests`. The flag says whether every entry could be read.
    Index { entries: Vec<Entry>, complete: bool },
    /// Has `layers`.
    Image { config: Option<Entry>, layers: Vec<Entry>, complete: bool },
    /// Docker schema 1.
    Schema1,
    /// Anything else.
    Other,
}

/// Layer types that carry signatures, and how long one may be.
fn signature_cap(media_type: &str) -> Option<usize> {
    match media_type {
        "application/vnd.dev.cosign.simplesigning.v1+json" => Some(limits::PAYLOAD_BYTES),
        "application/vnd.dsse.envelope.v1+json" => Some(limits::MANIFEST_BYTES),
        bundle if bundle.starts_with("application/vnd.dev.sigstore.bundle") => Some(limits::MANIFEST_BYTES),
        _ => None,
    }
}

impl Entry {
    /// Longest body to accept for a signature layer; none for other layers.
    pub(super) fn signature_cap(&self) -> Option<usize> {
        signature_cap(&self.media_type)
    }

    fn read(object: &Object<'_, '_>) -> Option<Self> {
        let platform = object.get_some("platform").and_then(|node| node.object("platform").ok());
        let unknown = platform.is_some_and(|platform| platform.text("os").ok().flatten() == Some("unknown"));
        Some(Self {
            media_type: object.text("mediaType").ok().flatten().unwrap_or_default().to_owned(),
            digest: ClaimedDigest::parse(object.need_text("digest").ok()?).ok()?,
            size: object.need_u64("size").ok()?,
            runs_somewhere: !unknown,
        })
    }
}

/// Reads the entries of an array, at most `cap`; whether all could be read.
fn entries(object: &Object<'_, '_>, name: &str, cap: usize) -> Option<(Vec<Entry>, bool)> {
    let items = object.get_some(name)?.array(name).ok()?;
    let read = items.iter().take(cap).map(|item| Entry::read(&item.object(name).ok()?));
    let entries: Vec<Option<Entry>> = read.collect_vec();
    let complete = items.len() <= cap && entries.iter().all(Option::is_some);
    Some((entries.into_iter().flatten().collect_vec(), complete))
}

/// Reads a manifest body.
pub(super) fn read(bytes: &[u8]) -> Document {
    let Ok(root) = json::parse(bytes) else { return Document::Other };
    let Ok(object) = root.object("") else { return Document::Other };
    let schema = object.need_u64("schemaVersion").ok();
    if schema == Some(1) {
        return Document::Schema1;
    }
    // Registries written in Go may print an empty list as `null`.
    let none = object.get("manifests").filter(|list| list.is_null()).map(|_| (Vec::new(), true));
    let index = entries(&object, "manifests", limits::INDEX_DESCRIPTORS).or(none);
    let layers = entries(&object, "layers", limits::MANIFEST_LAYERS);
    match (schema, index, layers) {
        (Some(2), Some((entries, complete)), None) => Document::Index { entries, complete },
        (Some(2), None, Some((layers, complete))) => {
            let config = object.need_object("config").ok().and_then(|config| Entry::read(&config));
            Document::Image { config, layers, complete }
        }
        _ => Document::Other,
    }
}

/// The platforms of an index with their digests, build attestations apart.
pub(super) fn platforms(bytes: &[u8]) -> Vec<(String, String)> {
    let read = || -> Option<Vec<(String, String)>> {
        let root = json::parse(bytes).ok()?;
        let object = root.object("").ok()?;
        let items = object.get_some("manifests")?.array("manifests").ok()?;
        let one = |item: &json::Node<'_>| -> Option<(String, String)> {
            let object = item.object("manifests").ok()?;
            let digest = ClaimedDigest::parse(object.need_text("digest").ok()?).ok()?;
            let platform = object.need_object("platform").ok()?;
            let text = |name| {
                platform.text(name).ok().flatten().filter(|text| crate::model::reference::is_tag(text))
            };
            let (os, architecture) = (text("os")?, text("architecture")?);
            let variant = text("variant").map(|variant| format!("/{variant}")).unwrap_or_default();
            (os != "unknown").then(|| (format!("{os}/{architecture}{variant}"), digest.to_string()))
        };
        Some(items.iter().take(limits::INDEX_DESCRIPTORS).filter_map(one).collect_vec())
    };
    read().unwrap_or_default()
}

/// A page of a registry's list of tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TagPage {
    pub(super) names: Vec<String>,
    /// Rows that are no tag names: left out, and counted.
    pub(super) malformed: usize,
}

/// Reads a list of tags (distribution-spec, "Listing tags").
pub(super) fn tag_list(bytes: &[u8]) -> Option<TagPage> {
    let root = json::parse(bytes).ok()?;
    let object = root.object("").ok()?;
    let Some(tags) = object.get_some("tags") else {
        return object.get("tags").map(|_| TagPage { names: Vec::new(), malformed: 0 });
    };
    let rows = tags.array("tags").ok()?;
    let name = |row: &json::Node<'_>| {
        let text = row.text("tags").ok()?;
        crate::model::reference::is_tag(text).then(|| text.to_owned())
    };
    let names: Vec<String> = rows.iter().filter_map(name).collect_vec();
    let malformed = rows.len().saturating_sub(names.len());
    Some(TagPage { names, malformed })
}

/// What a manifest says of itself: its own media type, where it has one, and
/// what kind of thing it holds (image-spec, "Guidelines for Artifact Usage":
/// the `artifactType`, else the config's media type).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct SelfDescription {
    pub(super) media_type: Option<String>,
    pub(super) kind: Option<String>,
}

/// Reads what a manifest says of itself.
pub(super) fn self_description(bytes: &[u8]) -> SelfDescription {
    let Ok(root) = json::parse(bytes) else { return SelfDescription::default() };
    let Ok(object) = root.object("") else { return SelfDescription::default() };
    let text = |object: &Object<'_, '_>, name| object.text(name).ok().flatten().map(shorten);
    let config = object.need_object("config").ok().and_then(|config| text(&config, "mediaType"));
    let media_type = text(&object, "mediaType");
    let kind = text(&object, "artifactType").or(config).or_else(|| media_type.clone());
    SelfDescription { media_type, kind }
}

/// Delegation roles named in Notary v1 snapshot metadata.
pub(super) fn delegations(snapshot: &[u8]) -> Vec<String> {
    let names = || -> Option<Vec<String>> {
        let root = json::parse(snapshot).ok()?;
        let meta = root.object("").ok()?.need_object("signed").ok()?.need_object("meta").ok()?;
        let names = meta.members().iter().map(|member| member.name.value.to_string());
        Some(names.filter(|name| name.starts_with("targets/")).take(16).collect_vec())
    };
    names().unwrap_or_default()
}

/// Roles of the roots before this one, newest first: where the root key was
/// rotated, they lead from the documented key to the one in use.
pub(super) fn earlier_roots(root: &[u8]) -> Vec<String> {
    let version = || -> Option<u64> {
        let root = json::parse(root).ok()?;
        root.object("").ok()?.need_object("signed").ok()?.need_u64("version").ok()
    };
    let version = version().unwrap_or_default();
    (1..version).rev().take(EARLIER_ROOTS).map(|n| format!("{n}.root")).collect_vec()
}

/// Most earlier roots worth asking for in one check.
const EARLIER_ROOTS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_before_a_root_are_few() {
        let of =
            |version: &str| earlier_roots(format!("{{\"signed\":{{\"version\":{version}}}}}").as_bytes());
        assert_eq!(of("1"), Vec::<String>::new());
        assert_eq!(of("3"), ["2.root", "1.root"]);
        let many = of("9007199254740991");
        assert_eq!((many.len(), many.first().unwrap().as_str()), (32, "9007199254740990.root"));
        for odd in ["0", "-1", "\"3\"", "1.5"] {
            assert_eq!(of(odd), Vec::<String>::new(), "{odd}");
        }
        assert_eq!(earlier_roots(b"no JSON"), Vec::<String>::new());
    }

    #[test]
    fn what_is_two_things_is_neither() {
        let hex = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        let entry = format!(r#"{{"mediaType":"m","digest":"sha256:{hex}","size":2}}"#);
        let index = format!(r#"{{"schemaVersion":2,"manifests":[{entry}]}}"#);
        assert!(matches!(read(index.as_bytes()), Document::Index { complete: true, .. }));
        let both = format!(r#"{{"schemaVersion":2,"manifests":[{entry}],"layers":[{entry}]}}"#);
        assert_eq!(read(both.as_bytes()), Document::Other);
        let bad = format!(r#"{{"schemaVersion":2,"manifests":[{entry},{{"digest":"x","size":1}}]}}"#);
        match read(bad.as_bytes()) {
            Document::Index { entries, complete } => assert_eq!((entries.len(), complete), (1, false)),
            other => panic!("{other:?}"),
        }
        assert_eq!(read(br#"{"schemaVersion":1,"fsLayers":[]}"#), Document::Schema1);
        assert_eq!(read(b"<html>"), Document::Other);
        assert_eq!(read(br#"{"schemaVersion":2}"#), Document::Other);
        let none = Document::Index { entries: Vec::new(), complete: true };
        assert_eq!(read(br#"{"schemaVersion":2,"manifests":null}"#), none);
        assert_eq!(read(br#"{"schemaVersion":2,"manifests":{}}"#), Document::Other);
        assert_eq!(read(br#"{"schemaVersion":2,"manifests":null,"layers":[]}"#), Document::Other);
    }

    #[test]
    fn a_row_that_is_no_tag_is_left_out_and_counted() {
        let page = |names: &[&str], malformed| {
            Some(TagPage { names: names.iter().map(|name| (*name).to_owned()).collect(), malformed })
        };
        assert_eq!(tag_list(br#"{"name":"a","tags":["1","2"]}"#), page(&["1", "2"], 0));
        assert_eq!(tag_list(br#"{"name":"a","tags":null}"#), page(&[], 0));
        assert_eq!(tag_list(br#"{"tags":["1","../x","2"]}"#), page(&["1", "2"], 1));
        assert_eq!(tag_list(br#"{"tags":[1,"\u001b[2J",null,"3"]}"#), page(&["3"], 3));
        for no_list in [&br#"{"name":"a"}"#[..], br#"{"tags":"1"}"#, b"[]", b"<html>"] {
            assert_eq!(tag_list(no_list), None);
        }
    }

    #[test]
    fn a_manifest_says_what_it_is() {
        let kind = |text: &str| self_description(text.as_bytes()).kind;
        assert_eq!(kind(r#"{"artifactType":"a/b","config":{"mediaType":"c/d"}}"#).as_deref(), Some("a/b"));
        assert_eq!(kind(r#"{"mediaType":"m","config":{"mediaType":"c/d"}}"#).as_deref(), Some("c/d"));
        assert_eq!(kind(r#"{"mediaType":"m"}"#).as_deref(), Some("m"));
        assert_eq!(kind("[]"), None);
    }
}
