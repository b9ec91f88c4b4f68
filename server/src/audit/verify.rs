//! Reads the whole trail again and tells whatever is not as it was written.

use std::{collections::HashMap, fmt};

use chrono::TimeDelta;
use uuid::Uuid;

use super::{
    HeadFile,
    canonical::{CUT, HEAD, canonical, signed},
};
use crate::{
    error::StorageResult,
    services::Deps,
    storage::{
        audit_chain::{self, Link, Signed},
        time::to_ms,
    },
};

/// Links read at once.
const BATCH: i64 = 5_000;
/// A row that has no number after this long was kept from getting one.
const LATEST: TimeDelta = TimeDelta::minutes(1);
/// Most findings told one by one.
const MOST: usize = 20;

/// Something that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// A row, its number or its code was changed, or swapped with another.
    Changed(i64, Uuid),
    /// A numbered row is gone.
    Removed(i64, Uuid),
    /// Numbers are missing after this one.
    Gap(i64),
    /// Rows without a place in the chain: how many, and one of them.
    Outside(i64, Uuid),
    /// Rows that were removed before they got their number: how many, and one of them.
    GoneBefore(i64, Uuid),
    /// A head was signed up to this number: the chain ends before it, or says something else there.
    Head(i64),
    /// A head, or a cut, of this number does not carry our signature.
    Signature(i64),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(seq, id) => write!(f, "row {seq} ({id}) was changed or swapped"),
            Self::Removed(seq, id) => write!(f, "row {seq} ({id}) was removed"),
            Self::Gap(seq) => write!(f, "rows after number {seq} are missing from the chain"),
            Self::Outside(count, id) => write!(f, "{count} rows have no place in the chain, {id} is one"),
            Self::GoneBefore(count, id) => {
                write!(f, "{count} rows were removed before they were numbered, {id} is one")
            }
            Self::Head(seq) => {
                write!(f, "the chain does not reach, or does not agree with, the head signed at row {seq}")
            }
            Self::Signature(seq) => write!(f, "what is signed at row {seq} does not carry our signature"),
        }
    }
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Rows that were read.
    pub rows: u64,
    /// Number of the last one.
    pub last: i64,
    /// Signed heads that were compared, those outside of the database included.
    pub heads: usize,
    /// What is wrong, the first 20; empty if all is as it was written.
    pub findings: Vec<Finding>,
}

/// Verifies the trail of a database against itself, its signed heads, and those outside of it.
pub async fn verify(deps: &Deps, file: &HeadFile) -> domain::Result<Verdict> {
    let heads_inside = audit_chain::heads(&deps.store).await.stored()?;
    let heads_outside = file.read().map_err(|error| crate::error::internal(error.kind()))?;
    let mut walk = Walk::new(deps);
    let start = walk.start(audit_chain::newest_cut(&deps.store).await.stored()?.as_ref());
    let mut expected: HashMap<i64, Vec<Vec<u8>>> = HashMap::new();
    for head in heads_inside.iter().chain(&heads_outside) {
        if !walk.is_ours(HEAD, head) {
            walk.find(Finding::Signature(head.seq));
        } else if head.seq > start {
            expected.entry(head.seq).or_default().push(head.mac.clone());
        }
    }
    loop {
        let links = audit_chain::links_after(&deps.store, walk.seq, BATCH).await.stored()?;
        if links.is_empty() {
            break;
        }
        for link in links {
            let macs = expected.remove(&link.seq).unwrap_or_default();
            if macs.iter().any(|mac| *mac != link.mac) {
                walk.find(Finding::Head(link.seq));
            }
            walk.link(link);
        }
    }
    let mut beyond: Vec<i64> = expected.into_keys().collect();
    beyond.sort_unstable();
    for seq in beyond {
        walk.find(Finding::Head(seq));
    }
    if let (count, Some(id)) = audit_chain::outside(&deps.store, deps.clock.now() - LATEST).await.stored()? {
        walk.find(Finding::Outside(count, id));
    }
    if let (count, Some(id)) = audit_chain::gone_while_waiting(&deps.store).await.stored()? {
        walk.find(Finding::GoneBefore(count, id));
    }
    let heads = heads_inside.len() + heads_outside.len();
    Ok(Verdict { rows: walk.rows, last: walk.seq, heads, findings: walk.findings })
}

/// How far the chain was followed.
struct Walk<'a> {
    deps: &'a Deps,
    seq: i64,
    before: Vec<u8>,
    rows: u64,
    findings: Vec<Finding>,
}

impl<'a> Walk<'a> {
    fn new(deps: &'a Deps) -> Self {
        Self { deps, seq: 0, before: vec![0; 32], rows: 0, findings: Vec::new() }
    }

    fn find(&mut self, finding: Finding) {
        if self.findings.len() < MOST {
            self.findings.push(finding);
        }
    }

    fn is_ours(&self, kind: &[u8], place: &Signed) -> bool {
        let message = signed(kind, place.seq, to_ms(place.at), &place.mac);
        self.deps.purposes.audit_signed(&message, &place.signature)
    }

    /// Begins after the last cut; gives its number.
    fn start(&mut self, cut: Option<&Signed>) -> i64 {
        let Some(cut) = cut else { return 0 };
        if self.is_ours(CUT, cut) {
            (self.seq, self.before) = (cut.seq, cut.mac.clone());
        } else {
            self.find(Finding::Signature(cut.seq));
        }
        self.seq
    }

    /// Follows one link. The code that is stored goes on, right or wrong, so that each wrong row is told once.
    fn link(&mut self, link: Link) {
        self.rows += 1;
        if link.seq != self.seq + 1 {
            self.find(Finding::Gap(self.seq));
        }
        match &link.entry {
            None => self.find(Finding::Removed(link.seq, link.id)),
            Some(entry) => {
                if self.deps.purposes.audit_mac(&self.before, &canonical(link.seq, entry)).as_slice() != link.mac {
                    self.find(Finding::Changed(link.seq, link.id));
                }
            }
        }
        (self.seq, self.before) = (link.seq, link.mac);
    }
}
