//! One config in two encodings. Who converts a Docker schema 2 image to OCI
//! (containers/image: `skopeo copy … oci:`, `podman push --format oci`) decodes its
//! config into the type of OCI's image-spec and encodes that: the members of config.md
//! keep their values, those that only Docker has are left out, and the digest is
//! another.

use crate::base::json::{self, Node, Object, Value};
use crate::base::list::PushAll as _;
use crate::base::order::{Map, Set};

/// Members of a config (config.md) that keep their value.
const TOP: [&str; 3] = ["author", "architecture", "os"];
/// Those that older versions of the type do not have.
const TOP_LATER: [&str; 3] = ["variant", "os.version", "os.features"];
/// Those that are compared by themselves.
const TOP_OTHER: [&str; 4] = ["created", "config", "rootfs", "history"];
/// Members of its `config` that keep their value.
const RUN: [&str; 7] = ["User", "Env", "Entrypoint", "Cmd", "WorkingDir", "Labels", "StopSignal"];
/// Those that are sets: objects whose members are empty.
const RUN_SETS: [&str; 2] = ["ExposedPorts", "Volumes"];
/// Members of an entry of its `history`.
const HISTORY: [&str; 4] = ["created_by", "author", "comment", "empty_layer"];

/// What two configs are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// All that OCI's image-spec knows has the same value.
    Same,
    /// What is known has, and the other says more than the first, or not all programs
    /// read one of them alike.
    Unclear,
    /// Something has another value.
    Different,
}

use Likeness::{Different, Same, Unclear};

/// Compares a config with one that may be the same, converted to OCI.
#[must_use]
pub fn likeness(first: &[u8], converted: &[u8]) -> Likeness {
    let (Ok(first), Ok(converted)) = (json::parse(first), json::parse(converted)) else { return Unclear };
    let (Ok(first), Ok(converted)) = (first.object(""), converted.object("")) else { return Unclear };
    let names = [&TOP[..], &TOP_LATER, &TOP_OTHER].concat();
    let (run, rootfs) = (("config", [&RUN[..], &RUN_SETS].concat()), ("rootfs", vec!["type", "diff_ids"]));
    let mut all = vec![
        names_of(&first, &converted, &names),
        kept(&first, &converted, &TOP),
        dropped(&first, &converted, &TOP_LATER),
        time(&first, &converted),
        history(&first, &converted),
    ];
    for (place, names) in [run, rootfs] {
        match (inside(&first, place), inside(&converted, place)) {
            (Some(one), Some(other)) => {
                all.push(names_of(&one, &other, &names));
                let (sets, values): (Vec<&str>, Vec<&str>) =
                    names.iter().partition(|name| RUN_SETS.contains(name));
                all.push(kept(&one, &other, &values));
                all.push_all(sets.iter().map(|name| set(&one, &other, name)));
            }
            (None, None) if place != "rootfs" => {}
            (None, Some(other)) if place != "rootfs" && other.members().is_empty() => {}
            (Some(one), None)
                if place != "rootfs" && names.iter().all(|name| value(&one, name).is_none()) => {}
            _ => all.push(Different),
        }
    }
    all.into_iter().max().unwrap_or(Unclear)
}

fn inside<'n, 'a>(object: &Object<'n, 'a>, name: &str) -> Option<Object<'n, 'a>> {
    object.get_some(name)?.object(name).ok()
}

/// A member's value; Go's encoder leaves out what is empty.
fn value<'n, 'a>(object: &Object<'n, 'a>, name: &str) -> Option<&'n Node<'a>> {
    object.get(name).filter(|node| match &node.value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.value.is_empty(),
        Value::Array(nodes) => !nodes.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    })
}

/// Members that the type does not know are left out; one that is there all the same
/// says what the first one says. Go takes names in any case.
fn names_of(first: &Object<'_, '_>, converted: &Object<'_, '_>, names: &[&str]) -> Likeness {
    if converted.known(names).is_err() {
        return Different;
    }
    let more = converted.members().iter().filter(|member| !names.contains(&&*member.name.value));
    let mut all =
        more.map(|member| first.get(&member.name.value).is_some_and(|node| equal(node, &member.node)));
    if first.known(names).is_err() || !all.all(|equal| equal) { Unclear } else { Same }
}

fn kept(first: &Object<'_, '_>, converted: &Object<'_, '_>, names: &[&str]) -> Likeness {
    let same = |name: &&str| match (value(first, name), value(converted, name)) {
        (Some(one), Some(other)) => equal(one, other),
        (one, other) => one.is_none() && other.is_none(),
    };
    if names.iter().all(same) { Same } else { Different }
}

fn dropped(first: &Object<'_, '_>, converted: &Object<'_, '_>, names: &[&str]) -> Likeness {
    let there: Vec<&str> = names.iter().copied().filter(|name| value(converted, name).is_some()).collect();
    kept(first, converted, &there)
}

fn set(first: &Object<'_, '_>, converted: &Object<'_, '_>, name: &str) -> Likeness {
    let (one, other) = (inside(first, name), inside(converted, name));
    let keys = |object: &Option<Object<'_, '_>>| -> Set<String> {
        let members = object.as_ref().map(Object::members).unwrap_or_default();
        members.iter().map(|member| member.name.value.to_string()).collect()
    };
    let empty = |node: &Node<'_>| matches!(&node.value, Value::Object(members) if members.is_empty());
    let plain = other.as_ref().is_none_or(|other| other.members().iter().all(|member| empty(&member.node)));
    match keys(&one) == keys(&other) {
        true if plain => Same,
        true => Unclear,
        false => Different,
    }
}

/// `created`, of which Go writes no zeros at the end of a fraction (RFC 3339).
fn time(first: &Object<'_, '_>, converted: &Object<'_, '_>) -> Likeness {
    let of = |object: &Object<'_, '_>| -> Option<Option<String>> {
        let Some(node) = value(object, "created") else { return Some(None) };
        let text = node.text("created").ok()?;
        let Some((seconds, rest)) = text.split_once('.') else { return Some(Some(text.to_owned())) };
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (fraction, zone) = rest.split_at_checked(end)?;
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        Some(Some(format!("{seconds}{point}{fraction}{zone}")))
    };
    match (of(first), of(converted)) {
        (Some(one), Some(other)) if one == other => Same,
        _ => Different,
    }
}

fn history(first: &Object<'_, '_>, converted: &Object<'_, '_>) -> Likeness {
    let entries = |object: &Object<'_, '_>| match value(object, "history") {
        Some(node) => node.array("history").ok().map(<[Node<'_>]>::len),
        None => Some(0),
    };
    if entries(first).is_none() || entries(first) != entries(converted) {
        return Different;
    }
    let (Some(one), Some(other)) = (value(first, "history"), value(converted, "history")) else {
        return Same;
    };
    let names = [&HISTORY[..], &["created"]].concat();
    let pairs = one.array("").unwrap_or_default().iter().zip(other.array("").unwrap_or_default());
    let all = pairs.map(|(one, other)| match (one.object(""), other.object("")) {
        (Ok(one), Ok(other)) => {
            let rules = [names_of(&one, &other, &names), kept(&one, &other, &HISTORY), time(&one, &other)];
            rules.into_iter().max().unwrap_or(Unclear)
        }
        _ => Different,
    });
    all.max().unwrap_or(Same)
}

/// Whether two values are the same, however they are written.
fn equal(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.value, &other.value) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Number(one), Value::Number(other)) => one == other,
        (Value::String(one), Value::String(other)) => one.value == other.value,
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut by_name = Map::new();
            for member in other {
                by_name.insert(&*member.name.value, &member.node);
            }
            let same =
                |name: &str, node: &Node<'_>| by_name.get(name).is_some_and(|other| equal(node, other));
            one.len() == other.len() && one.iter().all(|member| same(&member.name.value, &member.node))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Docker wrote it.
    const DOCKER: &str = r#"{"architecture":"arm","variant":"v7","config":{"Hostname":"","User":"1000","AttachStdin":false,"ExposedPorts":{"80/tcp":{},"7379/tcp":{}},"Env":["PATH=/usr/bin","B=<a&b>"],"Cmd":["-c"],"Healthcheck":{"Test":["CMD","x"]},"ArgsEscaped":true,"Image":"sha256:00","Volumes":null,"WorkingDir":"","Entrypoint":["/bin/x"],"OnBuild":[],"Labels":{"z":"1","a":"2"},"Shell":["/bin/sh"]},"container":"abc","container_config":{"Hostname":"abc","Cmd":["/bin/sh"]},"created":"2024-01-02T03:04:05.120000000Z","docker_version":"20.10.7","history":[{"created":"2024-01-02T03:04:05.1Z","created_by":"ADD file","empty_layer":false},{"created":"2024-01-02T03:04:05Z","created_by":"x","empty_layer":true}],"os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:fa5d0744ad4b5e2ace6d88fd88eb042a882354f3a31f351286fe9150cb107cfa"]}}"#;
    /// As skopeo 1.9.3 wrote it anew.
    const OCI: &str = r#"{"created":"2024-01-02T03:04:05.12Z","architecture":"arm","variant":"v7","os":"linux","config":{"User":"1000","ExposedPorts":{"7379/tcp":{},"80/tcp":{}},"Env":["PATH=/usr/bin","B=\u003ca\u0026b\u003e"],"Entrypoint":["/bin/x"],"Cmd":["-c"],"Labels":{"a":"2","z":"1"},"ArgsEscaped":true},"rootfs":{"type":"layers","diff_ids":["sha256:fa5d0744ad4b5e2ace6d88fd88eb042a882354f3a31f351286fe9150cb107cfa"]},"history":[{"created":"2024-01-02T03:04:05.1Z","created_by":"ADD file"},{"created":"2024-01-02T03:04:05Z","created_by":"x","empty_layer":true}]}"#;

    #[test]
    fn a_config_written_anew_says_the_same_or_it_differs() {
        assert_eq!(likeness(DOCKER.as_bytes(), OCI.as_bytes()), Same);
        for (from, to, expected) in [
            (r#""/bin/x""#, r#""/bin/evil""#, Different),
            (r#""Entrypoint":["/bin/x"],"#, "", Different),
            (r#""Cmd":["-c"]"#, r#""Cmd":["-c","x"]"#, Different),
            (r#""PATH=/usr/bin","#, r#""PATH=/usr/bin","LD_PRELOAD=/x","#, Different),
            (
                r#""PATH=/usr/bin","B=\u003ca\u0026b\u003e""#,
                r#""B=\u003ca\u0026b\u003e","PATH=/usr/bin""#,
                Different,
            ),
            (r#""User":"1000","#, "", Different),
            (r#""User":"1000""#, r#""User":"0""#, Different),
            (r#""User":"1000""#, r#""User":"1000","WorkingDir":"/x""#, Different),
            (r#""User":"1000""#, r#""User":"1000","Volumes":{"/x":{}}"#, Different),
            (r#""User":"1000""#, r#""User":"1000","StopSignal":"9""#, Different),
            (r#""7379/tcp":{},"#, "", Different),
            (r#""a":"2""#, r#""a":"3""#, Different),
            ("fa5d", "fa5e", Different),
            (r#""created_by":"x""#, r#""created_by":"y""#, Different),
            (r#","empty_layer":true"#, "", Different),
            ("05.12Z", "05.13Z", Different),
            (r#""architecture":"arm""#, r#""architecture":"arm64""#, Different),
            (r#""variant":"v7""#, r#""variant":"v6""#, Different),
            // Go takes names in any case, and the last of two members.
            (r#""User":"1000""#, r#""User":"1000","ENTRYPOINT":["/bin/evil"]"#, Different),
            (r#""os":"linux""#, r#""os":"linux","Config":{"Env":["a"]}"#, Different),
            (r#""User":"1000""#, r#""User":"1000","User":"1000""#, Unclear),
            // What some program may read.
            (r#""User":"1000""#, r#""User":"1000","Hooks":["x"]"#, Unclear),
            (r#""os":"linux""#, r#""os":"linux","container_config":{"Cmd":["x"]}"#, Unclear),
            (r#""80/tcp":{}"#, r#""80/tcp":{"x":1}"#, Unclear),
            (r#""User":"1000""#, r#""User":"1000","Healthcheck":{"Test":["CMD","y"]}"#, Unclear),
            // As other versions of the type write it.
            (r#""User":"1000""#, r#""User":"1000","Healthcheck":{"Test":["CMD","x"]}"#, Same),
            (r#","ArgsEscaped":true"#, "", Same),
            (r#""variant":"v7","#, "", Same),
            (r#""User":"1000""#, r#""User":"1000","WorkingDir":"","Volumes":null"#, Same),
        ] {
            assert!(OCI.contains(from), "{from}");
            let text = OCI.replacen(from, to, 1);
            assert_eq!(likeness(DOCKER.as_bytes(), text.as_bytes()), expected, "{from} {to}");
        }
        // What is signed and read in two ways is no measure.
        for more in [r#""entrypoint":["/bin/y"],"#, r#""User":"0","#] {
            let text = DOCKER.replacen(r#""Hostname":"","#, more, 1);
            assert_eq!(likeness(text.as_bytes(), OCI.as_bytes()), Unclear, "{more}");
        }
        let bare = |config: &str| {
            format!(
                r#"{{"architecture":"arm","os":"linux"{config},"rootfs":{{"type":"layers","diff_ids":[]}}}}"#
            )
        };
        let empty = bare(r#","config":{}"#);
        for (first, other, expected) in [
            (r#","config":{"Hostname":"x"}"#, empty.as_str(), Same),
            ("", empty.as_str(), Same),
            (r#","config":null"#, empty.as_str(), Same),
            (r#","config":{"Cmd":["x"]}"#, empty.as_str(), Different),
            (r#","config":{"Cmd":["x"]}"#, bare("").as_str(), Different),
        ] {
            assert_eq!(likeness(bare(first).as_bytes(), other.as_bytes()), expected, "{first}");
        }
    }
}
