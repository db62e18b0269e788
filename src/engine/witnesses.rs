//! Every witness that speaks of the same image is compared with the subject
//! (docs/VERDICT.md, section 3). Those that agree are confirming lines. Where
//! two of them name different digests of comparable kinds, that is the
//! verdict, and it is never *proven*.

use crate::base::code::Code;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order;
use crate::base::order::Set as BTreeSet;
use crate::base::outcome::Outcome;
use crate::base::proof::{Evidence, Proof, sealed};
use crate::engine::link::{Link, Place};
use crate::evidence::About;
use crate::evidence::{COMMAND_LINE, DigestKind, Kind};
use crate::model::reference::Reference;
use crate::proof::cosign::codes::{RECORD_V3, RECORD_WITHOUT_BUNDLE};

use super::another;
use super::archive;
use super::cosign::Chain;
use super::facts::{DOCUMENT, Facts, Middle, Relation, STATEMENTS, Statement, Voice, is_index, kind_of};
use super::parts::{self, Standing};
use super::store::Store;
use super::subject::{Step, Subject};
use super::tree::Tree;
use super::written_anew;
use super::{Case, codes};

/// Proof that a witness names the subject, or a part of it that bytes at hand
/// lead to.
#[derive(Debug)]
struct Confirms {
    digest: ClaimedDigest,
    tool: String,
}

impl sealed::Sealed for Confirms {}

impl Proof for Confirms {
    fn evidence(&self) -> Evidence {
        Evidence {
            expected: Some(self.digest.to_string()),
            found: Some(self.digest.to_string()),
            rule: "Both digests are the same text; the checked documents name it".to_owned(),
            facts: vec![("printed by".to_owned(), self.tool.clone())],
            ..Evidence::default()
        }
    }
}

/// One link for each witness that speaks of the subject's image. All are
/// compared, however many there are; of each sort the first ones are told.
pub(super) fn links(case: &Case<'_>, subject: &Subject, chain: &Chain, top: &ClaimedDigest) -> Vec<Link> {
    let Case { question, store, facts, .. } = *case;
    let image = question.image;
    let about = facts.all.iter().filter(|s| s.may_be_about(image) && is_heard(s));
    let middle = Middle::of(facts, store, &subject.statement);
    let related: Vec<(Statement, Relation)> =
        about.map(|s| related(&middle, store, subject, s)).collect_vec();
    let agrees = |relation: Relation| matches!(relation, Relation::Connected | Relation::SaidTogether);
    let holds = |s: &Statement| s.voice.holds();
    // What the user holds is known to be the subject, or a part of it.
    let reached = holds(&subject.statement) || related.iter().any(|(s, r)| holds(s) && agrees(*r));
    let verified = related.iter().any(|(s, r)| s.voice == Voice::Checked && agrees(*r));
    let listed_here = store.item(top).is_some_and(|item| item.kind == Kind::Index);
    let apart = |s: &Statement| match s.voice {
        // What was verified may be what is held, while nothing else is known of that.
        Voice::Checked => !reached && !verified,
        // A text that pins the very tag says what will run, whatever is held now.
        Voice::Text => s.is_top() && image.is_some_and(|image| s.is_of_tag(image)),
        // The list at hand has another manifest for that platform.
        _ => {
            let asked = s.is_of_one_platform() && image.is_some_and(|image| s.is_of_tag(image));
            listed_here && asked && !Tree::of(store, subject, chain).has(&s.digest)
        }
    };
    let spoken = related.iter().filter(|(s, _)| s.voice != Voice::Text).map(|(s, _)| &s.digest);
    let mut said: BTreeSet<&ClaimedDigest> = spoken.chain([subject.digest()]).collect();
    let mut links = Lines::default();
    let home = home(subject, &related);
    // An ID is held against the others that its image has.
    let above = Statement { digest: top.clone(), kind: DigestKind::Unknown, ..subject.statement.clone() };
    let above = (top != subject.digest()).then(|| Middle::of(facts, store, &above));
    let another = |said: &Statement| {
        let here = home.as_ref().is_some_and(|home| {
            home.tag.is_some() && home.tag == said.about.tag && home.repository == said.about.repository
        });
        // One platform may be held by its digest, and the asked tag shown by another program.
        let asked = said.voice != Voice::Text && image.is_some_and(|image| said.is_of_tag(image));
        (here || asked) && above.as_ref().is_some_and(|above| above.relate(said) == Relation::Different)
    };
    let listed = super::subject::is_asked_for_list(store, image);
    // What a daemon saved has manifests of its own, and a list: its configs are compared with
    // the others. Where one is not at hand, nothing is known to differ.
    let saved = subject.statement.voice == Voice::Archive;
    let configs = saved.then(|| archive::configs_of(store, &subject.statement)).flatten();
    let below = configs.unwrap_or_default();
    let below = below.iter().map(|config| Middle::of(facts, store, config)).collect_vec();
    let unknown = saved && below.is_empty() && is_index(store, subject.digest());
    let mut tree: Option<Tree<'_>> = None;
    for (statement, relation) in &related {
        let mut relation = *relation;
        // What is said of another repository or tag is about another image.
        if relation != Relation::Connected && home.as_ref().is_some_and(|home| statement.is_elsewhere(home)) {
            continue;
        }
        if relation == Relation::Different && (unknown || !below.is_empty()) {
            let related = below.iter().map(|config| config.relate(statement));
            relation = related.min_by_key(|relation| rank(*relation)).unwrap_or(Relation::Open);
        }
        // An ID in the store that is none of the archive's image is another image's, whatever
        // manifest the archive has.
        let another_id =
            relation == Relation::Open && saved && statement.voice == Voice::Computer && !statement.is_top();
        let by_digest = facts.is_asked_by_digest(statement);
        // A list that was printed says what the tag means, and not what is held or was checked.
        let echo = by_digest && matches!(statement.voice, Voice::Text | Voice::Registry);
        let another_one = relation == Relation::Different
            && another::may_be(case, subject, home.as_ref(), (statement, reached));
        if another_one {
            relation = Relation::Open;
        }
        // Of digests that a text has alone, one may stand beside the subject below what was
        // signed, and one may be a layer's.
        if relation == Relation::Open && statement.voice == Voice::Text {
            let tree = tree.get_or_insert_with(|| Tree::of(store, subject, chain));
            if tree.has(&statement.digest) {
                relation = Relation::Connected;
            } else if tree.has_layer(&statement.digest) {
                continue;
            }
        }
        let id = format!("witness-{}", links.list.len() + 1);
        let open_archive = relation == Relation::Open && statement.voice == Voice::Archive;
        let differs = (relation == Relation::Different || open_archive) && !is_itself(statement, subject);
        let anew = || written_anew::instead(store, &subject.statement, middle.around(), statement);
        if let Some(code) = differs.then(anew).flatten() {
            links.push(open(&id, code, statement, subject));
            continue;
        }
        let link = match relation {
            _ if is_itself(statement, subject) => continue,
            // What the user asked for is known; that it is part of the image is no news.
            Relation::Connected if statement.tool == COMMAND_LINE => continue,
            // Nor is that the document at hand was printed.
            Relation::Connected if statement.tool == DOCUMENT && statement.digest == *subject.digest() => {
                continue;
            }
            // It repeats what another link says.
            Relation::Connected if statement.voice == Voice::Text && !said.insert(&statement.digest) => {
                continue;
            }
            Relation::Connected => confirmed(&id, store, statement),
            Relation::SaidTogether => said_together(&id, statement, subject),
            Relation::Different if another::is_divided(case, subject, statement) => {
                open(&id, codes::SUBJECT_CONFLICT, statement, subject)
            }
            Relation::Different => conflict(&id, statement, subject, reached),
            Relation::Open if another_one && another::is_nameless_answer(statement) => {
                open(&id, codes::HELD_NOT_CONNECTED, statement, subject)
            }
            Relation::Open if another_id || another(statement) => {
                open(&id, codes::HELD_NOT_CONNECTED, statement, subject)
            }
            Relation::Open if by_digest && reached || echo && listed => continue,
            Relation::Open if apart(statement) || decides(statement, subject, image, reached) => {
                open(&id, codes::HELD_NOT_CONNECTED, statement, subject)
            }
            // A text's digest that fits nothing says nothing.
            Relation::Open if statement.voice == Voice::Text => continue,
            Relation::Open => open(&id, codes::HELD_NOT_COMPARABLE, statement, subject).placed(Place::Aside),
        };
        links.push(link);
    }
    let named = image.map(super::facts::about).or(home);
    let unasked = !question.asked && subject.step == Step::Asked;
    if let Some(home) = named.filter(|_| !unasked) {
        of_parts(store, subject, &home, top, reached, &mut links);
    }
    links.done()
}

/// What is said to be part of the image, in outputs that do not say its digest.
fn of_parts(
    store: &Store,
    subject: &Subject,
    home: &About,
    top: &ClaimedDigest,
    reached: bool,
    links: &mut Lines,
) {
    for (said, standing) in parts::said(store, home, top, subject.digest()) {
        let id = format!("witness-{}", links.list.len() + 1);
        let text = said.voice == Voice::Text;
        let link = match standing {
            Standing::Named if text => continue,
            Standing::Named => confirmed(&id, store, &said),
            Standing::Foreign if !(text && reached) => open(&id, codes::HELD_NOT_LISTED, &said, subject),
            Standing::Open if !reached => open(&id, codes::HELD_NOT_CONNECTED, &said, subject),
            _ if text => continue,
            _ => open(&id, codes::HELD_NOT_COMPARABLE, &said, subject).placed(Place::Aside),
        };
        links.push(link);
    }
    if store.items.iter().any(|item| item.cut.iter().any(|cut| cut.part)) {
        of_cut_parts(store, subject, home, top, reached, links);
    }
}

/// Lines about parts whose digests were printed cut short.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn of_cut_parts(
    store: &Store,
    subject: &Subject,
    home: &About,
    top: &ClaimedDigest,
    reached: bool,
    links: &mut Lines,
) {
    for (cut, standing) in parts::cut(store, home, top, subject.digest()) {
        if standing == Standing::Open && reached {
            continue;
        }
        let code =
            if standing == Standing::Open { codes::HELD_NOT_CONNECTED } else { codes::HELD_NOT_LISTED };
        let found = format!("sha256:{}\u{2026}", cut.digits);
        let error = Error::new(code).expected(subject.digest().to_string()).found(found);
        let witness = subject.statement.tool.as_str();
        let more = [("tool", cut.tool), ("kind", DigestKind::Unknown.name()), ("witness", witness)];
        links.push(Link::failed_with(&format!("witness-{}", links.list.len() + 1), &error, &more));
    }
}

/// Lines about witnesses: the first of those that decide, of those that agree
/// and of those beside them. The others are counted.
#[derive(Default)]
struct Lines {
    list: Vec<Link>,
    all: usize,
    counts: [usize; 3],
}

impl Lines {
    fn push(&mut self, link: Link) {
        self.all += 1;
        let [deciding, agreeing, beside] = &mut self.counts;
        let count = match link.place() {
            Place::Chain => deciding,
            Place::Branch => agreeing,
            Place::Aside => beside,
        };
        *count += 1;
        if *count <= STATEMENTS {
            self.list.push(link);
        }
    }

    fn done(mut self) -> Vec<Link> {
        let within = limits::within("lines about witnesses", self.all, self.list.len());
        let more = within.err().map(|error| Link::failed("witnesses", &error).placed(Place::Aside));
        self.list.push_all(more);
        self.list
    }
}

/// Repository and tag of the subject: what is said of it, or the only ones that
/// are said of what bytes connect with it.
fn home(subject: &Subject, related: &[(Statement, Relation)]) -> Option<About> {
    if subject.statement.about.repository.is_some() {
        return Some(subject.statement.about.clone());
    }
    let connected = related.iter().filter(|(_, relation)| *relation == Relation::Connected);
    let mut named = connected.map(|(s, _)| &s.about).filter(|about| about.repository.is_some());
    let first = named.next()?;
    let one = named.all(|other| other.repository == first.repository && other.tag == first.tag);
    one.then(|| first.clone())
}

/// What `cosign verify` printed names another digest than the image that is held or
/// named: that says more than that such a record holds no signature.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn another_record(case: &Case<'_>, subject: &Subject, chain: &mut Chain) {
    let Case { question, store, facts, .. } = *case;
    let answers =
        |link: &Link| link.code() == RECORD_WITHOUT_BUNDLE.name() || link.code() == RECORD_V3.name();
    let decides = |link: &&mut Link| link.place() == Place::Chain && link.outcome() != Outcome::Proven;
    if subject.statement.voice == Voice::Checked {
        return;
    }
    let middle = Middle::of(facts, store, &subject.statement);
    let mut records = facts.all.iter().filter(|s| s.is_record() && s.may_be_about(question.image)).peekable();
    let Some(first) = records.peek().copied() else { return };
    if records.any(|s| middle.relate(s) != Relation::Open && middle.relate(s) != Relation::Different) {
        return;
    }
    let Some(answer) = chain.links.iter_mut().find(decides).filter(|link| answers(link)) else { return };
    *answer = open(answer.id(), codes::HELD_NOT_CONNECTED, first, subject);
    let again = |link: &Link| {
        link.code() == codes::HELD_NOT_COMPARABLE.name()
            && link.compared().1 == Some(&*first.digest.to_string())
    };
    chain.links.retain(|link| !again(link));
}

/// The programs and registries that say the tag means the subject, and that
/// can know: a computer only knows what it was once called there.
pub(super) fn naming(facts: &Facts, store: &Store, subject: &Subject, image: &Reference) -> Vec<String> {
    tools(facts, store, subject, |statement| statement.names_tag(image))
}

/// The programs that put the tag beside the subject, whatever they can know.
pub(super) fn speaking(facts: &Facts, store: &Store, subject: &Subject, image: &Reference) -> Vec<String> {
    let speaks = |s: &Statement| !matches!(s.voice, Voice::User | Voice::Text) && s.is_of_tag(image);
    tools(facts, store, subject, speaks)
}

fn tools(
    facts: &Facts,
    store: &Store,
    subject: &Subject,
    speaks: impl Fn(&Statement) -> bool,
) -> Vec<String> {
    let middle = Middle::of(facts, store, &subject.statement);
    let said = facts.all.iter().filter(|s| speaks(s) && middle.connects(&s.digest));
    let mut tools: Vec<String> = said.map(|s| s.tool.clone()).collect_vec();
    order::sort_by(&mut tools, Ord::cmp);
    tools.dedup();
    tools
}

/// Layers, artifacts and keys are no images, and are compared elsewhere.
pub(super) const fn is_heard(statement: &Statement) -> bool {
    !matches!(statement.kind, DigestKind::Layer | DigestKind::DiffId | DigestKind::Artifact | DigestKind::Key)
}

/// How a witness relates to the subject. The manifest of an archive may have
/// been made when the image was saved: where it is not the subject's, its
/// config is compared.
pub(super) fn related(
    middle: &Middle<'_>,
    store: &Store,
    subject: &Subject,
    said: &Statement,
) -> (Statement, Relation) {
    let relation = middle.relate(said);
    let other = matches!(relation, Relation::Different | Relation::Open) && !is_itself(said, subject);
    if !other || said.voice != Voice::Archive {
        return (said.clone(), relation);
    }
    // Of a list that was made anew each image's: all are the subject's, or one decides.
    let configs = archive::configs_of(store, said).unwrap_or_default();
    let mut related = configs.into_iter().map(|config| {
        let relation = middle.relate(&config);
        (config, relation)
    });
    let Some(first) = related.next() else { return (said.clone(), relation) };
    let several = related.len() > 0;
    let least = related.fold(first, |least, next| if rank(next.1) < rank(least.1) { next } else { least });
    // A list that is not all of the subject has a name of its own.
    if several && least.1 != Relation::Connected { (said.clone(), least.1) } else { least }
}

/// Of several images the one that fits least decides.
const fn rank(relation: Relation) -> u8 {
    match relation {
        Relation::Different => 0,
        Relation::Open => 1,
        Relation::SaidTogether => 2,
        Relation::Connected => 3,
    }
}

fn is_itself(statement: &Statement, subject: &Subject) -> bool {
    *statement == subject.statement
}

/// Whether a digest that nothing connects with the subject stands in the way
/// of a proof. An index or manifest does, where it is what the user holds or
/// what the tag is said to mean; an ID or a bare digest does only where
/// nothing else says what the user holds. What an archive calls so does always:
/// whoever loads it has that image, also where another lies under the same name.
fn decides(statement: &Statement, subject: &Subject, image: Option<&Reference>, reached: bool) -> bool {
    if statement.voice == Voice::Archive {
        return true;
    }
    let names = image.is_some_and(|image| statement.names_tag(image));
    let bare = statement.voice == Voice::Text;
    if statement.is_top() && !bare {
        return statement.voice.holds() || (names && subject.step != Step::Text);
    }
    !reached && (statement.voice.holds() || bare)
}

fn confirmed(id: &str, store: &Store, statement: &Statement) -> Link {
    let digest = statement.digest.to_string();
    let kind = kind_of(store, statement).name();
    let proof = Confirms { digest: statement.digest.clone(), tool: statement.tool.clone() };
    let args = [("tool", statement.tool.as_str()), ("kind", kind), ("digest", digest.as_str())];
    Link::proven(id, codes::HELD_MATCHES, &args, &proof).placed(Place::Branch)
}

fn said_together(id: &str, statement: &Statement, subject: &Subject) -> Link {
    let (digest, other) = (statement.digest.to_string(), subject.digest().to_string());
    let args = [("tool", statement.tool.as_str()), ("digest", &*digest), ("other", &*other)];
    Link::open(id, codes::HELD_TOGETHER, &args).placed(Place::Branch)
}

/// Two witnesses differ. It is a contradiction where one of them is the
/// registry or the publisher and the other the user's own digest or computer;
/// else nobody can say who is right. `reached`: what the computer holds is
/// known to be the subject.
pub(super) fn conflict(id: &str, statement: &Statement, subject: &Subject, reached: bool) -> Link {
    let remote = |voice: Voice| voice.is_remote() || voice == Voice::Checked;
    let (one, other) = (subject.statement.voice, statement.voice);
    let opposed = remote(one) && other.holds() || (one.holds() || reached) && remote(other);
    if !opposed {
        return differ(id, codes::SUBJECT_CONFLICT, &subject.statement, statement);
    }
    // What the registry or the publisher says is expected, and what the computer
    // holds is found; what the user asks for is expected of everybody.
    let turned = one.holds() && one != Voice::User && remote(other);
    let (expected, found) =
        if turned { (statement, &subject.statement) } else { (&subject.statement, statement) };
    differ(id, codes::HELD_DIFFERS, expected, found)
}

pub(super) fn open(id: &str, code: Code, statement: &Statement, subject: &Subject) -> Link {
    differ(id, code, &subject.statement, statement)
}

fn differ(id: &str, code: Code, expected: &Statement, found: &Statement) -> Link {
    let error = Error::new(code).expected(expected.digest.to_string()).found(found.digest.to_string());
    let more =
        [("tool", found.tool.as_str()), ("kind", found.kind.name()), ("witness", expected.tool.as_str())];
    Link::failed_with(id, &error, &more)
}
