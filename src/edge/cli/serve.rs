//! `serve`: the page and the registry proxy on loopback.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use webdis_verify::edge::native::page::Page;
use webdis_verify::edge::native::serve::{Options, Server};
use webdis_verify::model::reference::Host;
use webdis_verify::session::registry::proxy::Policy;

use crate::page::EMBEDDED;
use crate::terminal::say;

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of the built page, instead of the one in this program
    #[arg(long, value_name = "DIR")]
    page: Option<PathBuf>,
    /// Another registry the proxy may ask, such as localhost:5000; repeatable
    #[arg(long, value_name = "HOST[:PORT]")]
    allow: Vec<String>,
    /// Ask no registry but those given with --allow
    #[arg(long)]
    only_allowed: bool,
    /// Origin of pages elsewhere that may use the proxy; * for all; repeatable
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Another name this server is addressed by, with its port; repeatable
    #[arg(long, value_name = "HOST[:PORT]")]
    name: Vec<String>,
    /// Seconds to wait for a registry
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,
}

pub(crate) fn run(args: &ServeArgs) -> ExitCode {
    let mut policy = Policy::public();
    if args.only_allowed {
        policy = Policy { direct: Vec::new(), redirected: Vec::new() };
    }
    for host in &args.allow {
        match Host::parse(host) {
            Ok(host) => policy.allow(&host),
            Err(error) => {
                say(&format!("webdis-verify: --allow {host}: {error}"));
                return ExitCode::from(2);
            }
        }
    }
    let Some(page) = page(args.page.as_deref()) else { return ExitCode::from(2) };
    let options = Options {
        listen: args.listen,
        page,
        policy,
        origins: args.allow_origin.clone(),
        names: args.name.clone(),
        timeout: Duration::from_secs(args.timeout.clamp(1, 600)),
    };
    match Server::bind(options) {
        Ok(server) => {
            if let Some(address) = server.address() {
                say(&format!("Serving webdis-verify at http://{address}/ (stop with Ctrl-C)"));
            }
            server.run();
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!(
                "webdis-verify: {} cannot be used ({error}); choose another with --listen.",
                args.listen
            ));
            ExitCode::from(2)
        }
    }
}

/// The page of a folder, else the one carried; says so when there is none. A folder
/// that was named and holds no page is a mistake.
fn page(folder: Option<&Path>) -> Option<Page> {
    Some(match (folder, EMBEDDED) {
        (Some(folder), _) if folder.join("index.html").is_file() => Page::Folder(folder.to_owned()),
        (Some(folder), _) => {
            say(&format!("webdis-verify: --page {}: no index.html is in it.", folder.display()));
            say("  Name a folder with a built page, such as dist.");
            return None;
        }
        (None, Some(files)) => Page::Embedded(files),
        (None, None) => {
            say("This program was built without the page; serving the registry proxy alone.");
            say("  `cargo xtask program` builds it with the page inside; --page DIR serves a built one.");
            Page::None
        }
    })
}
