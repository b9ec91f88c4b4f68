//! A doctor's pages: the work list, and one patient.

mod patient;
mod shortcuts;
mod work_list;

pub use patient::PatientPage;
pub use work_list::WorkList;
