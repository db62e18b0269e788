//! A report has a size, whatever was given: the chain is told whole, what
//! stands beside it and what was given as far as there is room. What is left
//! out is counted, and the limit named.

use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;
use crate::base::order::Set as BTreeSet;
use crate::engine::findings::{Item, Report};
use crate::engine::link::{Link, Place};

/// Leaves out what has no room.
pub(super) fn bound(report: &mut Report) {
    let links = links(&mut report.links);
    let items = items(report);
    let needs = report.needs.len();
    report.needs.truncate(limits::REPORT_NEEDS);
    let counts = [
        ("lines of a report", links, report.links.len()),
        ("parts of the evidence in a report", items, report.items.len()),
        ("missing parts in a report", needs, report.needs.len()),
    ];
    for (n, (what, all, kept)) in counts.into_iter().enumerate() {
        if let Err(error) = limits::within(what, all, kept) {
            let link = Link::failed(&format!("limit-{}", n + 1), &error);
            report.links.push(link.placed(Place::Aside));
        }
    }
}

/// Keeps the chain, and of the rest the first ones; how many there were.
fn links(links: &mut Vec<Link>) -> usize {
    let all = links.len();
    let mut room = limits::REPORT_LINKS_BYTES;
    links.retain(|link| {
        let chain = link.place() == Place::Chain;
        // Once there is no room, nothing follows: no link loses its parent.
        let fits = room.checked_sub(weight_of_link(link)).filter(|_| !chain);
        room = if chain { room } else { fits.unwrap_or_default() };
        chain || fits.is_some()
    });
    all
}

/// Keeps what links speak of and one secret of each name, then the first ones;
/// how many there were.
fn items(report: &mut Report) -> usize {
    let all = report.items.len();
    let total: usize = report.items.iter().map(weight_of_item).sum();
    if total > limits::REPORT_ITEMS_BYTES {
        leave_out(report);
    }
    all
}

/// Leaves out the items that no link speaks of, from the last on.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn leave_out(report: &mut Report) {
    let mut room = limits::REPORT_ITEMS_BYTES;
    let spoken: BTreeSet<&str> = report.links.iter().flat_map(spoken_of).collect();
    let mut secrets = BTreeSet::new();
    let mut wanted = |item: &Item| {
        item.kind == "secret" && secrets.insert(item.name.clone()) || spoken.contains(item.digest.as_str())
    };
    let mut kept = vec![false; report.items.len()];
    let first: Vec<bool> = report.items.iter().map(&mut wanted).collect_vec();
    for turn in [true, false] {
        for ((item, kept), first) in report.items.iter().zip(&mut kept).zip(&first) {
            let Some(left) = room.checked_sub(weight_of_item(item)).filter(|_| *first == turn) else {
                continue;
            };
            (room, *kept) = (left, true);
        }
    }
    // The place of each item among those that are kept.
    let mut next = 0_usize;
    let places: Vec<Option<usize>> = kept
        .iter()
        .map(|kept| {
            next += usize::from(*kept);
            kept.then(|| next - 1)
        })
        .collect_vec();
    let mut place = places.iter();
    report.items.retain(|_| place.next().is_some_and(Option::is_some));
    for item in &mut report.items {
        item.parent = item.parent.and_then(|parent| places.get(parent).copied().flatten());
    }
}

/// The digests in a link.
fn spoken_of(link: &Link) -> impl Iterator<Item = &str> {
    let evidence = link.evidence().and_then(|evidence| evidence.digest.as_deref());
    link.args().values().map(String::as_str).chain(evidence).filter(|text| text.starts_with("sha"))
}

/// About how long the JSON of a link is.
fn weight_of_link(link: &Link) -> usize {
    let args: usize = link.args().iter().map(|(name, value)| name.len() + value.len() + 6).sum();
    let evidence = link.evidence().map_or(0, |evidence| {
        let texts = [&evidence.expected, &evidence.found, &evidence.digest].into_iter().flatten();
        let facts: usize = evidence.facts.iter().map(|(name, value)| name.len() + value.len() + 20).sum();
        120 + evidence.rule.len() + facts + texts.map(String::len).sum::<usize>()
    });
    let compared = link.compared();
    let compared = compared.0.map_or(0, str::len) + compared.1.map_or(0, str::len);
    let caveats: usize = link.caveats().iter().map(weight_of_message).sum();
    200 + link.claim().len() + link.next().len() + args + evidence + compared + caveats
}

fn weight_of_item(item: &Item) -> usize {
    let messages: usize = item.notes.iter().chain(&item.repairs).map(weight_of_message).sum();
    200 + item.name.len() + messages
}

fn weight_of_message(message: &Message) -> usize {
    let args: usize = message.args.iter().map(|(name, value)| name.len() + value.len() + 6).sum();
    60 + message.text.len() + message.next.len() + args
}
