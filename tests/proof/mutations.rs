//! Real evidence with random damage: nothing panics or hangs, and nothing is
//! proven that was not proven of the evidence as it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::common::{own_vectors, vectors};
use webdis_verify::Time;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::session::check::{Options, Publisher, check};

/// Small, seeded and the same everywhere (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap() % n.max(1)
    }
}

const DICTIONARY: [&[u8]; 24] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b",",
    b":",
    b"null",
    b"-1",
    b"18446744073709551616",
    b"1e400",
    b"\\u0000",
    b"\\ud800",
    b"sha256:",
    b"sha512:",
    b"\xff",
    b"\xe2\x80\xae",
    b"-----BEGIN PUBLIC KEY-----\n",
    b"\n$ docker pull ",
    b"\r\n",
    b"{\"signed\":",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"PK\x05\x06",
];

fn mutate(bytes: &mut Vec<u8>, random: &mut Random, donor: &[u8]) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let to = (at + random.below(64)).min(bytes.len());
        match random.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..to)),
            2 => bytes.truncate(at),
            3 => {
                let copy = bytes[at..to].to_vec();
                let into = random.below(bytes.len() + 1);
                bytes.splice(into..into, copy);
            }
            4 => {
                let word = DICTIONARY[random.below(DICTIONARY.len())];
                bytes.splice(at..at, word.iter().copied());
            }
            5 => {
                // Another number where digits stand.
                if let Some(digit) = bytes[at..].iter().position(u8::is_ascii_digit) {
                    bytes[at + digit] = b"0123456789"[random.below(10)];
                }
            }
            _ => {
                let from = random.below(donor.len());
                let piece = donor[from..(from + random.below(256)).min(donor.len())].to_vec();
                bytes.splice(at..to, piece);
            }
        }
    }
}

fn folders(under: &Path, found: &mut Vec<Vec<PathBuf>>) {
    let mut files = Vec::new();
    for path in std::fs::read_dir(under).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            folders(&path, found);
        } else if path.metadata().unwrap().len() < 200_000 {
            files.push(path);
        }
    }
    files.sort();
    found.extend(files.chunks(12).map(<[PathBuf]>::to_vec));
}

fn read(paths: &[PathBuf]) -> Vec<Given> {
    let given = |path: &PathBuf| Given {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        origin: Origin::File,
        bytes: std::fs::read(path).unwrap(),
    };
    paths.iter().map(given).collect()
}

/// The pinned key is the first one beside the evidence, else webdis.pub.
fn options(given: &[Given]) -> Options {
    let key = given.iter().find(|g| g.bytes.starts_with(b"-----BEGIN PUBLIC KEY-----"));
    let mut options = Options::at(Time::from_unix(1_780_000_000).unwrap());
    if let Some(key) = key {
        options.publisher = Publisher::Key(key.name.clone(), key.bytes.clone());
    }
    if check(&[], &options).is_err() {
        options.publisher = Publisher::Default;
    }
    options.ignore_tlog = true;
    options
}

#[test]
#[ignore = "needs ../shared"]
fn damage_never_panics_and_never_proves() {
    damage(&vectors::folder(""));
}

/// The same on the project's own vectors, which are always there.
#[test]
fn damage_of_own_vectors_never_panics_and_never_proves() {
    damage(&own_vectors::path(""));
}

fn damage(vectors: &Path) {
    let seconds = std::env::var("MUTATION_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(8);
    let mut sets = Vec::new();
    folders(vectors, &mut sets);
    sets.sort();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (start, mut runs, mut proven, mut slowest) = (Instant::now(), 0_u32, 0_u32, Duration::ZERO);
    while start.elapsed() < Duration::from_secs(seconds) {
        let given = read(&sets[random.below(sets.len())]);
        let options = options(&given);
        let honest = check(&given, &options).unwrap();
        let mut known: BTreeSet<_> = BTreeSet::new();
        if honest.outcome == Outcome::Proven {
            known.insert(honest.subject.digest.clone());
        }
        for single in &given {
            let alone = check(core::slice::from_ref(single), &options).unwrap();
            if alone.outcome == Outcome::Proven {
                known.insert(alone.subject.digest);
            }
        }
        for _ in 0..6 {
            let mut damaged = given.clone();
            let (one, other) = (random.below(damaged.len()), random.below(damaged.len()));
            let donor = damaged[other].bytes.clone();
            mutate(&mut damaged[one].bytes, &mut random, &donor);
            if random.below(3) == 0 {
                damaged[one].origin = Origin::Paste;
            }
            if random.below(3) == 0 {
                damaged.swap_remove(other);
            }
            let began = Instant::now();
            let report = check(&damaged, &options).unwrap();
            slowest = slowest.max(began.elapsed());
            runs += 1;
            serde_json::to_string(&report).unwrap();
            if report.outcome == Outcome::Proven {
                proven += 1;
                // Without what contradicts it, a good signature answers for the
                // digest it names; damage never makes it name another.
                let digest = report.subject.digest.clone().unwrap_or_default();
                let hex = digest.trim_start_matches("sha256:").as_bytes();
                let names = |bytes: &[u8]| bytes.windows(64).any(|window| window == hex);
                let encoded = given.iter().any(|g| g.bytes.windows(9).any(|w| w == b"\"payload\""));
                let named = encoded
                    || given.iter().any(|g| {
                        names(&g.bytes) || webdis_verify::Digest::of(&g.bytes).to_string() == digest
                    });
                assert!(
                    named || known.contains(&report.subject.digest),
                    "{:?} of {:?}: {}",
                    report.subject.digest,
                    given.iter().map(|g| &g.name).collect::<Vec<_>>(),
                    report.headline
                );
            }
        }
    }
    println!("{runs} damaged sets, {proven} still proven, slowest {slowest:?}");
    assert!(runs > 20);
}
