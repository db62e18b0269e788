//! A report of this program, kept as JSON (`docs/report.schema.json`): the
//! evidence in it, and nothing of what it says.

use super::{Given, Origin, archive};
use crate::base::encoding::base64;
use crate::base::json::{Node, Object};
use crate::base::limits;

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
/// report holds them.
pub(super) fn evidence(node: &Node<'_>, name: &str) -> Vec<Given> {
    let items = node.object("").ok().and_then(|o| o.get("items")).and_then(|items| items.array("").ok());
    let items: Vec<Object<'_, '_>> = items
        .unwrap_or_default()
        .iter()
        .take(limits::ITEMS)
        .filter_map(|item| item.object("").ok())
        .collect();
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
    items
        .iter()
        .filter(|o| holds(o) && !outer(o))
        .filter_map(|o| {
            let bytes = base64::decode(&text(o, "bytes")?).ok()?;
            let nested = bytes.windows(SCHEMA.len()).any(|part| part == SCHEMA.as_bytes());
            let inner = text(o, "name").unwrap_or_default();
            let name = format!("{name}/{inner}");
            (!nested && !archive::is_archive(&bytes)).then_some(Given { name, origin: Origin::File, bytes })
        })
        .collect()
}
