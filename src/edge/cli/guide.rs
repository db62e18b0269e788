//! `guide`: older releases step by step, with the steps and the words of the
//! page (`www/guides.json`, `www/i18n/en-guide.json`).

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Deserialize;
use webdis_verify::Result;
use webdis_verify::base::time::Time;
use webdis_verify::model::publisher::Version;
use webdis_verify::model::reference::Reference;

use crate::check;
use crate::refuse;
use crate::terminal::say;

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
}

impl Path {
    const ALL: [Self; 3] = [Self::Trust, Self::Single, Self::Multi];

    const fn name(self) -> &'static str {
        match self {
            Self::Trust => "trust",
            Self::Single => "single",
            Self::Multi => "multi",
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
    from: String,
    to: String,
    steps: Vec<(String, String)>,
    check: String,
}

impl Guide {
    /// Whether it is about an image: the publisher's other releases are signed
    /// otherwise. Of other images nobody says.
    fn fits(&self, of: &str, image: &str) -> Result<bool> {
        let reference = Reference::parse(&Places::of(image)?.hub)?;
        let own = reference.registry() == "docker.io" && reference.repository() == of;
        if !own || reference.digest().is_some() {
            return Ok(true);
        }
        let version = reference.tag().and_then(Version::of_tag);
        let ends = Version::of_tag(&self.from).zip(Version::of_tag(&self.to));
        Ok(version.zip(ends).is_some_and(|(version, (from, to))| version >= from && version <= to))
    }
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
    println!("{}\n", words.word("guide"));
    for path in Path::ALL {
        println!(
            "  webdis-verify guide {:<7} {}",
            path.name(),
            words.word(&format!("guide-{}", path.name()))
        );
    }
}

fn print(guides: &Guides, words: &Dictionary, path: Path, args: &GuideArgs) -> Result<()> {
    let Some(guide) = guides.paths.get(path.name()) else { return Ok(()) };
    let own = format!("{}:{}", guides.of, guide.tag);
    let mut image = args.image.clone().unwrap_or_else(|| own.clone());
    if !guide.fits(&guides.of, &image)? {
        say(&format!(
            "webdis-verify: {image} is none of the releases {} to {}; {own} stands in its place.",
            guide.from, guide.to
        ));
        image = own;
    }
    let places = Places::of(&image)?;
    let now = args.now.as_deref().map_or_else(check::now, Time::parse)?;
    let end = Time::parse(&format!("{}T00:00:00Z", guides.end))?;
    let word = |part: &str| words.word(&format!("guide-{}{part}", path.name())).to_owned();
    println!("{}\n\n{}", word(""), word("-why"));
    if path == Path::Trust {
        println!("{}", words.word(if now < end { "guideBefore" } else { "guideAfter" }));
    }
    println!();
    for (n, (what, command)) in guide.steps.iter().enumerate() {
        println!("{}. {}\n   $ {}", n + 1, words.word(what), places.fill(command));
    }
    println!("\n{}", word("-then"));
    println!("\nKeep what the commands print, each below its own command line, and check it:");
    println!("   $ {}", places.fill(&guide.check));
    if path != Path::Trust {
        println!("\nHow to get content-trust.tar, which holds the signatures:");
        println!("   $ webdis-verify guide trust {}", places.hub);
    }
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
