//! `serve`: the page and the registry proxy on loopback.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use webdis_verify::reference::Host;
use webdis_verify::registry::proxy::Policy;
use webdis_verify::registry::serve::{Options, Server};

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of the built page
    #[arg(long, value_name = "DIR", default_value = "dist")]
    page: PathBuf,
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
                eprintln!("webdis-verify: --allow {host}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    let page = Some(args.page.clone()).filter(|page| page.join("index.html").is_file());
    if page.is_none() {
        eprintln!("No page at {}; serving the registry proxy alone.", args.page.display());
    }
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
                eprintln!("Serving webdis-verify at http://{address}/ (stop with Ctrl-C)");
            }
            server.run();
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!(
                "webdis-verify: {} cannot be used ({error}); choose another with --listen.",
                args.listen
            );
            ExitCode::from(2)
        }
    }
}
