//! One question to the engine, with what must come of it.

use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::engine::link::Place;
use webdis_verify::engine::lookup::Lookup;
use webdis_verify::engine::tag_answer::TagAnswer;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Check, Options, Publisher};

use crate::common::stand_in::{self, Base, Plan};

pub(crate) const NOW: &str = "2026-11-21T12:00:00Z";

#[derive(Clone)]
pub(crate) struct Case {
    name: String,
    pub(crate) given: Vec<Given>,
    pub(crate) options: Options,
    looked: Vec<Lookup>,
    told: Vec<TagAnswer>,
}

pub(crate) fn trusted_root() -> Vec<u8> {
    Plan::new(Base::DsseV1).trusted_root().into_bytes()
}

/// A case that demands the test key and the test logs.
pub(crate) fn case(name: &str) -> Case {
    let mut options = Options::at(Time::parse(NOW).unwrap());
    options.publisher = Publisher::Key("test.pub".to_owned(), stand_in::key().pem().into());
    options.trusted_root = Some(trusted_root());
    Case { name: name.to_owned(), given: Vec::new(), options, looked: Vec::new(), told: Vec::new() }
}

impl Case {
    pub(crate) fn with(mut self, origin: Origin, bytes: impl AsRef<[u8]>) -> Self {
        let name = format!("document {}", self.given.len() + 1);
        self.given.push(Given { name, origin, bytes: bytes.as_ref().to_vec() });
        self
    }

    pub(crate) fn file(self, bytes: impl AsRef<[u8]>) -> Self {
        self.with(Origin::File, bytes)
    }

    pub(crate) fn paste(self, bytes: impl AsRef<[u8]>) -> Self {
        self.with(Origin::Paste, bytes)
    }

    pub(crate) fn fetched(self, address: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.with(Origin::Fetched(address.to_owned()), bytes)
    }

    pub(crate) fn image(mut self, image: &str) -> Self {
        self.options.image = Some(image.to_owned());
        self
    }

    pub(crate) fn digest(mut self, digest: &str) -> Self {
        self.options.digest = Some(digest.to_owned());
        self
    }

    pub(crate) fn options(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    pub(crate) fn looked(mut self, looked: Vec<Lookup>) -> Self {
        self.looked = looked;
        self
    }

    pub(crate) fn told(mut self, told: &[TagAnswer]) -> Self {
        self.told.extend_from_slice(told);
        self
    }

    pub(crate) fn named(mut self, name: &str) -> Self {
        self.name = name.to_owned();
        self
    }

    pub(crate) fn run(&self) -> Report {
        let report = Check::new(&self.options).unwrap().run_with(&self.given, &self.looked, &self.told);
        invariants(&self.name, &report);
        report
    }

    /// Runs and asserts outcome and code of the headline.
    #[track_caller]
    pub(crate) fn is(&self, outcome: Outcome, code: &str) -> Report {
        let report = self.run();
        println!("{:<62} {:<13} {}", self.name, report.outcome.name(), report.code);
        assert_eq!(
            (report.outcome.name(), report.code),
            (outcome.name(), code),
            "{}: {}\n{}",
            self.name,
            report.headline,
            links(&report)
        );
        report
    }

    #[track_caller]
    pub(crate) fn proven(&self, code: &str) -> Report {
        self.is(Outcome::Proven, code)
    }

    #[track_caller]
    pub(crate) fn contradicted(&self, code: &str) -> Report {
        self.is(Outcome::Contradicted, code)
    }

    #[track_caller]
    pub(crate) fn not_checked(&self, code: &str) -> Report {
        self.is(Outcome::NotChecked, code)
    }

    #[track_caller]
    pub(crate) fn unsigned(&self, code: &str) -> Report {
        self.is(Outcome::Unsigned, code)
    }
}

pub(crate) fn links(report: &Report) -> String {
    let line = |link: &webdis_verify::engine::link::Link| {
        format!("  {:?} {} {} {}\n", link.place(), link.outcome().name(), link.code(), link.claim())
    };
    report.links.iter().map(line).collect()
}

/// How many links have this code, place and outcome.
pub(crate) fn count(report: &Report, code: &str, place: Place, outcome: Outcome) -> usize {
    let same = |link: &&webdis_verify::engine::link::Link| {
        link.code() == code && link.place() == place && link.outcome() == outcome
    };
    report.links.iter().filter(same).count()
}

#[track_caller]
pub(crate) fn has(report: &Report, code: &str, place: Place, outcome: Outcome) {
    assert!(count(report, code, place, outcome) > 0, "no {code} {place:?}:\n{}", links(report));
}

/// What every report keeps, whatever it is about.
pub(crate) fn invariants(name: &str, report: &Report) {
    let chain: Vec<_> = report.links.iter().filter(|link| link.place() == Place::Chain).collect();
    let mut ids: Vec<_> = report.links.iter().map(webdis_verify::engine::link::Link::id).collect();
    for link in &report.links {
        if let Some(parent) = link.parent() {
            assert!(
                ids.contains(&parent),
                "{name}: {} hangs below nothing ({parent})\n{}",
                link.id(),
                links(report)
            );
        }
        for text in [link.claim(), link.next()] {
            assert!(!text.contains('{'), "{name}: unfilled: {text}");
        }
    }
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "{name}: two links of one name\n{}", links(report));
    for text in [&report.headline, &report.next] {
        assert!(!text.contains('{'), "{name}: unfilled: {text}");
    }
    if report.outcome != Outcome::Proven {
        assert!(report.shows.is_empty() && report.caveats.is_empty(), "{name}: shows something unproven");
        return;
    }
    assert!(chain.iter().all(|link| link.outcome() == Outcome::Proven), "{name}\n{}", links(report));
    let first = chain[0].code();
    assert!(
        matches!(first, "key-pinned" | "notary-root-signed" | "published"),
        "{name}: begins with {first}"
    );
    let subject = report.subject.digest.as_deref().expect(name);
    let reached = |code: &str, arg: &str| {
        chain.iter().any(|l| l.code() == code && l.args().get(arg).map(String::as_str) == Some(subject))
    };
    let reached = reached("statement-names", "digest")
        || reached("notary-tag-signed", "digest")
        || reached("published", "digest")
        || reached("oci-listed", "digest")
        || reached("oci-config-named", "digest")
        || (report.code == "same-as-signed" && reached("other-registry", "digest"))
        || (report.code == "saved-as-signed" && reached("other-copy", "digest"));
    assert!(reached, "{name}: the chain does not reach {subject}\n{}", links(report));
    assert!(!report.not_shown.is_empty(), "{name}: says nothing of what it does not show");
}
