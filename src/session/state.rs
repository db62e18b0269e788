//! One question, its evidence and its look-ups, kept together over time.
//!
//! A session does no I/O and has no clock: whoever holds it (the command
//! line, the page's worker, a test) sends the requests it asks for and feeds
//! the replies back. A cause for which a registry gave no answer stays in the
//! session, so that checking again says the same as checking once.

use super::check::{Check, Options, save_metadata};
use super::collected::{Collected, EvidenceId};
use super::fetch::{Fetch, Step, amend};
use super::layers::{self, Layer};
use super::registry::plan::{Plan, Progress};
use super::registry::request::{Exchange, Reply, Request, RequestId};
use super::registry::status::RateLimit;
use crate::base::digest::ClaimedDigest;
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;
use crate::base::outcome::Outcome;
use crate::engine::lookup::Lookup;
use crate::engine::tag_answer::Route;
use crate::engine::tag_answer::TagAnswer;
use crate::evidence::Given;
use crate::model::reference::Reference;
use crate::report::Report;
use crate::session::check::Saved;

/// The state of one verification.
///
/// ```
/// use webdis_verify::base::time::Time;
/// use webdis_verify::evidence::{Given, Origin};
/// use webdis_verify::session::Session;
/// use webdis_verify::session::check::Options;
///
/// let now = Time::parse("2026-11-21T12:00:00Z")?;
/// let mut session = Session::new(&Options::at(now))?;
/// let text = b"nothing that is signed".to_vec();
/// let id = session.add(Given { name: "paste 1".to_owned(), origin: Origin::Paste, bytes: text });
/// assert_eq!(session.check().outcome.name(), "not-checked");
/// assert!(session.remove(id));
/// # Ok::<(), webdis_verify::Error>(())
/// ```
#[derive(Debug)]
pub struct Session {
    check: Check,
    collected: Collected,
    fetches: Vec<Fetch>,
    begun: usize,
    /// The engine's answer, as long as nothing changed.
    judged: Option<Report>,
}

impl Session {
    /// A session without evidence.
    ///
    /// # Errors
    /// The first option that is malformed.
    pub fn new(options: &Options) -> Result<Self> {
        let check = Check::new(options)?;
        Ok(Self { check, collected: Collected::default(), fetches: Vec::new(), begun: 0, judged: None })
    }

    /// Other options for the same evidence. What was fetched for another
    /// image is forgotten.
    ///
    /// # Errors
    /// The first option that is malformed; the session stays as it was.
    pub fn set_options(&mut self, options: &Options) -> Result<()> {
        let check = Check::new(options)?;
        let text = |check: &Check| check.image.as_ref().map(|image| image.text().to_owned());
        if text(&check) != text(&self.check) {
            self.unfetch();
        }
        self.check = check;
        self.judged = None;
        Ok(())
    }

    /// The options, as they were understood.
    #[must_use]
    pub const fn options(&self) -> &Check {
        &self.check
    }

    /// Adds what the user gave.
    pub fn add(&mut self, given: Given) -> EvidenceId {
        self.judged = None;
        self.collected.add(given)
    }

    /// Forgets something; `false` if it was not there.
    pub fn remove(&mut self, id: EvidenceId) -> bool {
        self.judged = None;
        self.collected.remove(id)
    }

    /// All evidence, what the user added first.
    pub fn evidence(&self) -> impl Iterator<Item = (EvidenceId, &Given)> {
        self.collected.iter()
    }

    /// Begins to fetch the image of the options, with its signatures. Forgets
    /// what was fetched before.
    ///
    /// # Errors
    /// If the options name no image.
    pub fn fetch(&mut self, route: Route) -> Result<()> {
        let Some(image) = self.check.asked() else { return Reference::parse("").map(drop) };
        self.unfetch();
        self.begun += 1;
        self.fetches.push(Fetch::of_image(self.begun, image, &self.check, route));
        Ok(())
    }

    /// Begins to fetch another repository's image into the evidence, to stand
    /// beside the one asked about.
    pub fn compare(&mut self, other: Reference, route: Route) {
        let (fetches, collected) = (&mut self.fetches, &mut self.collected);
        // What the same repository said before is out of date.
        let name = other.name();
        let outdated = |fetch: &Fetch| !fetch.is_of_image() && fetch.plan().reference().name() == name;
        let old: Vec<usize> = fetches.iter().filter(|f| outdated(f)).map(Fetch::number).collect_vec();
        collected.forget(|number| old.contains(&number));
        fetches.retain(|fetch| !outdated(fetch));
        self.begun += 1;
        self.fetches.push(Fetch::beside(self.begun, other, &self.check, route));
        self.judged = None;
    }

    /// Forgets everything that was fetched, and what registries answered.
    pub fn unfetch(&mut self) {
        self.fetches.clear();
        self.collected.forget(|_| true);
        self.judged = None;
    }

    /// Nothing could be fetched, for a reason that only the driver knows. It
    /// stands in the report where nothing else was decided.
    pub fn refuse(&mut self, error: Error) {
        if let Some(fetch) = self.fetches.iter_mut().find(|fetch| fetch.is_of_image()) {
            fetch.refuse(error);
            self.judged = None;
        }
    }

    /// Why the image could not be fetched.
    #[must_use]
    pub fn trouble(&self) -> Option<&Error> {
        let fetch = self.fetches.last()?;
        fetch.refused().or_else(|| fetch.error())
    }

    /// What was last fetched, or is being fetched.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        self.fetches.last().map(Fetch::plan)
    }

    /// Where signatures were looked for.
    #[must_use]
    pub fn lookups(&self) -> Vec<Lookup> {
        let answered = self.fetches.iter().filter(|fetch| fetch.refused().is_none());
        answered.flat_map(|fetch| fetch.plan().lookups()).collect_vec()
    }

    /// What registries said that tags mean.
    #[must_use]
    pub fn tag_answers(&self) -> Vec<TagAnswer> {
        self.fetches.iter().filter_map(|fetch| fetch.plan().tag_answer()).collect_vec()
    }

    /// Requests and bytes of all fetches.
    #[must_use]
    pub fn traffic(&self) -> (usize, usize) {
        let each = self.fetches.iter().map(|fetch| fetch.plan().progress());
        each.fold((0, 0), |(requests, bytes), now| (requests + now.requests, bytes + now.bytes))
    }

    /// The answer for the evidence at hand.
    pub fn check(&mut self) -> Report {
        let report = self.judge().clone();
        let Some(fetch) = self.fetches.iter().find(|fetch| fetch.is_of_image()) else { return report };
        // Where the image did not arrive, what arrived beside it answers for
        // nothing; what the user gave still does.
        if fetch.error().is_some() && !self.collected.added().is_empty() {
            let own = self.check.run_with(self.collected.added(), &self.lookups(), &self.tag_answers());
            if !matches!(own.outcome, Outcome::NotChecked | Outcome::Unsigned) {
                return amend(own, fetch, None);
            }
        }
        let reason = fetch.reason(report.outcome);
        amend(report, fetch, reason)
    }

    fn judge(&mut self) -> &Report {
        let report = match self.judged.take() {
            Some(report) => report,
            None => self.check.run_with(self.collected.all(), &self.lookups(), &self.tag_answers()),
        };
        self.judged.insert(report)
    }

    /// Layers of one platform of the image that was checked, as far as its
    /// manifests are at hand; for `None` of all platforms.
    pub fn layers(&mut self, platform: Option<&str>) -> Vec<Layer> {
        let image = self.judge().subject.digest.clone();
        let image = image.and_then(|digest| ClaimedDigest::parse(&digest).ok());
        image.map(|image| layers::of(self.collected.all(), &image, platform)).unwrap_or_default()
    }

    /// Platforms of the image that was checked; none if it is not an index.
    pub fn platforms(&mut self) -> Vec<String> {
        let image = self.judge().subject.digest.clone();
        let image = image.and_then(|digest| ClaimedDigest::parse(&digest).ok());
        image.map(|image| layers::platforms(self.collected.all(), &image)).unwrap_or_default()
    }

    /// The request for a layer of the image asked about, with the token that
    /// its registry gave. `None` before anything was fetched.
    #[must_use]
    pub fn layer_request(&self, layer: &Layer) -> Option<Request> {
        let fetch = self.fetches.iter().find(|fetch| fetch.is_of_image())?;
        Some(fetch.plan().layer_request(&layer.digest, layer.size))
    }

    /// The bytes that were hashed for an item of the report, by its index.
    #[must_use]
    pub fn bytes(&self, item: usize) -> Option<Vec<u8>> {
        let mut check = self.check.clone();
        check.include_bytes = true;
        let report = check.run_with(self.collected.all(), &self.lookups(), &self.tag_answers());
        base64::decode(report.items.get(item)?.bytes.as_deref()?).ok()
    }

    /// The Notary metadata among the evidence as a zip file that can be given
    /// again. `None` if there is none.
    ///
    /// # Errors
    /// More metadata than a zip file can hold.
    pub fn metadata(&self) -> Result<Option<Saved>> {
        save_metadata(self.collected.all(), self.check.image.as_ref())
    }
}

impl Exchange for Session {
    /// What can be sent now. Where everything arrived, the engine is asked
    /// what is missing, until it misses nothing that a registry has.
    fn next_requests(&mut self) -> Vec<Request> {
        loop {
            let Some(fetch) = self.fetches.last_mut().filter(|fetch| !fetch.is_settled()) else {
                return Vec::new();
            };
            let requests = fetch.requests();
            if !requests.is_empty() || fetch.is_waiting() {
                return requests;
            }
            let number = fetch.number();
            let arrived = fetch.arrived();
            self.collected.extend(number, arrived);
            self.judged = None;
            let report = self.judge().clone();
            let length = self.collected.all().len();
            if let Some(fetch) = self.fetches.last_mut()
                && let Step::Drop(length) = fetch.step(&report, length)
            {
                self.collected.truncate(length);
                self.judged = None;
            }
        }
    }

    fn feed(&mut self, id: RequestId, reply: Reply) {
        if let Some(fetch) = self.fetches.last_mut() {
            fetch.feed(id, reply);
        }
    }

    fn cancel(&mut self) {
        if let Some(fetch) = self.fetches.last_mut() {
            fetch.cancel();
        }
    }

    fn progress(&self) -> Progress {
        self.fetches.last().map(|fetch| fetch.plan().progress()).unwrap_or_default()
    }

    fn rate_limit(&self) -> Option<&RateLimit> {
        self.fetches.last()?.plan().rate_limit()
    }
}
