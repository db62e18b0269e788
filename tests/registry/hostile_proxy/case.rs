//! One behaviour, the question put to it, and what must come of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use webdis_verify::base::code::Class;
use webdis_verify::base::digest::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::edge::native::client::{Client, Options as ClientOptions};
use webdis_verify::engine::link::{Link, Place};
use webdis_verify::engine::lookup::{Answer, Lookup};
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::model::reference::Reference;
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options as CheckOptions, Publisher};
use webdis_verify::session::registry::plan::Plan;
use webdis_verify::session::{Route, Session};

use super::wire::{Call, Server, Wire, start};
use super::world::{FORMS, Form, World};
use crate::common::image::{bundle, simple};
use crate::common::stand_in;
use crate::common::stand_in::Base;

/// What is asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ask {
    /// The tag.
    Tag,
    /// The index by digest.
    Digest,
    /// The first platform's manifest by digest; it is signed itself.
    Child,
}

/// A behaviour.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Outcome and code for an image signed as a bundle and as `.sig`, as a
    /// bundle alone, as `.sig` alone.
    pub(crate) expected: [&'static str; 3],
    /// Indexes, manifests, configs and signatures that are left of an image
    /// signed in both forms: `1+2+2+2` is all.
    pub(crate) left: &'static str,
    ask: Ask,
    recursive: bool,
    timeout: Duration,
    server: Arc<Server>,
}

impl Case {
    pub(crate) fn asking(mut self, ask: Ask) -> Self {
        self.recursive |= ask == Ask::Child;
        self.ask = ask;
        self
    }

    /// Each platform is signed too.
    pub(crate) fn recursive(mut self) -> Self {
        self.recursive = true;
        self
    }

    /// For servers that let one wait.
    pub(crate) fn hasty(mut self) -> Self {
        self.timeout = Duration::from_secs(2);
        self
    }
}

/// The same for each form.
pub(crate) const fn each(expected: &'static str) -> [&'static str; 3] {
    [expected; 3]
}

pub(crate) fn case(
    name: &'static str,
    expected: [&'static str; 3],
    left: &'static str,
    server: impl Fn(&Call, &World) -> Option<Wire> + Send + Sync + 'static,
) -> Case {
    let timeout = Duration::from_secs(15);
    Case { name, expected, left, ask: Ask::Tag, recursive: false, timeout, server: Arc::new(server) }
}

/// A lie about every path that has this in it.
pub(crate) fn at(
    part: &'static str,
    name: &'static str,
    expected: [&'static str; 3],
    left: &'static str,
    lie: impl Fn(&World, &str) -> Wire + Send + Sync + 'static,
) -> Case {
    case(name, expected, left, move |call, world| hits(part, call, world).then(|| lie(world, &call.path)))
}

pub(crate) fn hits(part: &str, call: &Call, world: &World) -> bool {
    let path = call.path.as_str();
    match part {
        "HEAD" => call.method == "HEAD",
        "index" => path.ends_with(&format!("manifests/{}", world.subject)),
        "tag" => path.ends_with("manifests/1"),
        "child" => {
            world.image.manifests.iter().any(|m| path.ends_with(&format!("manifests/{}", Digest::of(m))))
        }
        "config" => world.image.configs.iter().any(|c| path.ends_with(&format!("blobs/{}", Digest::of(c)))),
        "flat" => path.ends_with(&format!("sha256-{}", world.subject.hex())),
        "attached" => path.contains("/referrers/") || path.contains("/sha256-"),
        part => path.contains(part),
    }
}

/// What came of one run.
pub(crate) struct Found {
    pub(crate) form: Form,
    pub(crate) verdict: String,
    pub(crate) left: String,
    pub(crate) report: Report,
    pub(crate) wrong: Vec<String>,
}

/// Runs a case for one form.
pub(crate) fn run(case: &Case, form: Form) -> Found {
    let (world, authority) = start(World::new(form, case.recursive), case.server.clone());
    let asked = match case.ask {
        Ask::Tag => format!("{authority}/o/n:1"),
        Ask::Digest => format!("{authority}/o/n@{}", world.subject),
        Ask::Child => format!("{authority}/o/n@{}", Digest::of(&world.image.manifests[0])),
    };
    let reference = Reference::parse(&asked).unwrap();
    let client = Client::new(ClientOptions {
        timeout: case.timeout,
        total: Duration::from_secs(60),
        named: vec![reference.host().clone()],
        ..ClientOptions::default()
    });
    let session = Session::new(&CheckOptions {
        image: Some(asked),
        publisher: Publisher::Key("test.pub".to_owned(), stand_in::key().pem().into()),
        trusted_root: Some(stand_in::Plan::new(Base::DsseV1).trusted_root().into_bytes()),
        ..CheckOptions::at(Time::parse("2026-11-21T12:00:00Z").unwrap())
    });
    let mut session = session.unwrap();
    let began = Instant::now();
    session.fetch(Route::Direct).unwrap();
    client.run(&mut session, &mut |_| {});
    let report = session.check();
    let evidence: Vec<Given> = session.evidence().map(|(_, given)| given.clone()).collect();
    let mut wrong = whatever_happened(&world, session.plan().unwrap(), &evidence, &report);
    // Asked again, and with something that says nothing, it is the same; but whoever hands
    // that over beside a proof asks what it is, and it says nothing.
    session.add(Given { name: "paste 1".to_owned(), origin: Origin::Paste, bytes: b"hello".to_vec() });
    let again = session.check();
    let same =
        (again.outcome, again.code, &again.headline) == (report.outcome, report.code, &report.headline);
    let unanswered = report.outcome == Outcome::Proven && again.code == "given-says-nothing";
    if !(same && report.outcome != Outcome::Proven || unanswered) {
        wrong.push(format!("checked again: {} {}", again.outcome.name(), again.code));
    }
    if began.elapsed() > Duration::from_secs(60) {
        wrong.push("too slow".to_owned());
    }
    let left = left(&world, &evidence, &report);
    let verdict = match report.outcome {
        Outcome::Proven => "proven".to_owned(),
        outcome => format!("{} {}", outcome.name(), report.code),
    };
    Found { form, verdict, left, report, wrong }
}

/// What holds of every answer; what does not, in words.
fn whatever_happened(world: &World, plan: &Plan, evidence: &[Given], report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut holds = |that: bool, what: &str| {
        if !that {
            wrong.push(what.to_owned());
        }
    };
    for failure in plan.failures() {
        holds(failure.error.class() == Class::NotChecked, "a failed fetch says something about the image");
    }
    holds(evidence.iter().all(hashes), "evidence is not what was asked for");
    // Only images that the key signed, whose bytes are there, and with a
    // signature that names them, are proven.
    let signed = [&world.image.index, &world.older.index, &world.image.manifests[0]];
    let about = |bytes: &&&Vec<u8>| Some(Digest::of(bytes).to_string()) == report.subject.digest;
    let has = |bytes: &[u8]| evidence.iter().any(|given| given.bytes == bytes);
    let links = |place| report.links.iter().filter(move |link| link.place() == place);
    match report.outcome {
        Outcome::Proven => {
            let subject = signed.iter().find(about);
            holds(subject.is_some_and(|bytes| has(bytes)), "proven without the bytes");
            let named = |bytes: &&Vec<u8>| has(&bundle(bytes)) || has(&simple(bytes).0);
            holds(subject.is_some_and(named), "proven without a signature");
            holds(!plan.subject_failed(), "proven although the image was not fetched");
            holds(links(Place::Chain).all(|l| l.outcome() == Outcome::Proven), "a link of the chain is open");
            // The headline takes the asked name only where the registry said
            // that the tag means it, and where no other name was signed.
            let other_name = report.caveats.iter().any(|caveat| caveat.code == "signed-name-differs");
            let asked = report.subject.reference.as_deref().unwrap_or_default();
            let named = report.code == "signed-as" || !report.code.starts_with("signed");
            holds(named == (!asked.contains('@') && !other_name), "a name that nobody said, or one left out");
        }
        outcome => {
            holds(report.shows.is_empty(), "shows something unproven");
            holds(report.caveats.is_empty(), "caveats qualify a proven verdict");
            holds(
                links(Place::Chain).any(|l| l.code() == report.code),
                "no link says what the headline says",
            );
            holds(links(Place::Chain).any(|l| l.outcome() == outcome), "no link has this outcome");
        }
    }
    if report.outcome == Outcome::Unsigned {
        let none = |look: &Lookup| !matches!(look.answer, Answer::Failed { .. });
        let places = plan.lookups();
        holds(places.len() >= 3 && places.iter().all(none), "unsigned although a place was not read");
        holds(!plan.failures().iter().any(|failure| failure.required), "unsigned although something failed");
    }
    // Each failure that matters is told, and nothing is told twice.
    for failure in plan.failures().iter().filter(|failure| failure.required).take(8) {
        let sentence = failure.error.sentence();
        let within = format!("({sentence})");
        let told = |link: &&Link| link.claim() == sentence || link.claim().contains(&within);
        let told = report.links.iter().filter(told);
        holds(told.count() == 1, "a failure is told not once");
    }
    let said = |link: &Link| link.claim().contains(&report.headline);
    holds(!links(Place::Branch).any(said), "the headline is said again");
    let mut ids: Vec<&str> = report.links.iter().map(Link::id).collect();
    ids.sort_unstable();
    holds(ids.windows(2).all(|two| two[0] != two[1]), "two links of one name");
    wrong
}

/// An address that names a digest has bytes of that digest.
fn hashes(given: &Given) -> bool {
    let Origin::Fetched(address) = &given.origin else { return false };
    match address.rsplit_once("/sha256:") {
        Some((front, digest)) if !front.ends_with("/referrers") => Digest::of(&given.bytes).hex() == digest,
        _ => true,
    }
}

/// How many indexes, manifests, configs and signatures of the image that the
/// report is about were kept.
fn left(world: &World, evidence: &[Given], report: &Report) -> String {
    let images = [&world.image, &world.older, &world.stranger];
    let about = |bytes: &[u8]| Some(Digest::of(bytes).to_string()) == report.subject.digest;
    let image = images.into_iter().find(|image| about(&image.index)).unwrap_or(&world.image);
    let count = |wanted: &[Vec<u8>]| {
        wanted.iter().filter(|bytes| evidence.iter().any(|given| given.bytes == **bytes)).count()
    };
    let named = if about(&image.manifests[0]) { &image.manifests[0] } else { &image.index };
    let signatures = [bundle(named), simple(named).0];
    format!(
        "{}+{}+{}+{}",
        count(std::slice::from_ref(&image.index)),
        count(&image.manifests),
        count(&image.configs),
        count(&signatures)
    )
}

/// Runs cases for every form, a few at once; in the order given.
pub(crate) fn run_all(cases: &[Case]) -> Vec<Vec<Found>> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let found = std::sync::Mutex::new(Vec::new());
    let total = cases.len() * FORMS.len();
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if n >= total {
                        break;
                    }
                    let result = run(&cases[n / FORMS.len()], FORMS[n % FORMS.len()]);
                    found.lock().unwrap().push((n, result));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(n, _)| *n);
    let mut rows: Vec<Vec<Found>> = cases.iter().map(|_| Vec::new()).collect();
    for (n, result) in found {
        rows[n / FORMS.len()].push(result);
    }
    rows
}
