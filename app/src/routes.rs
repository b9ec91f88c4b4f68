//! Every address of the pages, in one place: pages link with these, the door guards and posts to them.

use domain::{
    ids::{ImportId, LinkId, MealId, PasskeyId, PatientId, ReadingId, RecordId, SessionId, UserId, ViewId},
    records::RecordType,
};

/// What it is, sign in.
pub const HOME: &str = "/";
/// Phone number. Posted: sends a code.
pub const LOGIN: &str = "/login";
/// The code. Posted: signs in.
pub const LOGIN_CODE: &str = "/login/code";
/// Posted: sends another code.
pub const LOGIN_RESEND: &str = "/login/resend";
/// Posted: signs out.
pub const LOGOUT: &str = "/logout";
/// Own settings, for everyone. Posted: saves them.
pub const SETTINGS: &str = "/settings";
/// One's own data, for everyone: export, consents, erasure.
pub const DATA: &str = "/settings/data";
/// Everything as one file.
pub const DATA_EXPORT: &str = "/settings/data/export";
/// Posted: asks for the erasure of everything.
pub const DATA_ERASE: &str = "/settings/data/erase";
/// Posted: takes that back.
pub const DATA_KEEP: &str = "/settings/data/keep";
/// Posted (field `language`, `next`): the language of somebody not signed in, or the quick switch.
pub const LANGUAGE: &str = "/language";
/// The second factor of a sign-in. Posted: checks the code.
pub const SECOND_FACTOR: &str = "/second-factor";
/// One's own second factor: set up, new recovery codes, take away. Posted (field `do`: `confirm`, `codes` or `remove`).
pub const SECOND_FACTOR_SETUP: &str = "/second-factor/setup";
/// Posted: sends a code to one's own phone, to prove who one is.
pub const STEP_UP_SEND: &str = "/step-up/send";
/// Proves again who one is, before what needs it; `?next=`. Posted: checks the code.
pub const STEP_UP: &str = "/step-up";
/// Posted: signs in by a passkey.
pub const LOGIN_PASSKEY: &str = "/login/passkey";
/// Signed-in devices, passkeys, second factor.
pub const SECURITY: &str = "/security";
/// Another phone number for one's account. Posted: sends a code there.
pub const SECURITY_PHONE: &str = "/security/phone";
/// The code that was sent there. Posted: makes it one's number.
pub const SECURITY_PHONE_CODE: &str = "/security/phone/code";
/// Posted: keeps a new passkey.
pub const SECURITY_PASSKEYS: &str = "/security/passkeys";
/// The development outbox.
pub const DEV_OUTBOX: &str = "/dev/outbox";

/// A patient's first page.
pub const PATIENT: &str = "/patient";
/// Log a reading. Posted: saves it.
pub const PATIENT_LOG: &str = "/patient/log";
/// Log a meal. Posted: saves it.
pub const PATIENT_MEAL_NEW: &str = "/patient/meals/new";
/// History; `?kind=meals` for meals, `?cursor=`.
pub const PATIENT_HISTORY: &str = "/patient/history";
/// Own report.
pub const PATIENT_TRENDS: &str = "/patient/trends";
/// Health records, newest first; `?cursor=`.
pub const PATIENT_RECORDS: &str = "/patient/records";
/// Import. Posted (multipart): looks at a file.
pub const PATIENT_IMPORT: &str = "/patient/import";
/// Care team.
pub const PATIENT_CARE_TEAM: &str = "/patient/care-team";
/// Who looked at one's data; `?cursor=`.
pub const PATIENT_ACCESS_LOG: &str = "/patient/access-log";
/// Posted: invites a caregiver.
pub const PATIENT_INVITE: &str = "/patient/care-team/invite";
/// A doctor's code. Posted (field `code`): shows whose it is; (field `do`: `agree`): connects with them.
pub const PATIENT_CONNECT: &str = "/patient/care-team/connect";
/// Everything else, for the phone's bottom bar.
pub const PATIENT_MORE: &str = "/patient/more";

/// Work list. Posted (field `q`): searches, answering the page itself.
pub const DOCTOR: &str = "/doctor";
/// The panel in figures; `?group=` names the patients of one.
pub const DOCTOR_ANALYTICS: &str = "/doctor/analytics";
/// All patients of the panel with their figures, as a table.
pub const DOCTOR_ANALYTICS_EXPORT: &str = "/doctor/analytics/export";
/// One's saved views of the work list; `?sort=&filter=&tag=` is what the form begins with. Posted: keeps one.
pub const DOCTOR_VIEWS: &str = "/doctor/views";
/// A look at a patient who is not one's own, in an emergency. Posted: opens it.
pub const DOCTOR_EMERGENCY: &str = "/doctor/emergency";
/// A code for a patient to type. Posted: makes one, answering the page itself.
pub const DOCTOR_CONNECT: &str = "/doctor/connect";
/// People followed.
pub const CAREGIVER: &str = "/caregiver";
/// Staff. Posted to [`ADMIN_STAFF`].
pub const ADMIN: &str = "/admin";
/// Posted: adds staff.
pub const ADMIN_STAFF: &str = "/admin/staff";
/// Clinics. Posted: adds one.
pub const ADMIN_CLINICS: &str = "/admin/clinics";
/// The audit trail; `?actor=&patient=&action=&from=&to=&cursor=`.
pub const ADMIN_AUDIT: &str = "/admin/audit";
/// Links. Posted: proposes one.
pub const ADMIN_LINKS: &str = "/admin/links";

/// Posted: signs a device out.
pub fn device_end(id: SessionId) -> String {
    format!("{SECURITY}/devices/{id}/end")
}
/// Posted: takes a passkey away.
pub fn passkey_remove(id: PasskeyId) -> String {
    format!("{SECURITY_PASSKEYS}/{id}/remove")
}
/// A reading, to change. Posted: saves.
pub fn reading(id: ReadingId) -> String {
    format!("{PATIENT_HISTORY}/{id}")
}
/// Posted: deletes a reading.
pub fn reading_delete(id: ReadingId) -> String {
    format!("{PATIENT_HISTORY}/{id}/delete")
}
/// Posted: restores a reading.
pub fn reading_restore(id: ReadingId) -> String {
    format!("{PATIENT_HISTORY}/{id}/restore")
}
/// A meal, to change. Posted: saves.
pub fn meal(id: MealId) -> String {
    format!("/patient/meals/{id}")
}
/// Posted: deletes a meal.
pub fn meal_delete(id: MealId) -> String {
    format!("/patient/meals/{id}/delete")
}
/// Posted: restores a meal.
pub fn meal_restore(id: MealId) -> String {
    format!("/patient/meals/{id}/restore")
}
/// What a type of record is called in an address.
pub const fn record_kind(kind: RecordType) -> &'static str {
    match kind {
        RecordType::LabReport => "labs",
        RecordType::Medicine => "medicines",
        RecordType::Dose => "doses",
        RecordType::Weight => "weights",
        RecordType::BloodPressure => "pressures",
    }
}
/// A new record of a type. Posted: saves it.
pub fn record_new(kind: RecordType) -> String {
    format!("{PATIENT_RECORDS}/{}/new", record_kind(kind))
}
/// A record, to change. Posted: saves.
pub fn record(id: RecordId) -> String {
    format!("{PATIENT_RECORDS}/{id}")
}
/// Posted: deletes a record.
pub fn record_delete(id: RecordId) -> String {
    format!("{PATIENT_RECORDS}/{id}/delete")
}
/// Posted: restores a record.
pub fn record_restore(id: RecordId) -> String {
    format!("{PATIENT_RECORDS}/{id}/restore")
}
/// A lab report with the form of its file. Posted (multipart): puts a file to it.
pub fn record_file(id: RecordId) -> String {
    format!("{PATIENT_RECORDS}/{id}/file")
}
/// Posted: takes a lab report's file away.
pub fn record_file_remove(id: RecordId) -> String {
    format!("{PATIENT_RECORDS}/{id}/file/remove")
}
/// Posted: brings it back.
pub fn record_file_restore(id: RecordId) -> String {
    format!("{PATIENT_RECORDS}/{id}/file/restore")
}
/// The file of one's own lab report.
pub fn record_download(id: RecordId) -> String {
    format!("{PATIENT_RECORDS}/{id}/download")
}
/// The file of a patient's lab report, for a doctor.
pub fn doctor_record_download(patient: PatientId, id: RecordId) -> String {
    format!("/doctor/patients/{patient}/records/{id}")
}
/// The file of a lab report of somebody who is followed.
pub fn caregiver_record_download(patient: PatientId, id: RecordId) -> String {
    format!("{CAREGIVER}/{patient}/records/{id}")
}
/// What a file holds. Posted: answers its questions.
pub fn import(id: ImportId) -> String {
    format!("{PATIENT_IMPORT}/{id}")
}
/// Posted: stores a file.
pub fn import_confirm(id: ImportId) -> String {
    format!("{PATIENT_IMPORT}/{id}/confirm")
}
/// Posted: undoes an import.
pub fn import_undo(id: ImportId) -> String {
    format!("{PATIENT_IMPORT}/{id}/undo")
}
/// Posted: the patient agrees to a link.
pub fn patient_link_accept(id: LinkId) -> String {
    format!("{PATIENT_CARE_TEAM}/{id}/accept")
}
/// Posted: the patient ends a link.
pub fn patient_link_end(id: LinkId) -> String {
    format!("{PATIENT_CARE_TEAM}/{id}/end")
}
/// A doctor's page of one patient; `?days=14` or `?from=&to=`, `?tab=`.
pub fn doctor_patient(id: PatientId) -> String {
    format!("/doctor/patients/{id}")
}
/// Posted (field `reviewed`: `yes` or `no`): marks as reviewed.
pub fn doctor_review(id: PatientId) -> String {
    format!("/doctor/patients/{id}/review")
}
/// A patient's data and figures as a file; `?format=csv|json|fhir` and the period of [`doctor_patient`].
pub fn doctor_export(id: PatientId) -> String {
    format!("/doctor/patients/{id}/export")
}
/// A doctor's tags on a patient, and passing them on. Posted (field `tag`, `on`, `off`, `back` or `to`): does it.
pub fn doctor_desk(id: PatientId) -> String {
    format!("/doctor/patients/{id}/desk")
}
/// Posted: takes a saved view away.
pub fn doctor_view_remove(id: ViewId) -> String {
    format!("{DOCTOR_VIEWS}/{id}/remove")
}
/// Posted: brings it back.
pub fn doctor_view_restore(id: ViewId) -> String {
    format!("{DOCTOR_VIEWS}/{id}/restore")
}
/// A patient's targets, and the form that sets them.
pub fn doctor_targets(id: PatientId) -> String {
    format!("/doctor/patients/{id}/targets")
}
/// A caregiver's page of one person.
pub fn caregiver_person(id: PatientId) -> String {
    format!("{CAREGIVER}/{id}")
}
/// Posted: the caregiver agrees to an invitation.
pub fn caregiver_link_accept(id: LinkId) -> String {
    format!("{CAREGIVER}/links/{id}/accept")
}
/// Posted: the caregiver stops following.
pub fn caregiver_link_end(id: LinkId) -> String {
    format!("{CAREGIVER}/links/{id}/end")
}
/// Posted (field `active`: `yes` or `no`): lets someone sign in, or no longer.
pub fn admin_staff_active(id: UserId) -> String {
    format!("{ADMIN_STAFF}/{id}/active")
}
/// Posted: takes a member of staff's lost second factor away.
pub fn admin_second_factor_reset(id: UserId) -> String {
    format!("{ADMIN_STAFF}/{id}/second-factor")
}
/// Posted: ends a link.
pub fn admin_link_end(id: LinkId) -> String {
    format!("{ADMIN_LINKS}/{id}/end")
}

/// Where somebody lands after signing in.
pub fn home_of(role: domain::people::Role) -> &'static str {
    use domain::people::Role;
    match role {
        Role::Patient => PATIENT,
        Role::Doctor => DOCTOR,
        Role::Caregiver => CAREGIVER,
        Role::Admin => ADMIN,
    }
}
