//! A report of this program, kept as JSON (`docs/report.schema.json`): the
//! evidence in it, and nothing of what it says but what it is about.

use super::{Given, Origin, archive, codes};
use crate::base::encoding::base64;
use crate::base::json::{Node, Object};
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;

/// How the schema of every report begins.
const SCHEMA: &str = "https://webdis-verify.dev/report/";

/// Whether an object is a report.
pub(super) fn is_report(o: &Object<'_, '_>) -> bool {
    let schema = o.get("schema").and_then(|node| node.text("").ok());
    schema.is_some_and(|text| text.starts_with(SCHEMA)) && o.get("items").is_some()
}

/// The documents that a report carries (`items[].bytes`, base64), to be read as
/// if they were given as files named `NAME/ITEM`. A document found in another one
/// is found there again. Reports in a report and archives are not read: no honest
/// report holds them. The note says whether that is all: of an archive's layers, and of
/// files that are not read, a report has no bytes, and where they decided, it is no more
/// than a word about an image.
pub(super) fn evidence(node: &Node<'_>, name: &str) -> (Vec<Given>, Message) {
    let items = node.object("").ok().and_then(|o| o.get("items")).and_then(|items| items.array("").ok());
    let items: Vec<Object<'_, '_>> = items
        .unwrap_or_default()
        .iter()
        .take(limits::ITEMS)
        .filter_map(|item| item.object("").ok())
        .collect_vec();
    let text = |o: &Object<'_, '_>, member: &str| {
        o.get(member).and_then(|node| node.text("").ok()).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let holds = |o: &Object<'_, '_>| {
        text(o, "bytes").is_some() && text(o, "kind").is_none_or(|kind| kind != "report")
    };
    let outer = |o: &Object<'_, '_>| {
        let parent =
            o.get("parent").and_then(|node| node.u64("").ok()).and_then(|at| usize::try_from(at).ok());
        parent.and_then(|at| items.get(at)).is_some_and(holds)
    };
    let given: Vec<Given> = items
        .iter()
        .filter(|o| holds(o) && !outer(o))
        .filter_map(|o| {
            let bytes = base64::decode(&text(o, "bytes")?).ok()?;
            let nested = bytes.windows(SCHEMA.len()).any(|part| part == SCHEMA.as_bytes());
            let inner = text(o, "name").unwrap_or_default();
            let name = format!("{name}/{inner}");
            (!nested && !archive::is_archive(&bytes)).then_some(Given { name, origin: Origin::File, bytes })
        })
        .collect_vec();
    let root = node.object("").ok();
    let proven = root.as_ref().and_then(|o| text(o, "outcome")).is_some_and(|outcome| outcome == "proven");
    let partial = !proven && items.iter().any(|o| text(o, "bytes").is_none() && !outer(o));
    if !given.is_empty() && !partial {
        let count = given.len().to_string();
        return (given, Message::new(codes::REPORT_READ, &[("count", &count)]));
    }
    let subject = root.and_then(|o| o.get("subject")).and_then(|node| node.object("").ok());
    let said = |member: &str| subject.as_ref().and_then(|o| text(o, member)).unwrap_or_default();
    let (image, digest) = (said("reference"), said("digest"));
    let args = [("image", &*image), ("digest", &*digest)];
    // What was not proven is nobody's word about a digest.
    let args = args.get(..if given.is_empty() { 2 } else { 1 }).unwrap_or_default();
    let note = Message::new(codes::REPORT_BARE, args);
    (given, note)
}
