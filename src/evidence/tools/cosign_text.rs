//! cosign's texts: the header of `cosign verify`, its printed records (a
//! checking tool's own word), `cosign tree`.

use super::{Command, Kind, Lines, Node, Object, Output, objects};
use crate::base::json::Member;
use crate::base::message::Message;
use crate::evidence::codes;
use crate::evidence::fact::{COMMAND_LINE, COSIGN_RECORD, DigestKind, Fact, Facts, Knows};
use crate::evidence::terminal::digests;
use crate::model::reference::Reference;

/// What a tree is drawn with.
const DRAWN: &[char] = &['└', '├', '│', '─', ' '];

const CHECKS: &str = "The following checks were performed on ";

pub(super) fn header(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let first = lines.first()?;
    let named = first.strip_prefix("Verification for ").and_then(|rest| rest.strip_suffix(" --"));
    if named.is_none() && !first.starts_with(CHECKS) {
        return None;
    }
    let end = lines.run(|i, line| i == 0 || line.starts_with(CHECKS) || line.starts_with("- "));
    // It repeats what was asked for.
    let mut facts = Facts::new(COMMAND_LINE, Knows::Text).about(named);
    let digest = named.and_then(super::at_digest).map(|(_, digest)| digest);
    facts.top(DigestKind::IndexOrManifest, digest.unwrap_or_default());
    let mut output = Output::new(Kind::CosignHeader, end, facts.done());
    output.notes.push(Message::new(codes::TEXT_ONLY, &[]));
    output.image = named.map(str::to_owned);
    Some(output)
}

/// A record that `cosign verify` prints: `{"critical":…,"optional":…}`, before 1.0 with
/// capitals and often without a name. The name in it is the signer's, and old ones could
/// be replayed: which tag was verified, only the header or the command line says.
pub(crate) fn record(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let verified = command.verified.as_deref().and_then(|text| Reference::parse_loose(text).ok());
    // Who verifies a digest asks for no tag.
    let verified = verified.filter(|asked| asked.digest().is_none());
    let nameless = verified.as_ref().map(Reference::name);
    let mut facts = Facts::new(COSIGN_RECORD, Knows::Checked);
    for critical in objects(node).iter().flat_map(|o| inner(o, "critical")) {
        let name = inner(&critical, "identity").find_map(|o| every(&o, "docker-reference").find_map(words));
        facts.next_image(name.or(nameless.as_deref()));
        let about = facts.subject();
        let asked = verified.as_ref().filter(|asked| about.repository.as_ref() == Some(&asked.name()));
        about.tag = asked.and_then(Reference::tag_or_latest).map(str::to_owned);
        for image in inner(&critical, "image") {
            for digest in every(&image, "docker-manifest-digest").filter_map(words) {
                facts.top(DigestKind::IndexOrManifest, digest);
            }
        }
    }
    facts.done()
}

/// Whether it is a record in capitals: no signature is made of those, so that nothing
/// but a program that verified prints one.
pub(crate) fn is_old_record(node: &Node<'_>) -> bool {
    node.object("").is_ok_and(|o| o.get("critical").is_none() && inner(&o, "critical").next().is_some())
}

/// Every member of a name, whatever its case.
fn every<'n, 'a>(o: &Object<'n, 'a>, name: &'static str) -> impl Iterator<Item = &'n Node<'a>> {
    let is = move |member: &&Member<'a>| member.name.value.eq_ignore_ascii_case(name);
    o.members().iter().filter(is).map(|member| &member.node)
}

fn inner<'n, 'a>(o: &Object<'n, 'a>, name: &'static str) -> impl Iterator<Item = Object<'n, 'a>> {
    every(o, name).filter_map(|node| node.object("").ok())
}

fn words<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.text("").ok().filter(|text| !text.is_empty())
}

/// `cosign tree`: the image, the tags of its artifacts, the artifacts' layers.
pub(super) fn tree(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let mark = "Supply Chain Security Related artifacts for an image: ";
    let (_, named) = lines.first()?.split_once(mark)?;
    let subject = named.split('@').next().filter(|name| !name.is_empty()).or(command.reference.as_deref());
    let mut facts = Facts::new("cosign tree", Knows::Name).about(subject);
    if let Some((_, digest)) = super::at_digest(named) {
        facts.top(DigestKind::IndexOrManifest, digest);
    }
    let end = lines.run(|i, line| {
        if i == 0 {
            return true;
        }
        // The tag that holds signatures is made of the digest of what they sign.
        if let Some(hex) = line.split_once(":sha256-").and_then(|(_, rest)| rest.get(..64)) {
            facts.top(DigestKind::IndexOrManifest, hex);
        }
        for (_, digest) in digests(line) {
            facts.part(DigestKind::Artifact, &digest.to_string(), None);
        }
        line.starts_with(DRAWN) || line.contains("sha256:")
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(subject))
}
