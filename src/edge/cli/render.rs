//! The report on a terminal: text, tree or JSON. Untrusted text is escaped,
//! so that nothing in it can move the cursor or forge a line.

use std::io::{self, Write};

use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::{Link, Place};
use webdis_verify::report::Report;

use crate::args::Format;
use crate::terminal::safe;

/// Prints a report to stdout. A closed pipe is not an error worth reporting.
pub(crate) fn print(report: &Report, format: Format) {
    let mut out = io::stdout().lock();
    let _closed_pipe = match format {
        Format::Text => text(&mut out, report),
        Format::Tree => tree(&mut out, report),
        Format::Json => json(&mut out, report),
    };
}

fn json(out: &mut impl Write, report: &Report) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}

fn text(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "{} {}", mark(report.outcome), safe(&report.headline))?;
    for caveat in &report.caveats {
        writeln!(out, "  ! {}", safe(&caveat.text))?;
    }
    if !report.next.is_empty() {
        writeln!(out, "  {}", safe(&report.next))?;
    }
    section(out, "Demanded", report.criteria.iter().map(|m| m.text.as_str()))?;
    writeln!(out, "\nChain")?;
    for link in report.links.iter().filter(|link| link.place() == Place::Chain) {
        line(out, link, 0)?;
    }
    let beside: Vec<_> = report.links.iter().filter(|link| link.place() != Place::Chain).collect();
    if !beside.is_empty() {
        writeln!(out, "\nBeside it")?;
        for link in beside {
            line(out, link, 0)?;
        }
    }
    section(out, "Shows", report.shows.iter().map(|m| m.text.as_str()))?;
    section(out, "Does not show", report.not_shown.iter().map(|m| m.text.as_str()))?;
    section(out, "Still needed", report.needs.iter().filter(|n| n.required).map(|n| n.hint.as_str()))?;
    if report.outcome != Outcome::Proven && !report.commands.is_empty() {
        writeln!(out, "\nCommands that print what is missing")?;
        for command in &report.commands {
            for line in command.command.lines() {
                writeln!(out, "  {}", safe(line))?;
            }
        }
    }
    let given: Vec<String> = report.items.iter().map(given).collect();
    section(out, "Given", given.iter().map(String::as_str))
}

fn given(item: &webdis_verify::report::Item) -> String {
    let mut line = format!("{}: {}, {} bytes, {}", item.name, item.kind, item.size, item.digest);
    for message in item.repairs.iter().chain(&item.notes) {
        line.push_str("; ");
        line.push_str(&message.text);
    }
    line
}

fn section<'a>(out: &mut impl Write, title: &str, lines: impl Iterator<Item = &'a str>) -> io::Result<()> {
    for (i, line) in lines.enumerate() {
        if i == 0 {
            writeln!(out, "\n{title}")?;
        }
        writeln!(out, "  {}", safe(line))?;
    }
    Ok(())
}

fn tree(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "{} {}", mark(report.outcome), safe(&report.headline))?;
    branch(out, report, None, 1)
}

fn branch(out: &mut impl Write, report: &Report, parent: Option<&str>, depth: usize) -> io::Result<()> {
    for link in report.links.iter().filter(|link| link.parent() == parent) {
        line(out, link, depth)?;
        branch(out, report, Some(link.id()), depth + 1)?;
    }
    Ok(())
}

fn line(out: &mut impl Write, link: &Link, depth: usize) -> io::Result<()> {
    let indent = "  ".repeat(depth.max(1));
    writeln!(out, "{indent}{} {} [{}]", mark(link.outcome()), safe(link.claim()), link.code())?;
    if let (Some(expected), Some(found), true) =
        (link.compared().0, link.compared().1, link.outcome() != Outcome::Proven)
    {
        writeln!(out, "{indent}    expected {}", safe(expected))?;
        writeln!(out, "{indent}    found    {}", safe(found))?;
    }
    Ok(())
}

/// Marks differ in shape, not only in colour.
const fn mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Consistent => "CONSISTENT",
        Outcome::Proven => "[proven]",
        Outcome::Contradicted => "[CONTRADICTED]",
        Outcome::Unsigned => "[unsigned]",
        Outcome::NotChecked => "[not checked]",
    }
}
