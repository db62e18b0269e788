//! The page with its registry proxy: `webdis-verify serve` on `dist/`.

use std::net::TcpListener;
use std::time::Instant;

use crate::needs::{absent, announce, minutes, page};
use crate::shell::{cargo, command, program, run as run_step, say};
use crate::{Result, site};

/// Where it listens if nothing else is said.
const DEFAULT: &str = "127.0.0.1:8080";

/// Builds the page and the program, and serves until interrupted. The options
/// are those of `webdis-verify serve`.
pub(crate) fn run(options: &[&str]) -> Result<()> {
    say("Building the page and the program that serves it: about 1 min once everything is installed.");
    announce(&absent(&page()));
    let begun = Instant::now();
    let dist = site::build()?;
    run_step(
        "Building the program that serves it",
        cargo().args(["build", "--locked", "--package", "webdis-verify", "--bin", "webdis-verify"]),
    )?;
    say(&format!("Built in {}; serving until Ctrl-C.", minutes(begun.elapsed().as_secs())));
    let mut serve = command(program("debug"));
    serve.arg("serve").arg("--page").arg(&dist).args(options);
    if !options.iter().any(|option| option.starts_with("--listen")) {
        serve.args(["--listen", free(DEFAULT)]);
    }
    let status = serve.status().map_err(|e| format!("webdis-verify could not be started ({e})."))?;
    if status.success() { Ok(()) } else { Err(format!("webdis-verify serve ended ({status}).")) }
}

/// The default address; any free port if that is taken.
fn free(address: &'static str) -> &'static str {
    match TcpListener::bind(address) {
        Ok(_) => address,
        Err(e) => {
            say(&format!("{address} is taken ({e}); using another port"));
            "127.0.0.1:0"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_not_insisted_on() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address: &'static str = taken.local_addr().unwrap().to_string().leak();
        assert_eq!(free(address), "127.0.0.1:0");
        drop(taken);
        assert_eq!(free(address), address);
    }
}
