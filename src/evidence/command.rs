//! Command lines: which image they are about, and what a program that prints
//! nothing but a digest was asked for.

use super::fact::{DigestKind, Knows, Witness};
use super::item::Kind;
use super::shell::{self, program_words};
use super::terminal::after_prompt;
use crate::base::affix;
use crate::base::digest::ClaimedDigest;
use crate::model::oci::Platform;
use crate::model::reference::Reference;

/// What a command line says about the output below it.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    /// The reference it was about, as typed.
    pub(super) reference: Option<String>,
    /// The first reference, where it names two: what it copies from.
    pub(super) source: Option<String>,
    /// The tag that it asks for where it names no registry (`imageTag=1.0` of aws).
    pub(super) tag: Option<String>,
    /// The digest in that reference.
    pub(super) digest: Option<ClaimedDigest>,
    /// The program and its subcommand, in lower case: `docker image inspect`.
    pub(super) words: String,
    /// What a digest is that the program prints and says no more of.
    pub(super) prints: Option<(DigestKind, Witness)>,
    /// The platform that it asks for: what it prints is of that one.
    pub(super) platform: Option<Platform>,
    /// The file that it reads (`-in FILE`).
    pub(super) file: Option<String>,
    /// The reference that cosign was asked to verify: by the command line, or by
    /// the header above its records.
    pub(super) verified: Option<String>,
    /// It asks for headers alone (`curl -I`): no document below is its output.
    pub(super) headers_only: bool,
    /// What was typed, up to the first pipe.
    pub(super) typed: String,
    /// The same, with what it was piped to.
    pub(super) whole: String,
    /// The commands behind it on its line: the next output is of those.
    pub(super) then: Option<String>,
}

impl Command {
    /// The program.
    pub(super) fn program(&self) -> &str {
        self.words.split(' ').next().unwrap_or_default()
    }

    /// The command behind this one on its line.
    pub(super) fn next(&self) -> Self {
        self.then.as_deref().map(command).unwrap_or_default()
    }

    /// The command of a whole document; what was verified stands above each of its
    /// parts, the records of a list.
    pub(super) fn for_whole(&mut self) -> Self {
        let parts = Self { verified: self.verified.clone(), ..Self::default() };
        core::mem::replace(self, parts)
    }

    /// Whether the program and its first words are these.
    pub(super) fn is(&self, words: &str) -> bool {
        begins_with(&self.words, words)
    }

    /// The tool's name, where it prints the document of a tag: what a filter leaves of
    /// that are parts.
    pub(super) fn prints_document(&self) -> Option<&'static str> {
        if self.prints.is_some() || self.digest.is_some() || self.reference.is_none() {
            return None;
        }
        let raw = self.typed.contains(" --raw");
        match self.program() {
            "docker" if self.is("docker manifest inspect") => Some("docker manifest inspect"),
            "docker" if raw && self.words.contains("imagetools") => Some("imagetools"),
            "crane" if self.is("crane manifest") => Some("crane manifest"),
            "skopeo" if raw && self.is("skopeo inspect") => Some("skopeo inspect"),
            "regctl" if self.is("regctl manifest get") => Some("regctl"),
            "oras" if self.is("oras manifest fetch") => Some("oras"),
            "curl" if self.typed.contains("/manifests/") => Some("curl"),
            _ => None,
        }
    }

    /// Whether it prints what is attached to an image, and no part of it.
    pub(super) fn lists_attached(&self) -> bool {
        matches!(self.program(), "cosign" | "notation" | "gh" | "rekor-cli")
            || self.words.starts_with("oras discover")
            || self.words.starts_with("regctl artifact")
    }

    /// Whether it asks a registry for a blob: what it names is no image.
    pub(super) fn asks_for_blob(&self) -> bool {
        self.words.split(' ').any(|word| word == "blob") || self.typed.contains("/blobs/")
    }

    /// The reference that it was about, where a document is of it: a list of what is
    /// attached is nothing that a tag means.
    pub(super) fn printed_for(&self, kind: Kind) -> Option<String> {
        self.reference.clone().filter(|_| kind != Kind::Index || !self.lists_attached())
    }

    /// Whether it starts or lists containers, or makes what they use: an ID alone on a line
    /// is theirs.
    pub(super) fn is_of_containers(&self) -> bool {
        let engine = matches!(self.program(), "docker" | "podman" | "nerdctl");
        let verb =
            |word| matches!(word, "run" | "create" | "start" | "ps" | "container" | "network" | "volume");
        let second = self.words.split(' ').nth(1);
        engine && second.is_some_and(verb) && !self.typed.contains(".Image")
    }

    /// Whether a shell fills in what it is about: a loop runs it more than once.
    pub(super) fn is_computed(&self) -> bool {
        self.typed.contains(['$', '`']) || self.typed.contains("xargs")
    }

    /// How many lines it prints, where that is known: one for each thing that `inspect`
    /// is asked for, in one template or filter, one ID for a tag, and all that a JSONPath without
    /// a loop finds. What stands below is another output.
    pub(super) fn lines(&self) -> usize {
        let many = ["range", "println", "json .}}", "\\n"].iter().any(|word| self.typed.contains(word));
        let template = self.typed.split_once("{{").zip(affix::split_last(&self.typed, "}}"));
        if self.is_computed() || many {
            return usize::MAX;
        }
        let named = template.and_then(|((before, _), (_, after))| {
            before.split_once(" inspect ").map(|(_, options)| (options, after))
        });
        let plain = |word: &&str| !word.starts_with('-') && !word.trim_matches(['"', '\'']).is_empty();
        let Some((options, after)) = named else {
            // So does a filter of `jq` that takes one value of each: `inspect A B | jq '.[].Id'`.
            let filter = affix::split_last(&self.whole, "jq ").map_or("", |(_, filter)| filter.trim());
            let ends = filter.trim_end_matches(['"', '\'']);
            let one = !ends.is_empty() && !ends.ends_with("[]") && !ends.contains([',', '|', '*']);
            if let Some((_, images)) = self.typed.split_once(" inspect ").filter(|_| one) {
                return images.split_whitespace().filter(plain).count().max(1);
            }
            if self.program() == "kubectl" && self.typed.contains("jsonpath") {
                return 1;
            }
            let tag = self.reference.as_deref().and_then(|name| Reference::parse(name).ok()?.tag().map(drop));
            let one = ["docker images", "docker image ls", "podman images", "podman pull", "docker pull"];
            return if tag.is_some() && one.iter().any(|words| self.is(words)) { 1 } else { usize::MAX };
        };
        let named = options.split_whitespace().chain(after.split_whitespace()).filter(plain).count();
        let types = ["image", "container"].iter().filter(|word| options.contains(&format!("--type {word}")));
        named.saturating_sub(types.count()).max(1)
    }

    /// The fields that the words of its Go template end with, in their order: `.Id`,
    /// `.Manifest.Digest`; of `{{.Repository}}:{{.Tag}}` it is `.Tag`.
    pub(super) fn fields(&self) -> Vec<&str> {
        let mut fields = Vec::new();
        let mut rest = self.typed.as_str();
        let mut apart = true;
        while let Some((before, after)) = rest.split_once("{{").filter(|_| fields.len() < FIELDS) {
            apart |= before.contains([' ', '|']) || before.contains("\\t");
            let (inner, next) = after.split_once("}}").unwrap_or((after, ""));
            let field = inner.find('.').and_then(|at| inner.get(at..)?.split_whitespace().next());
            // What stands without a blank behind another one is the same word.
            if let Some(field) = field {
                if !apart {
                    fields.pop();
                }
                fields.push(field);
                apart = false;
            }
            rest = next;
        }
        fields
    }
}

/// What was typed in a line that is a command, with or without a prompt before it.
pub(super) fn typed(line: &str) -> Option<&str> {
    let line = line.trim();
    after_prompt(line).or_else(|| {
        let mut words = line.split_whitespace();
        let runs =
            words.next().is_some_and(shell::is_program) && words.next().is_some_and(shell::is_argument);
        (runs && !line.ends_with('.')).then_some(line).or_else(|| shell::behind(line))
    })
}

/// Reads a command as it was typed.
pub(super) fn command(typed: &str) -> Command {
    let most = (0..=typed.len().min(MOST)).rev().find(|at| typed.is_char_boundary(*at));
    let typed = &outer(typed.get(..most.unwrap_or_default()).unwrap_or_default());
    // Of several commands in one line the first one about images prints first.
    let commands = shell::chained(typed);
    let at = commands.iter().position(names_image).unwrap_or_default();
    let (typed, rest) = commands.get(at..).and_then(<[_]>::split_first).unwrap_or((&"", &[]));
    let then = rest.iter().any(names_image).then(|| rest.join(";"));
    let first = shell::source(typed);
    let words = program_words(first);
    let (mut found, mut source) = (None, None);
    // These name a repository without its registry: that is none of Docker Hub's.
    let aws = ["aws ", "az ", "gcloud ", "gh "].iter().any(|program| words.starts_with(program));
    // A folder or an archive of containers/image is no name.
    let folder = |word: &&str| words.starts_with("skopeo ") && is_folder(word);
    for word in first.split_whitespace().skip(1).filter(|word| !aws && !folder(word)) {
        // The last one is meant, but for a name after a digest: the source it was built from.
        let new = reference(of_store(word, first)).filter(|new| {
            new.digest().is_some() || found.as_ref().is_none_or(|known: &Reference| known.digest().is_none())
        });
        if let Some(new) = new {
            source = source.or(found.filter(|known| known.name() != new.name()));
            found = Some(new);
        }
    }
    let prints = printed(typed, &words);
    let latest = |r: &Reference| r.tag().is_none() && r.digest().is_none() && asks_for_a_tag(&words);
    let reference = found.as_ref().map(|r| match latest(r) {
        true => format!("{}:latest", r.text()),
        false => r.text().to_owned(),
    });
    let reference = reference.or_else(|| ecr(first, None, None).filter(|_| aws));
    let verifies = words == "cosign verify" || words.starts_with("cosign verify ");
    Command {
        verified: reference.clone().filter(|_| verifies),
        digest: found.as_ref().and_then(|r| r.digest().cloned()),
        reference,
        source: source.map(|reference| reference.text().to_owned()),
        tag: aws.then(|| tag(first)).flatten(),
        headers_only: words.starts_with("curl") && first.split_whitespace().any(asks_headers),
        platform: option(first, "--platform").and_then(Platform::parse),
        file: file(first),
        words,
        prints,
        typed: first.to_owned(),
        whole: (*typed).to_owned(),
        then,
    }
}

/// Whether a program that prints about images is asked about one.
fn names_image(command: &&str) -> bool {
    let names = |word: &str| reference(word).is_some() || is_folder(word);
    shell::runs_tool(command) && command.split_whitespace().skip(1).any(names)
}

/// How the name of a folder or an archive begins.
const FOLDERS: [&str; 4] = ["dir:", "oci:", "oci-archive:", "docker-archive:"];

fn is_folder(word: &str) -> bool {
    FOLDERS.iter().any(|name| word.starts_with(name))
}

/// The name of an image in a computer's store, whose config skopeo prints; the manifest
/// that it makes up for one is nobody's.
fn of_store<'a>(word: &'a str, typed: &str) -> &'a str {
    let named = word.strip_prefix("docker-daemon:").or_else(|| word.strip_prefix("containers-storage:"));
    named.filter(|_| typed.contains("--config")).unwrap_or(word)
}

/// Whether words begin with these, whole.
fn begins_with(words: &str, these: &str) -> bool {
    words.strip_prefix(these).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether the program asks a registry for one tag, and without one for `latest`.
fn asks_for_a_tag(words: &str) -> bool {
    const PROGRAMS: &str = "crane digest|crane manifest|crane config|docker manifest inspect|\
        docker buildx imagetools|skopeo inspect|regctl image digest|regctl manifest|docker pull";
    affix::each(PROGRAMS).any(|program| begins_with(words, program))
}

/// A command without the commands in it: `$(curl … | jq -r .token)`.
fn outer(typed: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut before) = (0_usize, ' ');
    for c in typed.chars() {
        match c {
            '(' if depth > 0 || before == '$' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
        before = c;
    }
    out
}

/// The value of an option, as its next word or after `=`.
fn option<'t>(typed: &'t str, name: &str) -> Option<&'t str> {
    let mut words = typed.split_whitespace().skip_while(|word| !word.starts_with(name));
    let rest = words.next()?.strip_prefix(name)?;
    rest.strip_prefix('=').or_else(|| words.next().filter(|_| rest.is_empty()))
}

/// The repository of a private registry of AWS. Its answers name registry and
/// repository, and only a command names the region.
pub(super) fn ecr(typed: &str, registry: Option<&str>, repository: Option<&str>) -> Option<String> {
    let registry = registry.or_else(|| option(typed, "--registry-id"))?;
    let repository = repository.or_else(|| option(typed, "--repository-name"))?;
    let region = option(typed, "--region")?;
    let china = if region.starts_with("cn-") { ".cn" } else { "" };
    let name = format!("{registry}.dkr.ecr.{region}.amazonaws.com{china}/{repository}");
    (!typed.contains("ecr-public")).then_some(name).filter(|name| Reference::parse(name).is_ok())
}

/// The only tag behind `imageTag=`.
fn tag(typed: &str) -> Option<String> {
    let mut tags = typed.split("imageTag=").skip(1);
    let rest = tags.next().filter(|_| tags.next().is_none())?.trim_start_matches(['"', '\'']);
    let tag = rest.split([' ', ',', '"', '\'', '\t']).next()?;
    crate::model::reference::is_tag(tag).then(|| tag.to_owned())
}

/// The word after `-in`, as openssl names its input.
fn file(typed: &str) -> Option<String> {
    let mut words = typed.split_whitespace().skip_while(|word| *word != "-in");
    words.nth(1).map(|word| crate::base::digest::shorten(word.trim_matches(['"', '\''])))
}

/// `--head`, `-I`, also among other letters: `-sSI`.
fn asks_headers(word: &str) -> bool {
    let letters = word.strip_prefix('-').filter(|letters| letters.bytes().all(|b| b.is_ascii_alphabetic()));
    word == "--head" || letters.is_some_and(|letters| letters.contains('I'))
}

/// Most fields of a template that are read.
const FIELDS: usize = 16;

/// Most bytes of a command line that are read.
const MOST: usize = 4096;

/// A word of a command line that can only be an image reference.
fn reference(word: &str) -> Option<Reference> {
    let word = word.trim_matches(['"', '\'', ',']);
    let address = word.contains("://");
    let marked = word.contains([':', '@', '/']) && (address || !word.contains('='));
    let path = affix::begins(word, b"/.~-{$:");
    if !marked || path || word.starts_with("file:") {
        return None;
    }
    match address {
        true => Reference::parse_loose(word).ok(),
        false => Reference::parse(word).ok(),
    }
}

use DigestKind::{Config, ImageId, IndexOrManifest, Manifest, Unknown};
use Knows::{Computer, Name, Text};

/// One row: the words that a command line holds, and what it prints then.
type Row = (&'static str, DigestKind, &'static str, Knows);

/// Commands that print a digest and nothing else, most telling words first.
/// Every word of a row stands in the command line, in any order.
const PRINTS: &[Row] = &[
    // A sum of what a pipe printed is a sum of bytes that nobody described.
    ("sha256sum", Unknown, "sha256sum", Text),
    ("shasum", Unknown, "shasum", Text),
    ("openssl dgst", Unknown, "openssl dgst", Text),
    ("podman inspect RepoDigests", IndexOrManifest, "podman image inspect", Computer),
    ("nerdctl inspect RepoDigests", IndexOrManifest, "nerdctl image inspect", Computer),
    ("inspect RepoDigests", IndexOrManifest, "docker image inspect", Computer),
    ("podman inspect .Digest", Manifest, "podman image inspect", Computer),
    ("podman inspect Id", Config, "podman image inspect", Computer),
    ("podman images Digest", Manifest, "podman images", Computer),
    ("podman images", Config, "podman images", Computer),
    ("podman pull", Config, "podman pull", Computer),
    ("podman load", Config, "podman load", Computer),
    ("buildah images", Config, "buildah images", Computer),
    ("crictl inspecti repoDigests", IndexOrManifest, "crictl inspecti", Computer),
    ("crictl", Config, "crictl", Computer),
    ("kubectl imageID", IndexOrManifest, "kubectl", Computer),
    ("skopeo inspect Digest", IndexOrManifest, "skopeo inspect", Name),
    ("docker images Digest", IndexOrManifest, "docker images", Computer),
    ("nerdctl images", ImageId, "nerdctl images", Computer),
    ("docker images", ImageId, "docker images", Computer),
    ("docker image ls", ImageId, "docker images", Computer),
    ("imagetools inspect .Manifest.Digest", IndexOrManifest, "imagetools", Name),
    ("imagetools inspect .digest", IndexOrManifest, "imagetools", Name),
    ("docker load", ImageId, "docker load", Computer),
    ("docker build", ImageId, "docker build", Computer),
    ("docker inspect .Image", ImageId, "docker inspect", Computer),
    ("docker inspect .Descriptor", IndexOrManifest, "docker image inspect", Computer),
    ("docker image inspect Id", ImageId, "docker image inspect", Computer),
    ("docker image inspect .ID", ImageId, "docker image inspect", Computer),
    ("docker inspect Id", ImageId, "docker inspect", Computer),
    ("docker inspect .ID", ImageId, "docker inspect", Computer),
    ("nerdctl inspect Id", ImageId, "nerdctl image inspect", Computer),
    ("crane digest", IndexOrManifest, "crane digest", Name),
    ("regctl digest", IndexOrManifest, "regctl image digest", Name),
    ("regctl manifest head", IndexOrManifest, "regctl manifest head", Name),
    ("oras resolve", IndexOrManifest, "oras resolve", Name),
    ("aws ecr imageDigest", IndexOrManifest, "aws ecr", Name),
    ("aws ecr-public imageDigest", IndexOrManifest, "aws ecr-public", Name),
    ("cosign triangulate", IndexOrManifest, "cosign triangulate", Name),
    ("curl docker-content-digest", IndexOrManifest, "curl", Name),
    ("curl Docker-Content-Digest", IndexOrManifest, "curl", Name),
];

fn printed(typed: &str, words: &str) -> Option<(DigestKind, Witness)> {
    let program = words.split(' ').next().unwrap_or_default();
    let row = PRINTS.iter().find(|(needles, ..)| {
        let first = needles.split(' ').next().unwrap_or_default();
        // `docker manifest inspect` asks a registry: what a filter leaves of it are parts.
        let manifest = words.starts_with("docker manifest") && needles.contains("inspect");
        let leads = first == program || affix::is_one(first, "sha256sum|shasum|openssl|inspect|imagetools");
        leads && !manifest && needles.split(' ').all(|needle| holds(typed, needle))
    });
    row.map(|(_, kind, tool, knows)| (*kind, Witness { tool, knows: *knows }))
}

/// Whether a command line holds a word, or the beginning of a template.
fn holds(typed: &str, needle: &str) -> bool {
    let word = needle.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    match word {
        true => typed.split_whitespace().any(|other| other == needle),
        false => typed.contains(needle),
    }
}
