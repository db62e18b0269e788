//! What the steps need beyond cargo, in one place: is it there, how it is
//! had, and about how long that takes.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::apt;
use crate::shell::{command, in_ci, output, root, say, which};
use crate::tools;

/// A tool, or a set of tools that come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// A compiler for wasm32.
    Wasm,
    /// wasm-bindgen, of this workspace.
    Bindgen,
    /// Node and the packages of `package-lock.json`.
    Npm,
    /// Cloudflare's workerd, from npm; Linux only.
    Workerd,
    /// A browser without a screen.
    Chromium,
    /// What comes as Debian packages: any other way of having it is as good.
    Debian {
        /// What it is called here.
        name: &'static str,
        /// The packages.
        packages: &'static [&'static str],
        /// The programs, or files, that show that it is there.
        programs: &'static [&'static str],
    },
    /// The `docker` command with its `trust` part.
    DockerTrust,
    /// A program pinned in `tests/interop/tools.json`, built with Go.
    Go(&'static str),
}

use Tool::{Bindgen, Chromium, Debian, DockerTrust, Go, Npm, Wasm, Workerd};

const NOTARY: Tool = Debian {
    name: "the notary programs",
    packages: &["notary", "openssl"],
    programs: &["notary", "notary-server", "notary-signer", "openssl"],
};
const BUILDAH: Tool = Debian { name: "buildah", packages: &["buildah"], programs: &["buildah"] };
const CURL: Tool = Debian { name: "curl", packages: &["curl"], programs: &["curl"] };
const COMMANDS: Tool = Debian {
    name: "the programs that documents and links name",
    packages: &["curl", "openssl", "perl-base"],
    programs: &["curl", "openssl", "perl"],
};
const FIREFOX: Tool = Debian { name: "Firefox", packages: &["firefox-esr"], programs: &["firefox-esr"] };
/// What the page's heights are measured with: where DejaVu is the only font, lines are
/// broken earlier.
const FONTS: Tool = Debian {
    name: "the fonts of the layout tests",
    packages: &["fonts-liberation"],
    programs: &["/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"],
};
const NGINX: Tool = Debian {
    name: "nginx",
    packages: &["nginx-light", "libnginx-mod-http-js"],
    programs: &["nginx", "/usr/lib/nginx/modules/ngx_http_js_module.so"],
};
const DOCKER_REGISTRY: Tool = Debian {
    name: "docker-registry",
    packages: &["docker-registry", "openssl"],
    programs: &["docker-registry", "openssl"],
};

const SAVERS: Tool = Debian {
    name: "the programs that save and load images",
    packages: &["skopeo", "umoci", "buildah", "podman", "containerd", "docker.io"],
    programs: &["skopeo", "umoci", "buildah", "podman", "containerd", "dockerd"],
};

/// Real registries and what fills them: of the browser's and the interop step.
const REGISTRIES: [Tool; 4] = [DOCKER_REGISTRY, Go("crane"), Go("distribution"), Go("ociregistry")];

/// What building the page takes.
pub(crate) fn page() -> Vec<Tool> {
    vec![Npm, Wasm, Bindgen]
}

/// The formatter, linter and types of the JavaScript.
pub(crate) fn lint() -> Vec<Tool> {
    vec![Npm]
}

/// What the Rust tests ask.
pub(crate) fn native() -> Vec<Tool> {
    vec![NOTARY, CURL]
}

/// What the tests in Chromium ask.
pub(crate) fn browser() -> Vec<Tool> {
    [page(), vec![Chromium, FONTS, FIREFOX, COMMANDS, NGINX, Workerd], REGISTRIES.to_vec()].concat()
}

/// What the verdicts beside cosign's ask.
pub(crate) fn interop() -> Vec<Tool> {
    let more = vec![
        DockerTrust,
        NOTARY,
        BUILDAH,
        SAVERS,
        Go("rekor-server"),
        Go("oras"),
        Go("regctl"),
        Go("cosign"),
    ];
    [REGISTRIES.to_vec(), more].concat()
}

impl Tool {
    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Wasm => "the source of the standard library, for wasm32",
            Bindgen => "wasm-bindgen",
            Npm => "npm packages",
            Workerd => "workerd",
            Chromium => "Chromium",
            Debian { name, .. } | Go(name) => name,
            DockerTrust => "docker trust",
        }
    }

    /// How it is had, and the seconds this takes on two cores.
    fn cost(self) -> (&'static str, u64) {
        match self {
            Wasm => ("rustup", 10),
            Bindgen => ("compiled", 120),
            Npm => ("npm, 200 MB", 20),
            Workerd => ("npm, 155 MB", 15),
            Chromium => ("apt, 400 MB", 60),
            Debian { .. } | DockerTrust => ("apt", 15),
            Go("cosign") => ("Go", 240),
            Go("distribution" | "rekor-server") => ("Go", 120),
            Go(_) => ("Go", 30),
        }
    }

    /// Whether it is there.
    pub(crate) fn is_there(self) -> bool {
        match self {
            Wasm => tools::has_wasm_compiler(),
            Bindgen => tools::bindgen().is_file(),
            Npm => tools::has_node_modules(),
            Workerd => tools::has_workerd(),
            Chromium => tools::find_chromium().is_some(),
            Debian { programs, .. } => programs.iter().all(|name| which(name).is_some()),
            DockerTrust => output("docker", &["trust", "--help"]).is_some(),
            Go(name) => tools::built_with_go(name).is_some_and(|file| file.is_file()),
        }
    }

    /// Whether it is only brought where everything must run: on a person's
    /// own computer servers are not installed, and Go does not build for ten
    /// minutes, unasked. The tests that need it are left out there, and named.
    pub(crate) fn only_in_ci(self) -> bool {
        matches!(self, Debian { .. } | DockerTrust | Go(_))
    }
}

/// The tools that are not there, each once.
pub(crate) fn absent(tools: &[Tool]) -> Vec<Tool> {
    let mut absent: Vec<Tool> = Vec::new();
    for tool in tools {
        if !absent.contains(tool) && !tool.is_there() {
            absent.push(*tool);
        }
    }
    absent
}

/// Says what will be brought, and about how long it takes.
pub(crate) fn announce(absent: &[Tool]) {
    let (later, now): (Vec<Tool>, Vec<Tool>) =
        absent.iter().copied().partition(|tool| tool.only_in_ci() && !in_ci());
    let list = |tools: &[Tool]| {
        let each = tools.iter().map(|tool| format!("{} ({})", tool.name(), tool.cost().0));
        each.collect::<Vec<_>>().join(", ")
    };
    if !now.is_empty() {
        let seconds: u64 = now.iter().map(|tool| tool.cost().1).sum();
        say(&format!("To be installed first, in about {}: {}.", minutes(seconds), list(&now)));
    }
    if !later.is_empty() {
        say(&format!("Not here, and only installed with CI=true: {}.", list(&later)));
    }
}

/// Seconds as a person says them.
pub(crate) fn minutes(seconds: u64) -> String {
    if seconds < 60 { format!("{seconds} s") } else { format!("{} min {:02} s", seconds / 60, seconds % 60) }
}

/// Brings tools. What takes a compiler of its own goes on in the background.
#[derive(Debug, Default)]
pub(crate) struct Bringer {
    /// All that is absent: packages of one manager are installed together.
    absent: Vec<Tool>,
    go: Option<Child>,
}

impl Bringer {
    /// Begins with what can be built while other steps run.
    pub(crate) fn start(absent: Vec<Tool>) -> Self {
        let absent: Vec<Tool> = absent.into_iter().filter(|tool| in_ci() || !tool.only_in_ci()).collect();
        let names: Vec<&str> =
            absent.iter().filter_map(|tool| if let Go(name) = tool { Some(*name) } else { None }).collect();
        let mut bringer = Self { absent, go: None };
        if !names.is_empty() {
            let mut build = command("node");
            build.arg("tests/interop/build.mjs").args(&names).stdin(Stdio::null());
            bringer.go = build.spawn().ok();
        }
        bringer
    }

    /// Brings what a step needs; an error names what cannot be had. Without
    /// CI, the names of what its tests must do without.
    pub(crate) fn bring(&mut self, needs: &[Tool]) -> Result<Vec<String>> {
        let (mut without, mut missing) = (Vec::new(), Vec::new());
        for tool in needs {
            if tool.is_there() {
                continue;
            }
            if tool.only_in_ci() && !in_ci() {
                without.push(tool.name().to_owned());
            } else if let Err(sentence) = self.one(*tool) {
                missing.push(sentence);
            }
        }
        if missing.is_empty() { Ok(without) } else { Err(missing.join(" ")) }
    }

    fn one(&mut self, tool: Tool) -> Result<()> {
        match tool {
            Wasm => return tools::wasm_compiler().map(drop),
            Npm => return tools::node_modules(),
            // Cargo builds it when it is first run.
            Bindgen => return Ok(()),
            Workerd => return tools::workerd(),
            Chromium | Debian { .. } | DockerTrust => {
                let mut packages: Vec<&str> = Vec::new();
                for tool in std::iter::once(tool).chain(std::mem::take(&mut self.absent)) {
                    packages.extend(Self::packages(tool));
                }
                packages.sort_unstable();
                packages.dedup();
                apt::install(&packages)?;
            }
            Go(_) => self.wait_for(tool),
        }
        if tool.is_there() {
            return Ok(());
        }
        Err(format!("{} cannot be had ({}; see above).", tool.name(), tool.cost().0))
    }

    fn packages(tool: Tool) -> Vec<&'static str> {
        match tool {
            Chromium => vec!["chromium"],
            Debian { packages, .. } => packages.to_vec(),
            DockerTrust => vec!["docker.io"],
            Wasm | Bindgen | Npm | Workerd | Go(_) => Vec::new(),
        }
    }

    /// Waits for the build in the background, as long as this tool needs it.
    fn wait_for(&mut self, tool: Tool) {
        let Some(child) = &mut self.go else { return };
        let mut said = Instant::now() - Duration::from_secs(60);
        while !tool.is_there() && matches!(child.try_wait(), Ok(None)) {
            if said.elapsed() >= Duration::from_secs(30) {
                say(&format!("Waiting for {}, which Go builds", tool.name()));
                said = Instant::now();
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }
}

impl Drop for Bringer {
    /// Nothing goes on after the end.
    fn drop(&mut self) {
        if let Some(child) = &mut self.go {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// The real data of third parties beside the project, if it is there: tests
/// that need it are demanded then, and counted otherwise.
pub(crate) fn shared() -> bool {
    root().join("../shared/vectors").is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_built_with_go_is_pinned_and_needed() {
        let pinned = std::fs::read_to_string(root().join("tests/interop/tools.json")).unwrap();
        let needed: Vec<&str> = interop()
            .into_iter()
            .filter_map(|tool| if let Go(name) = tool { Some(name) } else { None })
            .collect();
        for name in &needed {
            let file = tools::built_with_go(name).unwrap();
            assert!(file.to_string_lossy().contains(&format!("{name}@v")), "{name}");
        }
        assert_eq!(pinned.matches("\"version\":").count(), needed.len());
    }

    #[test]
    fn what_is_there_is_not_brought() {
        let there = Debian { name: "cargo", packages: &["no-such-package"], programs: &["cargo"] };
        assert_eq!(absent(&[there]), []);
        assert_eq!(Bringer::default().bring(&[there]), Ok(vec![]));
        let not = Debian { name: "nothing", packages: &[], programs: &["no-such-program"] };
        assert_eq!(absent(&[not, not]), [not]);
    }

    #[test]
    fn seconds_are_said_in_minutes() {
        assert_eq!((minutes(59).as_str(), minutes(61).as_str()), ("59 s", "1 min 01 s"));
    }
}
