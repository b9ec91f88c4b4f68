//! What a doctor keeps beside the work list: tags and saved views of their own, and patients passed to a colleague.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    field::{FieldErrors, Problem},
    forms::Fields,
    ids::{PatientId, TagId, UserId, ViewId},
    people::Actor,
    ports::{PanelFilter, PanelSort},
};

/// Most tags of one doctor.
pub const MOST_TAGS: u32 = 30;
/// Most saved views of one doctor.
pub const MOST_VIEWS: u32 = 20;
/// Most characters of the name of a tag or a view.
pub const NAME_LENGTH: u16 = 30;
/// Most characters of what is told to the colleague.
pub const NOTE_LENGTH: u16 = 300;

/// A doctor's own word for some of their patients. Nobody else sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Which.
    pub id: TagId,
    /// The word.
    pub name: String,
}

/// Which patients in which order: what an address of the work list says, without a search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewQuery {
    /// Order.
    pub sort: PanelSort,
    /// Which.
    pub filter: PanelFilter,
    /// Only those who bear it.
    pub tag: Option<TagId>,
}

/// A view of the work list that a doctor gave a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Which.
    pub id: ViewId,
    /// Its name.
    pub name: String,
    /// What it shows.
    pub query: ViewQuery,
}

/// A doctor's tags and views, each by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// Tags.
    pub tags: Vec<Tag>,
    /// Views.
    pub views: Vec<SavedView>,
}

/// A patient whom a doctor passed to a colleague, until the colleague reviews them or one of the two ends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Handover {
    /// The name of who passed.
    pub from: String,
    /// The name of the colleague.
    pub to: String,
    /// Whether the colleague is the reader.
    pub to_me: bool,
    /// What was told.
    pub note: Option<String>,
    /// When.
    pub at: Moment,
}

/// A doctor to whom a patient can be passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Who.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Whether they treat the patient already. If not, the patient is asked first.
    pub treats: bool,
}

/// The desk of one patient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatientDesk {
    /// The reader's tags on them.
    pub tags: Vec<Tag>,
    /// The reader's other tags.
    pub other_tags: Vec<Tag>,
    /// To whom they were passed.
    pub handover: Option<Handover>,
    /// To whom they can be passed.
    pub colleagues: Vec<Colleague>,
}

/// What passing a patient on led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedOver {
    /// The colleague has them on their list now.
    Now,
    /// The colleague will, once the patient agrees.
    OnceAgreed,
}

/// The name of a tag or a view: 1 to [`NAME_LENGTH`] characters, spaces in between taken together.
pub fn parse_label(text: &str) -> Result<String, Problem> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Problem::Required);
    }
    if name.chars().count() > usize::from(NAME_LENGTH) {
        return Err(Problem::TooLong { max: NAME_LENGTH.into() });
    }
    if name.chars().any(char::is_control) { Err(Problem::Malformed) } else { Ok(name) }
}

/// Reads the form of passing on: `to`, a colleague's id, and `note`.
pub fn hand_over_form(fields: &Fields) -> Result<(UserId, Option<String>), FieldErrors> {
    let mut errors = FieldErrors::default();
    let to = fields.required("to").and_then(|to| to.parse().map_err(|_| Problem::UnknownChoice));
    let to = errors.take("to", to);
    let note = fields.get("note").map(str::to_owned);
    if note.as_ref().is_some_and(|note| note.chars().count() > usize::from(NOTE_LENGTH)) {
        errors.push("note", Problem::TooLong { max: NOTE_LENGTH.into() });
    }
    errors.into_result(to.map(|to| (to, note)))
}

/// Reads the form of a view: `name`, and its query in `sort`, `filter` and `tag`.
pub fn view_form(fields: &Fields) -> Result<(String, ViewQuery), FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", fields.required("name").and_then(parse_label));
    let query = ViewQuery::read(|field| fields.get(field).map(str::to_owned));
    errors.into_result(name.map(|name| (name, query)))
}

impl ViewQuery {
    /// From the parameters `sort`, `filter` and `tag` of an address; what it does not know is left out.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            sort: get("sort").and_then(|text| PanelSort::parse(&text).ok()).unwrap_or_default(),
            filter: get("filter").and_then(|text| PanelFilter::parse(&text).ok()).unwrap_or_default(),
            tag: get("tag").and_then(|text| text.parse().ok()),
        }
    }

    /// The parameters that [`ViewQuery::read`] reads, without what it would take anyway.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let usual = Self::default();
        [
            ("sort", (self.sort != usual.sort).then(|| self.sort.as_str().to_owned())),
            ("filter", (self.filter != usual.filter).then(|| self.filter.as_str().to_owned())),
            ("tag", self.tag.map(|tag| tag.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

/// Tags, views and hand-overs of doctors. What concerns a patient needs a link to them, as reviewing does.
#[async_trait]
pub trait Desks: Send + Sync {
    /// The actor's tags and views.
    async fn mine(&self, actor: &Actor) -> crate::Result<Desk>;
    /// What is kept about one patient.
    async fn of_patient(&self, actor: &Actor, patient: PatientId) -> crate::Result<PatientDesk>;
    /// Puts a tag on a patient, by its name; a tag of that name is made if there is none. Twice is once.
    async fn tag(&self, actor: &Actor, patient: PatientId, name: &str) -> crate::Result<TagId>;
    /// Puts a tag of the actor's on a patient again.
    async fn retag(&self, actor: &Actor, patient: PatientId, tag: TagId) -> crate::Result<()>;
    /// Takes a tag off.
    async fn untag(&self, actor: &Actor, patient: PatientId, tag: TagId) -> crate::Result<()>;
    /// Keeps a view; one of the same name is replaced.
    async fn save_view(&self, actor: &Actor, name: &str, query: ViewQuery) -> crate::Result<ViewId>;
    /// Takes a view away, or brings it back.
    async fn set_view_removed(&self, actor: &Actor, view: ViewId, removed: bool) -> crate::Result<()>;
    /// Passes a patient to a colleague; an earlier passing ends.
    async fn hand_over(
        &self,
        actor: &Actor,
        patient: PatientId,
        to: UserId,
        note: Option<&str>,
    ) -> crate::Result<HandedOver>;
    /// Ends the passing of a patient, and the question to the patient that it led to.
    async fn take_back(&self, actor: &Actor, patient: PatientId) -> crate::Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_label_is_short_and_its_spaces_are_taken_together() {
        assert_eq!(parse_label("  on \t a   pump "), Ok("on a pump".to_owned()));
        assert_eq!(parse_label("गर्भावस्था"), Ok("गर्भावस्था".to_owned()));
        assert_eq!(parse_label(" "), Err(Problem::Required));
        assert_eq!(parse_label(&"x".repeat(30)).map(|name| name.len()), Ok(30));
        assert_eq!(parse_label(&"x".repeat(31)), Err(Problem::TooLong { max: 30 }));
        assert_eq!(parse_label("a\u{7}"), Err(Problem::Malformed));
    }

    #[test]
    fn a_view_is_read_back_from_its_parameters() {
        let tag = TagId("0199f000-0000-7000-8000-000000000001".parse().unwrap());
        for query in [
            ViewQuery::default(),
            ViewQuery { sort: PanelSort::InRange, filter: PanelFilter::HandedToMe, tag: Some(tag) },
            ViewQuery { filter: PanelFilter::Due, ..ViewQuery::default() },
        ] {
            let parameters = query.parameters();
            let read =
                ViewQuery::read(|name| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()));
            assert_eq!(read, query);
        }
        assert_eq!(ViewQuery::default().parameters(), []);
        assert_eq!(ViewQuery::read(|_| Some("nonsense".to_owned())), ViewQuery::default());
    }

    #[test]
    fn the_form_of_passing_on_names_a_colleague() {
        let id = "0199f000-0000-7000-8000-000000000001";
        let (to, note) = hand_over_form(&fields(&[("to", id), ("note", " lows at night ")])).unwrap();
        assert_eq!((to.to_string().as_str(), note.as_deref()), (id, Some("lows at night")));
        let wrong = hand_over_form(&fields(&[("to", "x"), ("note", &"y".repeat(301))])).unwrap_err();
        assert_eq!(wrong.of("to"), Some(&Problem::UnknownChoice));
        assert_eq!(wrong.of("note"), Some(&Problem::TooLong { max: 300 }));
        assert_eq!(hand_over_form(&fields(&[])).unwrap_err().of("to"), Some(&Problem::Required));
    }
}
