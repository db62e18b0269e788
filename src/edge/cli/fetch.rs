//! The command line's side of fetching: one client, progress on stderr.

use std::io::{IsTerminal as _, Write as _};

use webdis_verify::edge::native::client::{Client, Options};
use webdis_verify::model::reference::{Host, Reference};
use webdis_verify::session::registry::request::Exchange;

use crate::terminal::say;

/// A client for what the user named: that registry may be on a private
/// network, everything it leads to may not.
pub(crate) fn client(reference: &Reference, others: &[&Host]) -> Client {
    let named = [reference.host()].into_iter().chain(others.iter().copied()).cloned().collect();
    Client::new(Options { named, ..Options::default() })
}

/// Carries out a plan or a session; a line of progress if somebody is watching.
pub(crate) fn run(client: &Client, plan: &mut dyn Exchange) {
    let mut stderr = std::io::stderr();
    let watched = stderr.is_terminal();
    let mut shown = 0;
    client.run(plan, &mut |plan| {
        let progress = plan.progress();
        if watched {
            let line = format!("{} of {} documents, {} bytes", progress.done, progress.total, progress.bytes);
            drop(stderr.write_all(format!("\r{line:shown$}").as_bytes()));
            shown = shown.max(line.len());
        }
    });
    // The report begins where the line stood.
    if shown > 0 {
        drop(stderr.write_all(format!("\r{:shown$}\r", "").as_bytes()));
    }
    if let Some(rate) = plan.rate_limit() {
        let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "not said".to_owned());
        say(&format!("Rate limit: {}, remaining: {}", said(&rate.limit), said(&rate.remaining)));
    }
}
