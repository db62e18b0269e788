//! `tags`: a repository's tags, grouped by the digest they name.

use std::collections::BTreeSet;
use std::env;
use std::io::{IsTerminal as _, Write, stdout};
use std::process::ExitCode;

use clap::Args;
use webdis_verify::model::reference::Reference;
use webdis_verify::session::registry::plan::{Options, Plan};
use webdis_verify::session::registry::tags::{self, Group};

use crate::fetch;
use crate::screen::{Screen, When};
use crate::terminal::say;

/// Options of `tags`.
#[derive(Debug, Args)]
pub(crate) struct TagsArgs {
    /// Registry and repository, such as nicolas/webdis
    #[arg(value_name = "REPOSITORY")]
    repository: String,
    /// At most this many tags, the latest versions first
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Do not read each index for its platforms
    #[arg(long)]
    no_platforms: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &TagsArgs) -> ExitCode {
    let reference = match Reference::parse_loose(&args.repository) {
        Ok(reference) if reference.tag().is_none() && reference.digest().is_none() => reference,
        Ok(_) => {
            say("webdis-verify: give the repository alone, without tag or digest.");
            return ExitCode::from(2);
        }
        Err(error) => {
            say(&format!("webdis-verify: {error}"));
            return ExitCode::from(2);
        }
    };
    let client = fetch::client(&reference, &[]);
    let mut plan = Plan::new(reference, Options { children: false, ..Options::default() });
    plan.want_tags();
    fetch::run(&client, &mut plan);
    let (names, left_out) = tags::latest(plan.tags(), args.limit);
    for tag in &names {
        plan.want_tag(tag);
    }
    fetch::run(&client, &mut plan);
    let mut groups = tags::group(plan.resolved());
    if !args.no_platforms {
        for group in &groups {
            plan.want_manifest(&group.digest);
        }
        fetch::run(&client, &mut plan);
        tags::add_platforms(&mut groups, &plan.take_evidence());
    }
    // Many tags may fail for one reason: each sentence once.
    let sentences: BTreeSet<String> =
        plan.failures().iter().map(|failure| failure.error.sentence()).collect();
    for sentence in sentences {
        say(&sentence);
    }
    let missing = tags::missing(&names, plan.resolved());
    if !missing.is_empty() {
        say(&format!("{} of {} tags were not resolved: {}", missing.len(), names.len(), missing.join(" ")));
    }
    if left_out > 0 {
        say(&format!("{left_out} more tags were left out; see --limit."));
    }
    print(&groups, args.json);
    // Without an answer there is nothing to say: not checked.
    if plan.failures().is_empty() { ExitCode::SUCCESS } else { ExitCode::from(4) }
}

fn print(groups: &[Group], json: bool) {
    if json {
        match serde_json::to_string_pretty(groups) {
            Ok(text) => println!("{text}"),
            Err(error) => say(&format!("webdis-verify: {error}")),
        }
        return;
    }
    let screen = Screen::of_stdout(When::Never);
    let mut out = stdout().lock();
    for group in groups {
        let _closed_pipe = row(&mut out, screen, group);
    }
}

/// Rows for programs; where somebody reads them, no line is longer than the terminal.
fn row(out: &mut impl Write, screen: Screen, group: &Group) -> std::io::Result<()> {
    let read = stdout().is_terminal() || env::var_os("COLUMNS").is_some();
    if read {
        screen.line(out, 0, &group.digest, &group.tags.join(" "))?;
    } else {
        writeln!(out, "{}  {}", group.digest, group.tags.join(" "))?;
    }
    for platform in &group.platforms {
        let (name, digest) = (&platform.platform, &platform.digest);
        if read && screen.width() < 4 + 16 + 1 + digest.len() {
            writeln!(out, "    {name}\n      {digest}")?;
        } else {
            writeln!(out, "    {name:<16} {digest}")?;
        }
    }
    Ok(())
}
