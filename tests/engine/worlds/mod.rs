//! Generated worlds with known truth, and what must hold in every one.
//!
//! `WORLDS=20000 cargo test --test engine worlds` tries more of them,
//! `SEED=123 WORLDS=1` one again. See the README beside this file.

mod evidence;
mod image;
mod kept;
mod minimise;
mod print;
mod run;
mod told;
mod world;

use std::collections::BTreeMap;

use minimise::{minimise, shown};
use run::{Answer, Form, give, run};
use webdis_verify::engine::link::Place;
use webdis_verify::report::Report;
use webdis_verify::session::check::check;
use world::{Input, Part, World};

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

/// Goes through worlds, honest and evil in turn, each with what was drawn of
/// it and how that is given.
fn worlds(name: &str, judge: impl Fn(&World, &[Input], Form, &mut Random, &mut Failures)) {
    let in_ci = !matches!(std::env::var("CI").as_deref(), Err(_) | Ok("" | "0" | "false"));
    let (first, count) = (number("SEED", 1), number("WORLDS", if in_ci { 2_000 } else { 600 }));
    let mut failures = Failures::default();
    for seed in first..first + count {
        let world = World::new(seed, seed % 2 == 0);
        let mut random = Random::new(seed ^ 0x5eed);
        let inputs = world.draw(&mut random);
        let form = *random.pick(&[Form::Files, Form::Pastes, Form::Joined(seed)]);
        judge(&world, &inputs, form, &mut random, &mut failures);
    }
    println!("SEED={first} WORLDS={count}");
    failures.none(name, count);
}

/// The reports of the first worlds.
pub(crate) fn reports(count: u64, mut read: impl FnMut(&Report)) {
    for seed in 1..=count {
        let world = World::new(seed, seed % 2 == 0);
        let inputs = world.draw(&mut Random::new(seed));
        read(&check(&give(&inputs, Form::Pastes), &world.options).unwrap());
    }
}

fn example(world: &World, form: Form, answers: &[&Answer], inputs: &[Input]) -> String {
    let answers: String = answers.iter().map(|answer| format!("    {answer}\n")).collect();
    let report = check(&give(inputs, form), &world.options).unwrap();
    let why = report.links.iter().filter(|link| link.place() == Place::Chain);
    let why: String = why.map(|link| format!("    {}: {}\n", link.code(), link.claim())).collect();
    format!("  {} {form:?}\n{answers}{why}{}", world.about, shown(&world.options, inputs))
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
fn evil_worlds_are_never_proven() {
    worlds("evil worlds", |world, inputs, form, _, failures| {
        let answer = |inputs: &[Input]| run(inputs, &world.options, form);
        let wrong = |inputs: &[Input]| world.shows_evil(inputs) && answer(inputs).outcome == "proven";
        if world.evil && wrong(inputs) {
            let least = minimise(inputs, &wrong);
            let found = answer(&least);
            let labels = kinds(&least, |input| input.evil);
            let what = format!("proven {} though {labels}", found.code);
            failures.add(what, || example(world, form, &[&found], &least));
        }
    });
}

#[test]
fn honest_worlds_raise_no_alarm() {
    worlds("honest worlds", |world, inputs, form, _, failures| {
        let answer = |inputs: &[Input]| run(inputs, &world.options, form);
        let calm = ["proven", "consistent", "not-checked"];
        let wrong = |inputs: &[Input]| !calm.contains(&answer(inputs).outcome.as_str());
        if !world.evil && wrong(inputs) {
            let least = minimise(inputs, &wrong);
            let found = answer(&least);
            let what = format!("{} {} of {}", found.outcome, found.code, kinds(&least, |_| true));
            failures.add(what, || example(world, form, &[&found], &least));
        }
    });
}

#[test]
fn order_joining_and_repeating_change_nothing() {
    worlds("one answer", |world, inputs, form, random, failures| {
        for how in ["another order", "joined", "twice"] {
            let seed = random.next();
            let first = if how == "joined" { Form::Pastes } else { form };
            let again = |inputs: &[Input]| -> Answer {
                let mut inputs = inputs.to_vec();
                match how {
                    "another order" => Random::new(seed).shuffle(&mut inputs),
                    "twice" => inputs.extend(inputs.clone()),
                    _ => return run(&inputs, &world.options, Form::Joined(seed)),
                }
                run(&inputs, &world.options, form)
            };
            let differs = |inputs: &[Input]| again(inputs) != run(inputs, &world.options, first);
            if !differs(inputs) {
                continue;
            }
            let least = minimise(inputs, &differs);
            let (one, other) = (run(&least, &world.options, first), again(&least));
            let mut names = [&one, &other].map(|answer| format!("{} {}", answer.outcome, answer.code));
            names.sort();
            let what = format!("{how}: {}", names.join(" and "));
            failures.add(what, || example(world, form, &[&one, &other], &least));
        }
    });
}

#[test]
fn more_evidence_neither_chooses_nor_heals() {
    worlds("more evidence", |world, inputs, form, random, failures| {
        // One more of each part that is no witness.
        for part in [Part::Evidence, Part::Signature, Part::Junk] {
            let others: Vec<_> = world.pool.iter().filter(|entry| World::part(**entry) == part).collect();
            let added = world.make(**random.pick(&others));
            let after = |inputs: &[Input]| run(&[inputs, &added].concat(), &world.options, form);
            let wrong = |inputs: &[Input]| -> Option<String> {
                let (before, after) = (run(inputs, &world.options, form), after(inputs));
                let asked = world.is_asked(inputs);
                let moved = match (&before.subject, &after.subject) {
                    (Some(one), Some(other)) => !world.same_image(one, other),
                    (Some(_), None) => true,
                    _ => false,
                };
                // What strangers made of the publisher's files is set aside beside his.
                let strangers =
                    ["signed-by-another-key", "notary-repository-key-differs", "notary-root-key-differs"];
                let own = part == Part::Signature && strangers.contains(&before.code.as_str());
                if asked && moved {
                    Some(format!("{part:?} chooses another subject"))
                } else if before.outcome == "contradicted" && after.outcome == "proven" && !own {
                    Some(format!("{part:?} heals {}", before.code))
                } else if asked
                    && part == Part::Junk
                    && before.outcome == "proven"
                    && after.outcome != "proven"
                {
                    Some(format!("junk makes proven {} {}: {}", after.outcome, after.code, added[0].name))
                } else {
                    None
                }
            };
            let Some(what) = wrong(inputs) else { continue };
            let least = minimise(inputs, &|inputs| wrong(inputs).is_some_and(|other| other == what));
            let (before, more) = (run(&least, &world.options, form), after(&least));
            failures.add(format!("{what} ({})", added[0].label), || {
                example(world, form, &[&before, &more], &least)
            });
        }
    });
}

/// Forms that no world can print: lists of names and errors have no digest, some are
/// of one registry, of files or of other artifacts only.
#[test]
fn nearly_every_known_output_is_about_some_world() {
    let worlds: Vec<World> = (1..60).map(|seed| World::new(seed, seed % 2 == 0)).collect();
    let printed = |told: &told::Told| worlds.iter().any(|world| world.prints(told));
    let (some, none): (Vec<_>, Vec<_>) = told::all().iter().partition(|told| printed(told));
    let names = |all: &[&told::Told]| all.iter().map(|told| told.name.clone()).collect::<Vec<_>>().join(" ");
    println!("{} are printed: {}\n{} are not: {}", some.len(), names(&some), none.len(), names(&none));
    assert!(some.len() >= 50, "{}", some.len());
}
