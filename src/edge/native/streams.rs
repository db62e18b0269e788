//! How many layers `serve` passes on, and how many bytes of them: it is for
//! one person's checks, and no mirror.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Layers passed on at the same time.
pub(super) const AT_ONCE: usize = 8;
/// Bytes of layers passed on in [`WINDOW`].
pub(super) const BYTES: u64 = 64 << 30;
/// The time over which bytes are counted.
pub(super) const WINDOW: Duration = Duration::from_secs(3600);

/// What is being passed on, and was.
#[derive(Clone, Debug, Default)]
pub(super) struct Streams(Arc<Mutex<Count>>);

#[derive(Debug, Default)]
struct Count {
    open: usize,
    bytes: u64,
    since: Option<Instant>,
}

/// The right to pass one layer on, for as long as it lives.
#[derive(Debug)]
pub(super) struct Lease(Streams);

impl Streams {
    fn with<T>(&self, change: impl FnOnce(&mut Count) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One more, unless there are too many or too much was passed on.
    pub(super) fn lease(&self) -> Option<Lease> {
        let allowed = self.with(|count| {
            let now = Instant::now();
            if count.since.is_none_or(|since| now.duration_since(since) > WINDOW) {
                (count.since, count.bytes) = (Some(now), 0);
            }
            let allowed = count.open < AT_ONCE && count.bytes < BYTES;
            count.open += usize::from(allowed);
            allowed
        });
        allowed.then(|| Lease(self.clone()))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.with(|count| count.open -= 1);
    }
}

impl Lease {
    /// Counts what is read; past the limit it ends.
    pub(super) fn counted(self, body: Box<dyn Read + Send>) -> impl Read + Send {
        Counted { body, lease: self }
    }
}

struct Counted {
    body: Box<dyn Read + Send>,
    lease: Lease,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.body.read(buffer)?;
        let all = self.lease.0.with(|count| {
            count.bytes = count.bytes.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
            count.bytes
        });
        if all > BYTES { Err(io::ErrorKind::QuotaExceeded.into()) } else { Ok(length) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_so_many_at_once_and_so_many_bytes() {
        let streams = Streams::default();
        let leases: Vec<_> = (0..AT_ONCE).map(|_| streams.lease().unwrap()).collect();
        assert!(streams.lease().is_none());
        drop(leases);
        let mut read = Vec::new();
        streams.lease().unwrap().counted(Box::new(&b"layer"[..])).read_to_end(&mut read).unwrap();
        assert_eq!(
            (read.as_slice(), streams.with(|count| (count.open, count.bytes))),
            (&b"layer"[..], (0, 5))
        );
        streams.with(|count| count.bytes = BYTES);
        assert!(streams.lease().is_none());
        streams.with(|count| count.since = Instant::now().checked_sub(WINDOW * 2));
        assert!(streams.lease().is_some());
    }
}
