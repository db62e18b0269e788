//! A line on a terminal that says how far the reading of large files is.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often the line is written anew.
const PAUSE: Duration = Duration::from_millis(200);
/// What is read sooner than this needs no line.
const PATIENCE: Duration = Duration::from_millis(500);

/// Bytes done, of how many; shared by the threads that read.
#[derive(Debug)]
pub(crate) struct Progress {
    name: String,
    total: Option<u64>,
    done: AtomicU64,
    ended: AtomicBool,
}

impl Progress {
    /// Of something that is called so; `total` where it is known.
    pub(crate) fn new(name: &str, total: Option<u64>) -> Self {
        Self { name: name.to_owned(), total, done: AtomicU64::new(0), ended: AtomicBool::new(false) }
    }

    /// So many bytes more are done.
    pub(crate) fn add(&self, bytes: usize) {
        self.skip(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// So many bytes need not be read.
    pub(crate) fn skip(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Does the work, with the line beside it if somebody is watching.
    pub(crate) fn watch<T>(&self, work: impl FnOnce() -> T) -> T {
        if !std::io::stderr().is_terminal() {
            return work();
        }
        std::thread::scope(|scope| {
            let line = scope.spawn(|| self.show());
            let answer = work();
            self.ended.store(true, Ordering::Release);
            line.thread().unpark();
            answer
        })
    }

    fn show(&self) {
        let (start, mut shown) = (Instant::now(), 0);
        while !self.ended.load(Ordering::Acquire) {
            if start.elapsed() > PATIENCE {
                let line = self.line(start.elapsed());
                let blank = " ".repeat(shown_width(shown, &line));
                drop(std::io::stderr().write_all(format!("\r{line}{blank}").as_bytes()));
                shown = line.chars().count();
            }
            std::thread::park_timeout(PAUSE);
        }
        if shown > 0 {
            drop(std::io::stderr().write_all(format!("\r{}\r", " ".repeat(shown)).as_bytes()));
        }
    }

    fn line(&self, elapsed: Duration) -> String {
        let done = self.done.load(Ordering::Relaxed);
        let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = done.saturating_mul(1000) / millis;
        let mut line = format!("{}: {}", crate::terminal::safe(&self.name), size(done));
        if let Some(total) = self.total {
            line.push_str(&format!(" of {}", size(total)));
        }
        line.push_str(&format!(", {}/s", size(rate)));
        if let Some(left) = self.total.and_then(|total| total.saturating_sub(done).checked_div(rate)) {
            line.push_str(&format!(", {}:{:02} left", left / 60, left % 60));
        }
        line
    }
}

fn shown_width(before: usize, line: &str) -> usize {
    before.saturating_sub(line.chars().count())
}

/// A size as people read it, in powers of ten.
pub(crate) fn size(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (bytes, 0);
    while value >= 10_000 && unit + 1 < units.len() {
        value /= 1000;
        unit += 1;
    }
    format!("{value} {}", units.get(unit).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_short() {
        assert_eq!(size(9_999), "9999 B");
        assert_eq!(size(3_221_225_472), "3221 MB");
        let progress = Progress::new("a.tar", Some(400_000_000));
        progress.add(100_000_000);
        assert_eq!(progress.line(Duration::from_secs(1)), "a.tar: 100 MB of 400 MB, 100 MB/s, 0:03 left");
        let unknown = Progress::new("standard input", None);
        assert_eq!(unknown.line(Duration::from_secs(1)), "standard input: 0 B, 0 B/s");
    }
}
