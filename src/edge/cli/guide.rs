//! `guide`: older releases step by step, with the steps and the words of the
//! page (`www/guides.json`, `www/i18n/en-guide.json`).

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Deserialize;
use webdis_verify::Result;
use webdis_verify::base::time::Time;
use webdis_verify::model::publisher::{Profile, Release, Scheme, Version};
use webdis_verify::model::reference::Reference;

use crate::check;
use crate::refuse;
use crate::terminal::{say, tell, tell_whole};

const STEPS: &str = include_str!("../../../www/guides.json");
const WORDS: &str = include_str!("../../../www/i18n/en-guide.json");
const ECR: &str = "public.ecr.aws/";

/// Options of `guide`.
#[derive(Debug, Args)]
pub(crate) struct GuideArgs {
    /// Which path; without it, the paths there are
    #[arg(value_enum, value_name = "PATH")]
    path: Option<Path>,
    /// The image to put into the commands
    #[arg(value_name = "IMAGE")]
    image: Option<String>,
    /// Speak as of this time instead of now
    #[arg(long, value_name = "RFC3339")]
    now: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Path {
    /// Signed with Docker Content Trust
    Trust,
    /// One platform: Docker Hub against ECR
    Single,
    /// Several platforms: Docker Hub against ECR
    Multi,
    /// Newer releases: signed with cosign
    Cosign,
}

impl Path {
    const OLDER: [Self; 3] = [Self::Trust, Self::Single, Self::Multi];

    const fn name(self) -> &'static str {
        match self {
            Self::Trust => "trust",
            Self::Single => "single",
            Self::Multi => "multi",
            Self::Cosign => "cosign",
        }
    }

    /// Whether the steps are those of a release.
    fn is_of(self, release: &Release) -> bool {
        match self {
            Self::Trust => release.scheme == Scheme::ContentTrust,
            Self::Single => release.scheme == Scheme::ContentTrust && !release.multi_platform,
            Self::Multi => release.scheme == Scheme::ContentTrust && release.multi_platform,
            Self::Cosign => release.scheme == Scheme::Cosign,
        }
    }
}

#[derive(Deserialize)]
struct Guides {
    end: String,
    of: String,
    paths: BTreeMap<String, Guide>,
}

#[derive(Deserialize)]
struct Guide {
    tag: String,
    steps: Vec<(String, String)>,
    check: String,
}

/// What the publisher says of an image's release.
enum Said {
    /// Nothing: it is another's, or has no version.
    Nothing,
    /// It is older than the first that is signed.
    Before(String),
    /// It has steps of its own.
    Steps(Path),
}

/// Whether an image of the publisher's is named without a version or digest.
fn is_bare(image: &str) -> Result<bool> {
    let (profile, reference) = (Profile::webdis()?, Reference::parse(image)?);
    let version = reference.tag().and_then(Version::of_tag);
    Ok(profile.owns(&reference) && version.is_none() && reference.digest().is_none())
}

fn said(path: Path, image: &str) -> Result<Said> {
    let (profile, reference) = (Profile::webdis()?, Reference::parse(image)?);
    let version = reference.tag().and_then(Version::of_tag).filter(|_| profile.owns(&reference));
    let Some(version) = version else { return Ok(Said::Nothing) };
    let Some(release) = profile.releases.iter().find(|release| release.contains(&version)) else {
        let first = profile.releases.iter().map(Release::from).min().filter(|first| version < **first);
        return Ok(first.map_or(Said::Nothing, |first| Said::Before(first.to_string())));
    };
    let paths = match path {
        Path::Cosign => vec![path, Path::Trust],
        _ => vec![path, Path::Single, Path::Multi, Path::Cosign],
    };
    Ok(paths.into_iter().find(|path| path.is_of(release)).map_or(Said::Nothing, Said::Steps))
}

#[derive(Deserialize)]
struct Dictionary {
    words: BTreeMap<String, String>,
}

impl Dictionary {
    fn word<'w>(&'w self, key: &'w str) -> &'w str {
        self.words.get(key).map_or(key, String::as_str)
    }
}

pub(crate) fn run(args: &GuideArgs) -> ExitCode {
    let (Ok(guides), Ok(words)) =
        (serde_json::from_str::<Guides>(STEPS), serde_json::from_str::<Dictionary>(WORDS))
    else {
        say("webdis-verify: this program was built without its guides.");
        return ExitCode::from(2);
    };
    let Some(path) = args.path else {
        print_list(&words);
        return ExitCode::SUCCESS;
    };
    match print(&guides, &words, path, args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error),
    }
}

fn print_list(words: &Dictionary) {
    tell("", words.word("guide"));
    tell_whole("");
    let line = |name: &str, what: &str| tell_whole(&format!("  webdis-verify guide {name:<7} {what}"));
    for path in Path::OLDER {
        line(path.name(), words.word(&format!("guide-{}", path.name())));
    }
    line("cosign", COSIGN);
}

const COSIGN: &str = "0.1.24 and newer: signed with cosign";

/// A command to copy.
fn command(line: &str) {
    tell_whole(&format!("   $ {line}"));
}

/// The steps of a release that is signed with cosign.
fn print_cosign(image: &str) {
    let steps = [
        ("Which digest you hold", format!("docker pull {image}")),
        ("Its signatures", format!("cosign download signature {image}")),
    ];
    tell("", COSIGN);
    tell_whole("");
    tell("", "One command fetches all that the check needs:");
    command(&format!("webdis-verify verify {image}"));
    tell_whole("");
    tell("", "Without a network where the check is made:");
    tell_whole("");
    print_steps(&steps);
    print_kept(&steps);
    command(&format!("webdis-verify check --image {image} printed.txt"));
}

fn print_steps(steps: &[(&str, String)]) {
    for (n, (what, line)) in steps.iter().enumerate() {
        tell(&format!("{}.", n + 1), what);
        command(line);
    }
}

/// One block that keeps what the steps print, each below its command line.
fn print_kept(steps: &[(&str, String)]) {
    tell_whole("");
    tell("", "To check it, keep what they print, each below its own command line. All at once:");
    tell_whole("");
    tell_whole("(");
    for (_, line) in steps {
        // What writes a file prints nothing to keep.
        match line.split_once(" -cf ") {
            Some((program, rest)) if line.starts_with("tar ") => {
                tell_whole(&format!("{program} \\"));
                tell_whole(&format!("  -cf {rest}"));
            }
            _ => tell_whole(&format!("echo '$ {line}'; {line}")),
        }
    }
    tell_whole(") > printed.txt 2>&1");
    tell_whole("");
    tell("", "Then:");
}

fn print(guides: &Guides, words: &Dictionary, path: Path, args: &GuideArgs) -> Result<()> {
    let path = match args.image.as_deref().map(|image| said(path, image)).transpose()? {
        Some(Said::Before(first)) => {
            let image = args.image.as_deref().unwrap_or_default();
            tell(
                "",
                &format!(
                    "{image} is older than {first}, the first release that is signed: there is no signature of it to look for."
                ),
            );
            return Ok(());
        }
        Some(Said::Steps(own)) if own != path => {
            let image = args.image.as_deref().unwrap_or_default();
            say(&format!("webdis-verify: {image} has other steps than `guide {}`: these.", path.name()));
            own
        }
        _ => path,
    };
    if path == Path::Cosign {
        print_cosign(args.image.as_deref().unwrap_or("nicolas/webdis:0.1.24"));
        return Ok(());
    }
    let Some(guide) = guides.paths.get(path.name()) else { return Ok(()) };
    let own = format!("{}:{}", guides.of, guide.tag);
    let image = match &args.image {
        // No version, no digest: which release is meant, nobody says.
        Some(image) if is_bare(image)? => {
            say(&format!("webdis-verify: {image} is none of the older releases; {own} stands in its place."));
            own
        }
        Some(image) => image.clone(),
        None => own,
    };
    let places = Places::of(&image)?;
    let now = args.now.as_deref().map_or_else(check::now, Time::parse)?;
    let end = Time::parse(&format!("{}T00:00:00Z", guides.end))?;
    let word = |part: &str| words.word(&format!("guide-{}{part}", path.name())).to_owned();
    tell("", &word(""));
    tell_whole("");
    tell("", &word("-why"));
    if path == Path::Trust {
        tell("", words.word(if now < end { "guideBefore" } else { "guideAfter" }));
    } else {
        tell_whole("");
        tell("", "The signatures come first, as content-trust.tar. This says how to get it:");
        command(&format!("webdis-verify guide trust {}", places.hub));
    }
    tell_whole("");
    let fill = |(what, line): &(String, String)| (what.clone(), places.fill(line));
    let filled: Vec<(String, String)> = guide.steps.iter().map(fill).collect();
    let steps: Vec<(&str, String)> =
        filled.iter().map(|(what, line)| (words.word(what), line.clone())).collect();
    print_steps(&steps);
    tell_whole("");
    tell("", &word("-then"));
    print_kept(&steps);
    command(&places.fill(&guide.check));
    Ok(())
}

/// Where an image lies: the same three names as `www/guides.js`.
struct Places {
    hub: String,
    ecr: String,
    gun: String,
}

impl Places {
    fn of(image: &str) -> Result<Self> {
        Reference::parse(image)?;
        let name =
            ["index.docker.io/", "docker.io/"].iter().find_map(|p| image.strip_prefix(p)).unwrap_or(image);
        let name = name.strip_prefix("library/").unwrap_or(name);
        let at_ecr = name.strip_prefix(ECR);
        let hub = at_ecr.map_or(name, |path| path.strip_prefix("docker/library/").unwrap_or(path)).to_owned();
        let reference = Reference::parse(&hub)?;
        let foreign = reference.registry() != "docker.io";
        let path = if foreign { hub.split_once('/').map_or("", |(_, path)| path) } else { &hub };
        let ecr = if foreign || path.contains('/') {
            format!("{ECR}{path}")
        } else {
            format!("{ECR}docker/library/{path}")
        };
        Ok(Self { ecr, gun: reference.gun(), hub })
    }

    fn fill(&self, command: &str) -> String {
        command.replace("{hub}", &self.hub).replace("{ecr}", &self.ecr).replace("{gun}", &self.gun)
    }
}
