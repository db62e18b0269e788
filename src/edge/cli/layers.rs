//! `verify --layers`: fetches the layers of the image, and measures each as it
//! comes. Nothing of them is kept.

use std::io::Read as _;
use std::sync::Mutex;
use std::thread;

use webdis_verify::base::error::{Error, Result};
use webdis_verify::edge::native::client::Client;
use webdis_verify::evidence::Given;
use webdis_verify::model::reference::Reference;
use webdis_verify::session::registry::codes;
use webdis_verify::session::registry::request::Request;
use webdis_verify::session::{Layer, Session};

use crate::fetch;
use crate::progress::Progress;
use crate::read;
use crate::terminal::say;

/// Layers fetched at the same time.
const TOGETHER: usize = 3;

/// Fetches the layers of one platform into the session; `all` for every one.
/// What could not be fetched is said, and is then not among the evidence.
pub(crate) fn fetch(client: &Client, session: &mut Session, platform: &str) {
    let platforms = session.platforms();
    let chosen = choose(&platforms, platform);
    let layers = session.layers(chosen.as_deref());
    if layers.is_empty() {
        say(&format!("No layers to fetch: no manifest for {platform} is at hand."));
        return;
    }
    let total = layers.iter().map(|layer| layer.size).sum();
    let name = session.options().asked().map_or_else(String::new, |image| image.name());
    let progress = Progress::new(&name, Some(total));
    let answers = progress.watch(|| all(client, session, &layers, &progress));
    for answer in answers {
        match answer {
            Ok(given) => drop(session.add(given)),
            Err(error) => say(&error.to_string()),
        }
    }
}

/// The platform to fetch: the one named, or this machine's, else the first;
/// `None` is all of them.
fn choose(platforms: &[String], asked: &str) -> Option<String> {
    if asked == "all" || platforms.is_empty() {
        return None;
    }
    if !asked.is_empty() {
        return Some(asked.to_owned());
    }
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let own = format!("linux/{machine}");
    let is_own = |platform: &&String| **platform == own || platform.starts_with(&format!("{own}/"));
    platforms.iter().find(is_own).or_else(|| platforms.first()).cloned()
}

fn all(client: &Client, session: &Session, layers: &[Layer], progress: &Progress) -> Vec<Result<Given>> {
    let queue: Vec<(Layer, Request)> =
        layers.iter().filter_map(|layer| Some((layer.clone(), session.layer_request(layer)?))).collect();
    let name = session.options().asked().map_or_else(String::new, |image| image.name());
    let (queue, done) = (Mutex::new(queue), Mutex::new(Vec::new()));
    let next = || queue.lock().ok().and_then(|mut queue| queue.pop());
    let work = || {
        while let Some((layer, request)) = next() {
            let measured = one(client, &name, &layer, &request, progress);
            if let Ok(mut done) = done.lock() {
                done.push(measured);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..TOGETHER.min(layers.len()) {
            scope.spawn(work);
        }
    });
    done.into_inner().unwrap_or_default()
}

fn one(client: &Client, name: &str, layer: &Layer, request: &Request, progress: &Progress) -> Result<Given> {
    let place = request.purpose.as_str();
    let opened = match client.open(request)? {
        // A token that ran out while others were fetched.
        opened if opened.status == 401 => client.open(&renewed(client, name, layer)?)?,
        opened => opened,
    };
    if opened.status != 200 {
        return Err(Error::new(codes::STATUS).in_place(place).found(opened.status.to_string()));
    }
    // One byte past what the manifest says shows that it is longer.
    let mut body = opened.body.take(layer.size.saturating_add(1));
    let cut = |found: String| Error::new(codes::TRUNCATED).in_place(place).found(found);
    let measured = read::measure(&mut body, progress).map_err(|error| cut(error.to_string()))?;
    if measured.size() < layer.size {
        return Err(cut(format!("{} of {} bytes", measured.size(), layer.size)));
    }
    Ok(Given::measured(&format!("{name}/blobs/sha256/{}", layer.digest.hex()), measured))
}

/// The same request with a new token: asking for the repository brings one.
fn renewed(client: &Client, name: &str, layer: &Layer) -> Result<Request> {
    use webdis_verify::session::registry::plan::{Options, Plan};
    let mut plan = Plan::new(Reference::parse(name)?, Options::default());
    plan.want_tag("latest");
    fetch::run(client, &mut plan);
    Ok(plan.layer_request(&layer.digest, layer.size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_platform_is_chosen_unless_all_are_asked_for() {
        let platforms = ["linux/arm/v7", "linux/amd64", "linux/arm64/v8"].map(str::to_owned);
        assert_eq!(choose(&platforms, "all"), None);
        assert_eq!(choose(&[], ""), None);
        assert_eq!(choose(&platforms, "linux/arm/v7").as_deref(), Some("linux/arm/v7"));
        assert!(choose(&platforms, "").is_some());
        assert_eq!(choose(&platforms[..1], "").as_deref(), Some("linux/arm/v7"));
    }
}
