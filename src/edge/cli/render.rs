//! The report on a terminal: text, tree or JSON. Untrusted text is escaped,
//! so that nothing in it can move the cursor or forge a line.

use std::io::{self, Write};

use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::{Link, Place};
use webdis_verify::report::Report;

use crate::args::{Format, PolicyArgs};
use crate::screen::Screen;
use crate::short::{self, Next};
use crate::terminal::safe;

/// Prints a report to stdout, and the commands of its next step. A closed pipe is not an error worth reporting.
pub(crate) fn print(report: &Report, args: &PolicyArgs, next: &Next) {
    let mut out = io::stdout().lock();
    let screen = Screen::of_stdout(args.screen.color);
    let _closed_pipe = match args.format {
        Format::Text if args.screen.verbose => whole(&mut out, report, screen, &next.unread),
        Format::Text => short::text(&mut out, report, screen, next),
        Format::Tree => tree(&mut out, report, screen),
        Format::Json | Format::JsonEvidence => json(&mut out, report),
    };
}

fn json(out: &mut impl Write, report: &Report) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}

/// Everything in lines; the verdict stands last here too.
fn whole(out: &mut impl Write, report: &Report, screen: Screen, unread: &[String]) -> io::Result<()> {
    section(out, screen, FIRST, report.criteria.iter().map(|m| m.text.as_str()))?;
    let given: Vec<String> = report.items.iter().map(given).collect();
    section(out, screen, "Given", given.iter().map(String::as_str))?;
    writeln!(out, "\nChain")?;
    for link in report.links.iter().filter(|link| link.place() == Place::Chain) {
        line(out, link, 0, screen)?;
    }
    let beside: Vec<_> = report.links.iter().filter(|link| link.place() != Place::Chain).collect();
    if !beside.is_empty() {
        writeln!(out, "\nBeside it")?;
        for link in beside {
            line(out, link, 0, screen)?;
        }
    }
    section(out, screen, "Shows", report.shows.iter().map(|m| m.text.as_str()))?;
    section(out, screen, "Does not show", report.not_shown.iter().map(|m| m.text.as_str()))?;
    section(
        out,
        screen,
        "Still needed",
        report.needs.iter().filter(|n| n.required).map(|n| n.hint.as_str()),
    )?;
    if report.outcome != Outcome::Proven && !report.commands.is_empty() {
        writeln!(out, "\nCommands that print what is missing")?;
        for command in &report.commands {
            for line in command.command.lines() {
                writeln!(out, "  {}", safe(line))?;
            }
        }
    }
    section(out, screen, "Notes", report.caveats.iter().map(|m| &m.text).chain(unread).map(String::as_str))?;
    writeln!(out)?;
    screen.line(out, 0, &screen.verdict(report.outcome), &safe(&short::headline(report)))?;
    if !report.next.is_empty() {
        screen.line(out, 2, "", &safe(&report.next))?;
    }
    Ok(())
}

/// The section at the top.
const FIRST: &str = "Policy";

fn given(item: &webdis_verify::report::Item) -> String {
    let mut line = format!("{}: {}, {} bytes, {}", item.name, item.kind, item.size, item.digest);
    for message in item.repairs.iter().chain(&item.notes) {
        line.push_str("; ");
        line.push_str(&message.text);
    }
    line
}

fn section<'a>(
    out: &mut impl Write,
    screen: Screen,
    title: &str,
    lines: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    for (i, line) in lines.enumerate() {
        if i == 0 {
            let before = if title == FIRST { "" } else { "\n" };
            writeln!(out, "{before}{title}")?;
        }
        screen.line(out, 2, "", &safe(line))?;
    }
    Ok(())
}

fn tree(out: &mut impl Write, report: &Report, screen: Screen) -> io::Result<()> {
    screen.line(out, 0, &screen.mark(report.outcome), &safe(&short::headline(report)))?;
    branch(out, report, None, 1, screen)
}

fn branch(
    out: &mut impl Write,
    report: &Report,
    parent: Option<&str>,
    depth: usize,
    screen: Screen,
) -> io::Result<()> {
    for link in report.links.iter().filter(|link| link.parent() == parent) {
        line(out, link, depth, screen)?;
        branch(out, report, Some(link.id()), depth + 1, screen)?;
    }
    Ok(())
}

fn line(out: &mut impl Write, link: &Link, depth: usize, screen: Screen) -> io::Result<()> {
    let indent = 2 * depth.max(1);
    let text = format!("{} [{}]", safe(link.claim()), link.code());
    screen.line(out, indent, &screen.mark(link.outcome()), &text)?;
    let (Some(expected), Some(found)) = link.compared() else { return Ok(()) };
    if link.outcome() != Outcome::Proven && expected != found {
        screen.line(out, indent + 4, "expected", &safe(expected))?;
        screen.line(out, indent + 4, "found   ", &safe(found))?;
    }
    Ok(())
}
