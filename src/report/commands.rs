//! What the page cannot fetch, a terminal can: the exact commands.
//!
//! Every command prints registry bytes unchanged, so that a paste of its
//! output continues the check. Parts come from a parsed [`Reference`], whose
//! grammar has no character that a shell would act on; they are quoted all
//! the same.

use crate::base::code::Code;
use crate::base::list::PushAll as _;
use crate::base::message::Message;
use crate::engine::need::{Need, NeedKind};
use crate::model::reference::{Host, Reference};
use crate::model::registry_table;
use crate::report::Command;

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// Prints a manifest or index with docker.
        COMMAND_IMAGETOOLS = "command-imagetools", Fact,
            "Print {what} with docker.", "";
        /// Prints a manifest or index with skopeo.
        COMMAND_SKOPEO = "command-skopeo", Fact,
            "Print {what} with skopeo.", "";
        /// Prints a manifest, index or blob with crane.
        COMMAND_CRANE = "command-crane", Fact,
            "Print {what} with crane.", "";
        /// Prints a manifest, index or blob with oras.
        COMMAND_ORAS = "command-oras", Fact,
            "Print {what} with oras.", "";
        /// Prints a document with curl.
        COMMAND_CURL = "command-curl", Fact,
            "Print {what} with curl.", "";
        /// Prints the signatures with cosign.
        COMMAND_COSIGN = "command-cosign", Fact,
            "Print the signatures with cosign.", "";
        /// Copies the Notary metadata that docker keeps.
        COMMAND_TRUST_FOLDER = "command-trust-folder", Fact,
            "Pack the Content Trust metadata that docker keeps on this computer; add the file.", "";
        /// Prints everything for a reference.
        COMMAND_SCRIPT = "command-script", Fact,
            "Print everything this check needs, in one go; add the whole output.", "";
    }
}

/// The manifest types a registry may answer with: OCI and Docker, index and
/// image. Leaving one out makes registries convert or refuse.
pub const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
application/vnd.docker.distribution.manifest.list.v2+json, \
application/vnd.oci.image.manifest.v1+json, \
application/vnd.docker.distribution.manifest.v2+json";

/// The commands that print what `needs` asks for, most convenient first, then
/// one script for everything. `notary`: the Notary server, if it is another than Docker's,
/// whose token server is known.
#[must_use]
pub fn commands(reference: &Reference, needs: &[Need], notary: Option<&Host>) -> Vec<Command> {
    // What is needed may lie in another repository than the one asked about.
    let asked = reference.name();
    let of_images = needs.iter().filter(|need| !matches!(need.kind, NeedKind::Metadata { .. }));
    let mut places = of_images.filter_map(|need| need.repository.as_ref());
    let elsewhere = places.find(|place| **place != asked);
    let elsewhere =
        elsewhere.and_then(|place| Reference::parse(&format!("{place}{}", suffix(reference))).ok());
    let reference = elsewhere.as_ref().unwrap_or(reference);
    let mut out: Vec<Command> = Vec::new();
    let mut roles: Vec<&str> = Vec::new();
    let mut collection = None;
    let mut registry = false;
    for need in needs {
        registry |= !matches!(need.kind, NeedKind::Metadata { .. } | NeedKind::Publisher);
        match &need.kind {
            NeedKind::Tag { tag } => {
                out.push_all(manifest(reference, &format!(":{tag}"), "what the tag names"))
            }
            NeedKind::Manifest { digest } => {
                out.push_all(manifest(reference, &format!("@{digest}"), "the manifest"));
            }
            NeedKind::Blob { digest } => out.push_all(blob(reference, digest)),
            NeedKind::Signature { digest } | NeedKind::LogEvidence { digest } => {
                out.push_all(signature(reference, digest));
            }
            NeedKind::Metadata { role } => {
                roles.push(role);
                // The collection may have another name than the image that was asked for.
                collection =
                    need.repository.as_deref().and_then(|name| Reference::parse(name).ok()).or(collection);
            }
            NeedKind::Subject => {
                let tail = suffix(reference);
                out.push_all(manifest(reference, &tail, "the image's manifest"));
            }
            NeedKind::Publisher => {}
        }
    }
    if !roles.is_empty() {
        let collection = collection.as_ref().unwrap_or(reference);
        let docker = collection.host().is_docker_hub();
        if docker && notary.is_none_or(|server| server.as_str() == registry_table::NOTARY) {
            out.insert(0, metadata(collection, &roles));
        }
        out.push(trust_folder(collection));
    }
    if registry {
        out.push(command(codes::COMMAND_SCRIPT, "", script(reference)));
    }
    let mut seen: Vec<String> = Vec::new();
    out.retain(|entry| {
        let new = !seen.contains(&entry.command);
        seen.push(entry.command.clone());
        new
    });
    out
}

fn command(code: Code, what: &str, line: String) -> Command {
    let label = Message::new(code, &[("what", what)]).text;
    Command { code: code.name(), label, command: line, prints: None }
}

/// Single quotes: nothing inside is special to a POSIX shell, and a quote
/// cannot occur in a reference.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// `:tag`, `@digest`, or `:latest`.
fn suffix(reference: &Reference) -> String {
    match (reference.digest(), reference.tag_or_latest()) {
        (Some(digest), _) => format!("@{digest}"),
        (None, Some(tag)) => format!(":{tag}"),
        (None, None) => String::new(),
    }
}

fn manifest(reference: &Reference, tail: &str, what: &str) -> [Command; 4] {
    let image = format!("{}{tail}", reference.name());
    let q = quoted(&image);
    [
        command(codes::COMMAND_IMAGETOOLS, what, format!("docker buildx imagetools inspect --raw {q}")),
        command(
            codes::COMMAND_SKOPEO,
            what,
            format!("skopeo inspect --raw {}", quoted(&format!("docker://{image}"))),
        ),
        command(codes::COMMAND_CRANE, what, format!("crane manifest {q}")),
        command(codes::COMMAND_ORAS, what, format!("oras manifest fetch {q}")),
    ]
}

fn blob(reference: &Reference, digest: &str) -> [Command; 3] {
    let q = quoted(&format!("{}@{digest}", reference.name()));
    let what = "the document of this digest";
    [
        command(codes::COMMAND_CRANE, what, format!("crane blob {q}")),
        command(codes::COMMAND_ORAS, what, format!("oras blob fetch --output - {q}")),
        command(codes::COMMAND_CURL, what, curl(reference, &format!("blobs/{digest}"))),
    ]
}

fn referrers(reference: &Reference, digest: &str) -> Command {
    command(codes::COMMAND_CURL, "the list of signatures", curl(reference, &format!("referrers/{digest}")))
}

fn signature(reference: &Reference, digest: &str) -> Vec<Command> {
    let mut out = vec![command(
        codes::COMMAND_COSIGN,
        "",
        format!("cosign download signature {}", quoted(&format!("{}@{digest}", reference.name()))),
    )];
    out.push(referrers(reference, digest));
    if let Some((_, hex)) = digest.split_once(':') {
        let q = quoted(&format!("{}:sha256-{hex}.sig", reference.name()));
        out.push(command(
            codes::COMMAND_CRANE,
            "the signature manifest (older form)",
            format!("crane manifest {q}"),
        ));
    }
    out
}

/// Prints all the files that are missing, one after the other; the whole output is
/// pasted. A file that the publisher does not have prints nothing.
fn metadata(reference: &Reference, roles: &[&str]) -> Command {
    let gun = reference.gun();
    let line = format!(
        "T=$(curl -fsS {} | {TOKEN_SED}); for R in {}; do curl -fsS -H \"Authorization: Bearer $T\" {}/_trust/tuf/$R.json && echo; done",
        quoted(&format!("https://auth.docker.io/token?service=notary.docker.io&scope=repository:{gun}:pull")),
        roles.join(" "),
        quoted(&format!("https://{}/v2/{gun}", registry_table::NOTARY)),
    );
    command(codes::COMMAND_CURL, "the signed Content Trust files", line)
}

fn trust_folder(reference: &Reference) -> Command {
    let line = format!(
        "tar -C ~/.docker/trust/tuf -cf content-trust.tar {}",
        quoted(&format!("{}/metadata", reference.gun()))
    );
    command(codes::COMMAND_TRUST_FOLDER, "", line)
}

/// Takes the token out of the token server's answer.
const TOKEN_SED: &str = r#"sed -n 's/.*"token" *: *"\([^"]*\)".*/\1/p'"#;

fn base(reference: &Reference) -> String {
    let host = reference.host();
    format!("{}://{}/v2/{}", host.scheme(), host.api(), reference.repository())
}

/// A shell word that leaves the token in `$T`, or nothing for registries
/// without anonymous tokens.
fn token(reference: &Reference) -> Option<String> {
    let template = registry_table::registry(reference.registry())?.token?;
    let address = template.replace("{name}", reference.repository());
    Some(format!("T=$(curl -fsS {} | {TOKEN_SED})", quoted(&address)))
}

fn curl(reference: &Reference, path: &str) -> String {
    let address = quoted(&format!("{}/{path}", base(reference)));
    match token(reference) {
        Some(token) => format!("{token}; curl -fsSL -H \"Authorization: Bearer $T\" {address}"),
        None => format!("curl -fsSL {address}"),
    }
}

/// One POSIX shell script that prints every document a check of `reference`
/// needs: the image's index, its manifests and configs, and what is attached
/// to each of them as a signature. Tokens stay in a variable. Paste the output
/// whole.
#[must_use]
pub fn script(reference: &Reference) -> String {
    let (token, header) = match token(reference) {
        Some(token) => (format!("{token}\n"), "-H \"Authorization: Bearer $T\" "),
        None => (String::new(), ""),
    };
    let base = quoted(&base(reference));
    let wanted = match (reference.digest(), reference.tag_or_latest()) {
        (Some(digest), _) => digest.to_string(),
        (None, tag) => tag.unwrap_or("latest").to_owned(),
    };
    let wanted = quoted(&wanted);
    format!(
        r#"(
B={base}
{token}A={accept}
get() {{ curl -fsSL --max-filesize 4194304 {header}-H "Accept: $A" "$B/$1"; }}
digests() {{ grep -o 'sha256:[0-9a-f]\{{64\}}' | awk '!seen[$0]++'; }}
show() {{ get "$1" 2>/dev/null && echo; }}
documents() {{ get "$1" > "$D/doc" 2>/dev/null || return; cat "$D/doc"; echo; for d in $(digests < "$D/doc"); do show "blobs/$d"; done; }}
signatures() {{
  for place in "referrers/$1" "manifests/sha256-${{1#sha256:}}"; do
    get "$place" > "$D/list" 2>/dev/null || continue
    cat "$D/list"; echo
    for m in $(digests < "$D/list"); do documents "manifests/$m"; done
  done
  documents "manifests/sha256-${{1#sha256:}}.sig"
}}
D=$(mktemp -d) || exit
get "manifests/"{wanted} > "$D/top" || exit
cat "$D/top"; echo
S="sha256:$( (sha256sum || shasum -a 256) < "$D/top" 2>/dev/null | cut -d' ' -f1)"
signatures "$S"
for m in $(digests < "$D/top"); do
  get "manifests/$m" > "$D/child" 2>/dev/null || {{ [ "$m" = "$(digests < "$D/top" | head -n 1)" ] && show "blobs/$m"; continue; }}
  cat "$D/child"; echo
  show "blobs/$(digests < "$D/child" | head -n 1)"
  signatures "$m"
done
rm -rf "$D"
)"#,
        accept = quoted(ACCEPT),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(kind: NeedKind) -> Need {
        Need::new(kind, crate::engine::need::codes::TAG, None, true)
    }

    #[test]
    fn each_need_has_commands_and_none_is_repeated() {
        let reference = Reference::parse("nicolas/webdis:0.1.24").unwrap();
        let digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a".to_owned();
        let kinds = [
            (NeedKind::Tag { tag: "0.1.24".into() }, "crane manifest 'docker.io/nicolas/webdis:0.1.24'"),
            (
                NeedKind::Manifest { digest: digest.clone() },
                "skopeo inspect --raw 'docker://docker.io/nicolas/webdis@sha256:44136f",
            ),
            (
                NeedKind::Blob { digest: digest.clone() },
                "oras blob fetch --output - 'docker.io/nicolas/webdis@",
            ),
            (
                NeedKind::Signature { digest: digest.clone() },
                "webdis:sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.sig'",
            ),
            (NeedKind::LogEvidence { digest }, "cosign download signature"),
            (NeedKind::Metadata { role: "targets/releases".into() }, "for R in targets/releases; do"),
            (NeedKind::Subject, "imagetools inspect --raw 'docker.io/nicolas/webdis:0.1.24'"),
        ];
        for (kind, part) in &kinds {
            let lines = commands(&reference, &[need(kind.clone())], None);
            assert!(lines.iter().any(|line| line.command.contains(part)), "{kind:?}: {lines:#?}");
        }
        assert!(commands(&reference, &[need(NeedKind::Publisher)], None).is_empty());
        let once = commands(&reference, &[need(NeedKind::Subject)], None).len();
        let twice = commands(&reference, &[need(NeedKind::Subject), need(NeedKind::Subject)], None).len();
        assert_eq!(once, twice);
    }

    /// The files of another server, or of an image elsewhere, are not asked of Docker's.
    #[test]
    fn only_docker_s_notary_server_has_docker_s_token() {
        let needs = [need(NeedKind::Metadata { role: "root".into() })];
        let asks = |image: &str, server: Option<&str>| {
            let server = server.map(|server| Host::of_server(server).unwrap());
            let lines = commands(&Reference::parse(image).unwrap(), &needs, server.as_ref());
            lines.iter().any(|line| line.command.contains("notary.docker.io"))
        };
        assert!(
            asks("nicolas/webdis:0.1.19", None) && asks("nicolas/webdis:0.1.19", Some("notary.docker.io"))
        );
        assert!(!asks("nicolas/webdis:0.1.19", Some("notary.example")));
        assert!(!asks("registry.example/team/app:1.0", None));
    }

    #[test]
    fn loopback_is_plain_http_without_a_token() {
        let text = script(&Reference::parse("127.0.0.1:5000/a:1").unwrap());
        assert!(text.contains("B='http://127.0.0.1:5000/v2/a'"), "{text}");
        assert!(!text.contains("Bearer"), "{text}");
        assert!(script(&Reference::parse("debian").unwrap()).contains("Authorization: Bearer $T"));
    }
}
