//! What a piece of work costs.

use std::time::{Duration, Instant};

/// Time this thread was on a processor, where the system tells (Linux): other
/// programs on the computer do not count.
fn spent() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// Does the work, and says what it took of a processor.
pub fn cost<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (start, before) = (Instant::now(), spent());
    let done = work();
    let took = match (before, spent()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => start.elapsed(),
    };
    (done, took)
}
