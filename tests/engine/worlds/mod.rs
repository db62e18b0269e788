//! Generated worlds with known truth, and what must hold in every one.
//!
//! `WORLDS=20000 cargo test --test engine worlds` tries more of them,
//! `SEED=123 WORLDS=1` one again. See the README beside this file.

mod evidence;
mod image;
mod minimise;
mod print;
mod run;
mod world;

use std::collections::BTreeMap;

use minimise::{minimise, shown};
use run::{Answer, apart, joined};
use world::{Input, Part, World, shows_evil};

/// SplitMix64: small, and the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// Failures by what went wrong, each with its first example.
#[derive(Default)]
struct Failures(BTreeMap<String, (usize, String)>);

impl Failures {
    fn add(&mut self, what: String, example: impl FnOnce() -> String) {
        let entry = self.0.entry(what).or_default();
        entry.0 += 1;
        if entry.0 == 1 {
            entry.1 = example();
        }
    }

    /// Prints all and fails if there are any.
    fn none(self, name: &str, count: u64) {
        let total: usize = self.0.values().map(|(count, _)| count).sum();
        println!("{name}: {count} worlds, {total} failures of {} kinds", self.0.len());
        let mut sorted: Vec<_> = self.0.into_iter().collect();
        sorted.sort_by_key(|(_, (count, _))| core::cmp::Reverse(*count));
        for (what, (count, example)) in &sorted {
            println!("{count:>6} {what}\n{example}");
        }
        assert_eq!(total, 0, "{name}");
    }
}

/// Goes through worlds, honest and evil in turn.
fn worlds(name: &str, check: impl Fn(&World, &[Input], &mut Random, &mut Failures)) {
    let (first, count) = (number("SEED", 1), number("WORLDS", 400));
    let mut failures = Failures::default();
    for seed in first..first + count {
        let world = World::new(seed, seed % 2 == 0);
        let mut random = Random::new(seed ^ 0x5eed);
        let inputs = world.draw(&mut random);
        check(&world, &inputs, &mut random, &mut failures);
    }
    println!("SEED={first} WORLDS={count}");
    failures.none(name, count);
}

fn example(world: &World, answer: &str, inputs: &[Input]) -> String {
    format!("  {}\n    {answer}\n{}", world.about, shown(&world.options, inputs))
}

#[test]
fn evil_worlds_are_never_proven() {
    worlds("evil worlds", |world, inputs, _, failures| {
        let wrong =
            |inputs: &[Input]| shows_evil(world, inputs) && apart(inputs, &world.options).outcome == "proven";
        if world.evil && wrong(inputs) {
            let least = minimise(inputs, &wrong);
            let answer = apart(&least, &world.options);
            let labels = kinds(&least, |input| input.evil);
            failures.add(format!("proven {} though {labels}", answer.code), || {
                example(world, &answer.to_string(), &least)
            });
        }
    });
}

#[test]
fn honest_worlds_raise_no_alarm() {
    worlds("honest worlds", |world, inputs, _, failures| {
        let wrong = |inputs: &[Input]| {
            let answer = apart(inputs, &world.options);
            !["proven", "consistent", "not-checked"].contains(&answer.outcome.as_str())
        };
        if !world.evil && wrong(inputs) {
            let least = minimise(inputs, &wrong);
            let answer = apart(&least, &world.options);
            let labels = kinds(&least, |_| true);
            failures.add(format!("{} {} of {labels}", answer.outcome, answer.code), || {
                example(world, &answer.to_string(), &least)
            });
        }
    });
}

/// What inputs are, for telling failures apart.
fn kinds(inputs: &[Input], which: fn(&Input) -> bool) -> String {
    let mut labels: Vec<&str> =
        inputs.iter().filter(|input| which(input)).map(|input| input.label.as_str()).collect();
    labels.sort_unstable();
    labels.dedup();
    if labels.is_empty() { "the digest asked".to_owned() } else { labels.join(" + ") }
}

#[test]
fn order_joining_and_repeating_change_nothing() {
    worlds("one answer", |world, inputs, random, failures| {
        let expected = apart(inputs, &world.options);
        for (how, seed) in [("another order", 1), ("joined", 2), ("twice", 3)] {
            let seed = random.next() ^ seed;
            let again = |inputs: &[Input]| -> Answer {
                let mut random = Random::new(seed);
                let mut inputs = inputs.to_vec();
                match how {
                    "another order" => random.shuffle(&mut inputs),
                    "twice" => inputs.extend(inputs.clone()),
                    _ => return joined(&inputs, &world.options, &mut random),
                }
                apart(&inputs, &world.options)
            };
            if again(inputs) == expected {
                continue;
            }
            let differs = |inputs: &[Input]| again(inputs) != apart(inputs, &world.options);
            let least = minimise(inputs, &differs);
            let (one, other) = (apart(&least, &world.options), again(&least));
            let what = if one.outcome == other.outcome {
                format!("{how}: {} {} and {}", one.outcome, one.code, other.code)
            } else {
                format!("{how}: {} and {}", one.outcome, other.outcome)
            };
            failures.add(what, || example(world, &format!("{one}\n    {other}"), &least));
        }
    });
}

#[test]
fn more_evidence_neither_chooses_nor_heals() {
    worlds("more evidence", |world, inputs, random, failures| {
        let before = apart(inputs, &world.options);
        // One more of each part that is no witness.
        for part in [Part::Evidence, Part::Signature, Part::Junk] {
            let others: Vec<_> = world.pool.iter().filter(|group| group[0].part == part).collect();
            if others.is_empty() {
                continue;
            }
            let added = *random.pick(&others);
            let asked = |inputs: &[Input]| {
                world.options.digest.is_some() || inputs.iter().any(|input| input.part == Part::Witness)
            };
            let wrong = |inputs: &[Input]| -> Option<String> {
                let before = apart(inputs, &world.options);
                let more = [inputs, added].concat();
                let after = apart(&more, &world.options);
                if asked(inputs) && before.subject.is_some() && before.subject != after.subject {
                    return Some(format!("{part:?} chooses another subject"));
                }
                let own = part == Part::Signature && before.code == "signed-by-another-key";
                if before.outcome == "contradicted" && after.outcome == "proven" && !own {
                    return Some(format!("{part:?} heals {}", before.code));
                }
                let junk = part == Part::Junk && before.outcome == "proven" && after.outcome != "proven";
                junk.then(|| format!("junk makes proven {} {}: {}", after.outcome, after.code, added[0].name))
            };
            let Some(what) = wrong(inputs) else { continue };
            let least = minimise(inputs, &|inputs| wrong(inputs).is_some_and(|other| other == what));
            failures.add(what, || {
                let (before, after) =
                    (apart(&least, &world.options), apart(&[&least[..], added].concat(), &world.options));
                example(world, &format!("{before}\n    {after}, with {}", added[0].label), &least)
            });
        }
        let _ = before;
    });
}
