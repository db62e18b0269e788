//! Debian's packages.

use std::io::IsTerminal;

use crate::Result;
use crate::shell::{command, in_ci, output, run, say, which};

/// Installs Debian packages, as root or through sudo.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let by_hand =
        format!("{list} could not be installed; install it with your package manager and run this again.");
    if which("apt-get").is_none() {
        return Err(by_hand);
    }
    let is_root = output("id", &["-u"]).is_some_and(|id| id == "0");
    // Without a terminal sudo must not wait for a password.
    let asks = !in_ci() && std::io::stdin().is_terminal();
    let prefix: &[&str] = match (is_root, which("sudo").is_some(), asks) {
        (true, _, _) => &[],
        (false, true, true) => &["sudo"],
        (false, true, false) => &["sudo", "-n"],
        (false, false, _) => return Err(by_hand),
    };
    let apt_get = |what: &str, args: &[&str]| {
        let line = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"], args].concat();
        let (program, rest) = line.split_first().ok_or_else(|| by_hand.clone())?;
        run(what, command(program).args(rest)).map_err(|_| by_hand.clone())
    };
    // An outdated list is worth a try, so a failed update is not the end.
    if apt_get("Asking apt for its lists of packages", &["update"]).is_err() {
        say("apt-get update failed; trying with the lists there are");
    }
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    apt_get(&format!("Installing {list} with apt"), &install)
}
