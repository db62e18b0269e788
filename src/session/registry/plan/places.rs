//! What is found in the places where signatures are looked for.

use super::{Failure, Plan};
use crate::base::error::Error;
use crate::base::limits;
use crate::session::registry::codes;
use crate::session::registry::documents::Entry;
use crate::session::registry::job::{State, Task};

impl Plan {
    /// A list of referrers, from the API or from the tag in its place: every
    /// manifest in it may be a signature (types in such lists are not
    /// reliable, so none is skipped).
    pub(super) fn attached(&mut self, at: usize, entries: &[Entry], complete: bool, place: &str) {
        if let Err(error) = limits::within(place, entries.len(), limits::REFERRERS) {
            self.trouble(at, &error);
        } else if !complete {
            self.trouble(at, &Error::new(codes::LIST).in_place(place));
        }
        let looks = self.jobs.get(at).map(|job| job.looks.clone()).unwrap_or_default();
        for entry in entries.iter().take(limits::REFERRERS) {
            let manifest = self.add(Task::Manifest { digest: entry.digest.clone() });
            self.announce(manifest, entry);
            for look in &looks {
                self.attach(*look, manifest);
            }
        }
    }

    /// A manifest that arrived is in a place: its signatures are wanted. One
    /// that holds none that are known (Notation's, an SBOM) is there all the
    /// same.
    pub(super) fn found(&mut self, look: usize, at: usize) {
        let Some(job) = self.jobs.get(at).cloned() else { return };
        let place = self.purpose(&job.task);
        if job.signatures.is_empty() {
            let kind = job.says.and_then(|says| says.kind).unwrap_or_else(|| "unknown".to_owned());
            if let Some(look) = self.looks.get_mut(look) {
                look.holds(1, &kind);
            }
        }
        self.signatures(look, &job.signatures, &place);
    }

    /// Signature layers of a manifest found in a place.
    fn signatures(&mut self, look: usize, layers: &[Entry], place: &str) {
        if let Err(error) = limits::within(place, layers.len(), limits::SIGNATURES)
            && let Some(look) = self.looks.get_mut(look)
        {
            look.fail(&error);
        }
        for layer in layers.iter().take(limits::SIGNATURES) {
            let cap = layer.signature_cap().unwrap_or(limits::PAYLOAD_BYTES);
            let size = usize::try_from(layer.size).unwrap_or(usize::MAX);
            if let Some(look) = self.looks.get_mut(look) {
                look.holds(1, &layer.media_type);
                if let Err(error) = limits::within(place, size, cap) {
                    look.fail(&error);
                    continue;
                }
            }
            let blob = self.add(Task::Blob { digest: layer.digest.clone(), cap });
            self.attach(look, blob);
        }
    }

    /// Makes a place wait for a job, or takes its result if it is done.
    pub(super) fn attach(&mut self, look: usize, at: usize) {
        let Some(job) = self.jobs.get(at).cloned() else { return };
        if job.looks.contains(&look) {
            return;
        }
        self.with(at, |job| job.looks.push(look));
        if job.state != State::Done {
            if let Some(look) = self.looks.get_mut(look) {
                look.pending += 1;
            }
            return;
        }
        if let (Some(error), Some(look)) = (&job.error, self.looks.get_mut(look)) {
            look.fail(error);
        }
        if job.error.is_none() && job.says.is_some() {
            self.found(look, at);
        }
    }

    /// The descriptor that leads to a manifest says which media type it has.
    pub(super) fn announce(&mut self, at: usize, entry: &Entry) {
        let news = self.jobs.get(at).is_some_and(|job| job.announced.is_none());
        if news && !entry.media_type.is_empty() {
            self.with(at, |job| job.announced = Some(entry.media_type.clone()));
            self.compare_types(at);
        }
    }

    /// Says where a manifest contradicts the media type it is listed with
    /// (image-spec, "Descriptors": the type of the referenced content). One
    /// without a type of its own contradicts nothing.
    pub(super) fn compare_types(&mut self, at: usize) {
        let Some(job) = self.jobs.get(at) else { return };
        let own = job.says.as_ref().and_then(|says| says.media_type.as_ref());
        if let (Some(listed), Some(own)) = (&job.announced, own)
            && listed != own
        {
            let place = self.purpose(&job.task);
            let error = Error::new(codes::MEDIA_TYPE).in_place(&place);
            let error = error.expected(crate::base::digest::shorten(listed)).found(own.clone());
            self.tell(place, error, true);
        }
    }

    /// Tells of something beside the jobs.
    pub(super) fn tell(&mut self, purpose: String, error: Error, required: bool) {
        self.failures.push(Failure { purpose, error, required });
    }

    pub(super) fn trouble(&mut self, at: usize, error: &Error) {
        for look in self.jobs.get(at).map(|job| job.looks.clone()).unwrap_or_default() {
            if let Some(look) = self.looks.get_mut(look) {
                look.fail(error);
            }
        }
    }

    pub(super) fn finish(&mut self, at: usize) {
        self.with(at, |job| job.state = State::Done);
        for look in self.jobs.get(at).map(|job| job.looks.clone()).unwrap_or_default() {
            if let Some(look) = self.looks.get_mut(look) {
                look.pending = look.pending.saturating_sub(1);
            }
        }
    }
}
