//! What programs print about images, one output format a module: how it is
//! recognised, and which facts it states. README.md says how to add one.

mod attestations;
mod aws_ecr;
mod bare;
mod buildah;
mod buildx;
mod containers;
mod copies;
mod cosign_text;
mod crictl;
mod ctr;
mod curl;
mod descriptor;
mod docker_history;
mod docker_images;
mod docker_inspect;
mod docker_load;
mod docker_pull;
mod docker_push;
mod errors;
mod first_digits;
mod fragments;
mod gcloud;
mod helm;
mod hub_api;
mod image_lists;
mod imagetools;
mod kubectl;
mod manifest_inspect;
mod mentions;
mod named_values;
mod notation;
mod oras;
mod other_json;
mod package_apis;
mod pages;
mod pins;
mod podman;
mod regctl;
mod scanners;
mod skopeo;
mod sums;
mod tag_lists;
mod templates;
mod trust;

pub(super) use cosign_text::{is_old_record, record};
pub(super) use first_digits::{in_lines, in_objects, tagged, unnamed};
pub(super) use mentions::{mentioned, named_by_tag, pinned};

use super::command::Command;
use super::fact::{Fact, Facts, Knows};
use super::gates::Gate;
use super::lines::Lines;
use super::{Cut, Kind, codes};
use crate::base::json::{Node, Object, Value};
use crate::base::list::CollectVec as _;
use crate::base::message::Message;
use crate::model::oci::Platform;

/// Lines that belong together.
#[derive(Debug)]
pub(super) struct Output {
    /// What they are.
    pub(super) kind: Kind,
    /// The offset of the byte after them.
    pub(super) end: usize,
    /// What they state.
    pub(super) facts: Vec<Fact>,
    /// Digests that are not there whole.
    pub(super) cut: Vec<Cut>,
    /// Remarks.
    pub(super) notes: Vec<Message>,
    /// The image they name, where no command line does.
    pub(super) image: Option<String>,
}

impl Output {
    fn new(kind: Kind, end: usize, facts: Vec<Fact>) -> Self {
        Self { kind, end, facts, cut: vec![], notes: vec![], image: None }
    }

    /// Of the image that it names.
    fn of(self, image: Option<impl Into<String>>) -> Self {
        Self { image: image.map(Into::into), ..self }
    }
}

/// Reads the output that begins at a line. The first line decides at once
/// whether it can.
type Text = fn(Lines<'_>, &Command) -> Option<Output>;

/// A format of text: what its first line has, and how it is read.
#[derive(Clone, Copy)]
struct Format {
    gate: Gate,
    read: Text,
    /// It reads on for `LOOK_AHEAD` lines before it knows.
    far: bool,
}

/// A format whose first line begins with one of these.
const fn begins(begins: &'static str, read: Text) -> Format {
    Format { gate: Gate { begins, holds: "", digits: false }, read, far: false }
}

/// A format whose first line begins with one of these, or has one of the words.
const fn holds(begins: &'static str, holds: &'static str, read: Text) -> Format {
    Format { gate: Gate { begins, holds, digits: false }, read, far: false }
}

/// The same, or its first line begins with the digits of a digest.
const fn digits(words: &'static str, read: Text) -> Format {
    Format { gate: Gate { begins: "", holds: words, digits: true }, read, far: false }
}

/// Formats of text, most specific first.
const TEXTS: &[Format] = &[
    begins("Name:|SignedTags:", trust::cleaned),
    begins("Name:", imagetools::text),
    begins(trust::HEADINGS, trust::pretty),
    begins("NAME", trust::notary_list),
    holds("Digest: sha|Using default tag: ", ": Pulling", docker_pull::text),
    holds("The push refers", ": digest", docker_push::text),
    begins("Loaded image", docker_load::text),
    begins(podman::LINES, podman::text),
    begins("Image ID: ", podman::tree),
    begins("Image is up to date", crictl::text),
    begins("ID: sha|- id: sha|id: sha", crictl::printed),
    holds("index-sha|manifest-sha|config-sha|layer-sha", "resolved ", ctr::progress),
    begins("REF", ctr::table),
    begins("└── application/", ctr::tree),
    begins("DIGEST ", gcloud::text),
    begins("IMAGE ", gcloud::artifacts),
    begins("REPOSITORY|IMAGE |CONTAINER |TAG |SIZE |CREATED |DIGEST |ID ", docker_images::text),
    begins("CONTAINER|NAME ", containers::text),
    begins("IMAGE |ID ", docker_history::text),
    begins("Loaded digest ", attestations::github),
    begins("Verif|PASSED: |FAILED: ", attestations::slsa),
    begins("LogID: ", attestations::rekor),
    begins("Target ", scanners::scout),
    begins("Verification for |The following checks", cosign_text::header),
    holds("", "Supply Chain", cosign_text::tree),
    holds("", "@sha", oras::tree),
    begins("Pulled [|Pushed [|Attached to [|Copied [|Discovered ", oras::text),
    begins("Subject:", regctl::artifacts),
    begins("Ref:", regctl::tree),
    begins("Pulled: |Pushed: ", helm::text),
    begins("Successfully ", notation::text),
    begins("#|=", buildx::log),
    begins(curl::BEGINS, curl::text),
    holds(errors::BEGINS, errors::MARKS, errors::text),
    begins(errors::OTHERS, errors::text),
    begins("Image:|Image ID:|imageID:|- Image|- imageID:", kubectl::text),
    begins(copies::BEGINS, copies::text),
    begins(pages::BEGINS, pages::text),
    begins(pins::BEGINS, pins::text),
    holds("", " ago|MB|GB|kB", docker_images::rows),
    holds("", " sha|\tsha", ctr::headless),
    holds("sha256:", " sha|\tsha", bare::platforms),
    holds("sha256:", " sha|\tsha|@sha", templates::text),
    Format { gate: Gate { begins: "SHA256 ", holds: ")= |) = ", digits: true }, ..begins("", sums::text) },
    Format { far: true, ..begins("\"|{|[|}|]|--", fragments::text) },
    digits("sha", bare::text),
    begins(tag_lists::BEGINS, tag_lists::text),
];

/// The gates of the formats, in their order.
pub(super) fn gates() -> impl Iterator<Item = Gate> {
    TEXTS.iter().map(|format| format.gate)
}

/// The readers that read far before they know.
pub(super) fn far() -> u64 {
    TEXTS.iter().rev().fold(0, |readers, format| readers << 1 | u64::from(format.far))
}

/// The output that begins here, if one of the readers knows it; a reader is the
/// bit of its gate.
pub(super) fn output(lines: Lines<'_>, command: &Command, readers: u64) -> Option<Output> {
    let mut left = readers;
    let mut formats = TEXTS.iter();
    while left != 0 {
        let skipped = usize::try_from(left.trailing_zeros()).ok()?;
        let found = (formats.nth(skipped)?.read)(lines, command);
        if found.is_some() {
            return found;
        }
        left = left.checked_shr(u32::try_from(skipped).ok()? + 1).unwrap_or_default();
    }
    None
}

/// A JSON format: whose word it is, how its objects are known, what one states.
struct Json {
    kind: Kind,
    tool: &'static str,
    knows: Knows,
    is: fn(&Object<'_, '_>) -> bool,
    read: fn(&Object<'_, '_>, &Command, &mut Facts),
}

/// A format of a tool's JSON; where programs share one, its reader says which it is.
const fn json(
    (tool, knows): (&'static str, Knows),
    is: fn(&Object<'_, '_>) -> bool,
    read: fn(&Object<'_, '_>, &Command, &mut Facts),
) -> Json {
    Json { kind: Kind::ToolOutput, tool, knows, is, read }
}

/// Formats of JSON that are outputs and not documents, most specific first.
const JSONS: &[Json] = &[
    Json {
        kind: Kind::ImageInspect,
        ..json(("docker image inspect", Knows::Computer), docker_inspect::is, docker_inspect::read)
    },
    Json { kind: Kind::Skopeo, ..json(("skopeo inspect", Knows::Name), skopeo::is, skopeo::read) },
    Json {
        kind: Kind::ImagetoolsJson,
        ..json(("imagetools", Knows::Name), imagetools::is, imagetools::read)
    },
    json(("docker images", Knows::Computer), image_lists::is, image_lists::read),
    json(("docker inspect", Knows::Computer), docker_inspect::is_container, docker_inspect::container),
    json(("docker buildx build", Knows::Computer), buildx::is, buildx::read),
    json(("aws ecr", Knows::Name), aws_ecr::is, aws_ecr::read),
    json(("oras discover", Knows::Name), oras::is, oras::read),
    json(("Docker Hub", Knows::Name), hub_api::is, hub_api::read),
    json(("crictl", Knows::Computer), crictl::is, crictl::read),
    json(("kubectl", Knows::Computer), kubectl::is, kubectl::read),
    json(("buildah inspect", Knows::Computer), buildah::is, buildah::read),
    json(("trivy", Knows::Computer), scanners::is_trivy, scanners::trivy),
    json(("syft", Knows::Computer), scanners::is_syft, scanners::syft),
    json(("rekor-cli", Knows::Text), attestations::is_body, attestations::body),
    json(("quay.io", Knows::Name), package_apis::is_quay, package_apis::quay),
    json(("GitHub packages", Knows::Name), package_apis::is_github, package_apis::github),
    json(("GitLab", Knows::Name), package_apis::is_gitlab, package_apis::gitlab),
    json(("Harbor", Knows::Name), package_apis::is_harbor, package_apis::harbor),
    json(("Artifactory", Knows::Name), package_apis::is_artifactory, package_apis::artifactory),
    json(("gh attestation verify", Knows::Checked), attestations::is_verified, attestations::verified),
    json(("oras", Knows::Name), descriptor::is, descriptor::read),
];

/// The tool whose JSON output an object is.
pub(super) fn json_kind(object: &Object<'_, '_>) -> Option<Kind> {
    if manifest_inspect::is(object) {
        return Some(Kind::ManifestVerbose);
    }
    JSONS.iter().find(|format| (format.is)(object)).map(|format| format.kind)
}

/// What a JSON document of a kind states, under a command. Descriptors inside
/// indexes and manifests are contents, not statements.
pub(super) fn json_facts(kind: Kind, node: &Node<'_>, command: &Command) -> Vec<Fact> {
    match kind {
        Kind::TrustInspect => return trust::facts(node),
        Kind::CosignVerify => return cosign_text::record(node, command),
        Kind::ManifestVerbose => return manifest_inspect::facts(node, command),
        Kind::Json | Kind::ToolOutput if docker_inspect::is_digest_list(node) => {
            return docker_inspect::digest_list(node, command);
        }
        Kind::Json => return other_json::facts(node, command),
        _ => {}
    }
    let Some(format) = json_format(kind, node).and_then(|at| JSONS.get(at)) else { return vec![] };
    let mut facts = Facts::new(format.tool, format.knows);
    objects(node).iter().for_each(|o| (format.read)(o, command, &mut facts));
    facts.done()
}

/// Which format of a kind it is, by number: two programs' outputs may be of one kind.
pub(super) fn json_format(kind: Kind, node: &Node<'_>) -> Option<usize> {
    let first = objects(node).into_iter().next()?;
    JSONS.iter().position(|format| format.kind == kind && (format.is)(&first))
}

/// The one image that a list's rows are of, where no command line says it.
pub(super) fn json_image(kind: Kind, node: &Node<'_>) -> Option<String> {
    (kind == Kind::ToolOutput).then(|| image_lists::image(node)).flatten()
}

/// Remarks on a document of a kind.
pub(super) fn json_notes(kind: Kind, node: &Node<'_>, command: &Command) -> Vec<Message> {
    match kind {
        Kind::Schema1 => vec![Message::new(codes::SCHEMA1, &[])],
        Kind::RegistryError => errors::registry(node).into_iter().collect_vec(),
        Kind::Manifest => descriptor::artifact(node).into_iter().collect_vec(),
        Kind::Skopeo => skopeo::notes(node, command),
        _ => vec![],
    }
}

/// Whether a line is the first digits of an ID, as stores shorten it.
pub(super) fn is_cut_id(line: &str) -> bool {
    let digits = line.trim_end();
    matches!(digits.len(), 12 | 13) && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The ID that a command printed, of which only the first digits are shown.
pub(super) fn cut_id(line: &str, command: &Command) -> Option<Cut> {
    let (kind, witness) = command.prints?;
    let id = matches!(kind, super::DigestKind::ImageId | super::DigestKind::Config);
    let about = super::About::of_text(command.reference.as_deref());
    id.then(|| Cut {
        digits: line.trim_end().to_ascii_lowercase(),
        about,
        tool: witness.tool,
        kind,
        part: false,
    })
}

/// Whether an array is an output by what its strings say.
pub(super) fn is_list(node: &Node<'_>) -> bool {
    docker_inspect::is_digest_list(node)
}

// What the formats share.

fn text<'n>(o: &Object<'n, '_>, name: &str) -> Option<&'n str> {
    o.get(name)?.text("").ok().filter(|text| !text.is_empty())
}

/// The text, empty where there is none: `Facts` takes no digest from that.
fn word<'n>(o: &Object<'n, '_>, name: &str) -> &'n str {
    text(o, name).unwrap_or_default()
}

fn object<'n, 'a>(o: &Object<'n, 'a>, name: &str) -> Option<Object<'n, 'a>> {
    o.get(name)?.object("").ok()
}

fn list<'n, 'a>(o: &Object<'n, 'a>, name: &str) -> &'n [Node<'a>] {
    o.get(name).and_then(|node| node.array("").ok()).unwrap_or_default()
}

/// The objects in a list.
fn elements<'n, 'a>(o: &Object<'n, 'a>, name: &str) -> impl Iterator<Item = Object<'n, 'a>> + use<'n, 'a> {
    list(o, name).iter().filter_map(|node| node.object("").ok())
}

fn texts<'n>(o: &Object<'n, '_>, name: &str) -> Vec<&'n str> {
    list(o, name).iter().filter_map(|item| item.text("").ok()).collect_vec()
}

/// The object, or the objects of the array.
fn objects<'n, 'a>(node: &'n Node<'a>) -> Vec<Object<'n, 'a>> {
    match &node.value {
        Value::Array(items) => items.iter().filter_map(|item| item.object("").ok()).collect_vec(),
        _ => node.object("").into_iter().collect_vec(),
    }
}

/// The platform in members of these names.
fn platform(o: &Object<'_, '_>, os: &str, architecture: &str, variant: &str) -> Option<Platform> {
    let base = format!("{}/{}", text(o, os)?, text(o, architecture)?);
    Platform::parse(&match text(o, variant) {
        Some(variant) => format!("{base}/{variant}"),
        None => base,
    })
}

/// The platform of a descriptor.
fn platform_of(descriptor: &Object<'_, '_>) -> Option<Platform> {
    platform(&object(descriptor, "platform")?, "os", "architecture", "variant")
}

/// The one image that rows name: then it is what the output is about.
fn only(mut names: Vec<String>) -> Option<String> {
    names.dedup();
    names.pop().filter(|_| names.is_empty())
}

/// A reference without the digest it ends with, and the digest.
fn at_digest(text: &str) -> Option<(&str, &str)> {
    let (name, digest) = text.split_once('@')?;
    digest.starts_with("sha").then_some((name, digest))
}

/// The image that a command asks for by its digest, where nothing shows what it
/// printed. What is removed is not held.
pub(super) fn unanswered(typed: &str, command: &Command) -> Vec<Fact> {
    let removes = command.words.split(' ').any(|word| matches!(word, "rmi" | "rm" | "prune" | "untag"));
    match asked(command, 0) {
        _ if removes => Vec::new(),
        Some(fact) => vec![fact],
        None => mentioned(typed),
    }
}

/// The digest in the reference that a command was about: the user's own words.
pub(super) fn asked(command: &Command, image: usize) -> Option<Fact> {
    // A blob is no image: a layer, a payload, a config.
    let digest = command.digest.as_ref().filter(|_| !command.asks_for_blob())?;
    let mut facts = super::fact::Facts::new(super::fact::COMMAND_LINE, super::Knows::Text)
        .about(command.reference.as_deref());
    facts.top(super::DigestKind::IndexOrManifest, &digest.to_string());
    let mut fact = facts.done().pop()?;
    fact.image = image;
    Some(fact)
}
