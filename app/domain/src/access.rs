//! Who may do what: one exhaustive table of role, relation and action. Deny by default.
//!
//! The role says what someone may do at most; the relation, read from the database for each request, says with whom.

use crate::{consent::DataType, people::Role};

/// What a request wants to do with a patient's data, or with the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read glucose readings and figures made from them.
    ReadGlucose,
    /// Add, change, delete, import readings.
    WriteGlucose,
    /// Read meals.
    ReadMeals,
    /// Add, change, delete meals.
    WriteMeals,
    /// Read health records: reports of laboratories, medicines, doses, weight, blood pressure.
    ReadRecords,
    /// Add, change, delete health records.
    WriteRecords,
    /// Read the clinical report and the record (targets, birth year).
    ReadReport,
    /// Set targets.
    SetTargets,
    /// Mark a patient as reviewed.
    Review,
    /// See, invite and remove those who may see the data.
    ManageCareTeam,
    /// Offer patients to be connected with oneself.
    OfferConnection,
    /// Manage staff, clinics and links.
    Administer,
}

impl Action {
    /// Every action, for the test that walks the whole table.
    pub const ALL: [Self; 12] = [
        Self::ReadGlucose,
        Self::WriteGlucose,
        Self::ReadMeals,
        Self::WriteMeals,
        Self::ReadRecords,
        Self::WriteRecords,
        Self::ReadReport,
        Self::SetTargets,
        Self::Review,
        Self::ManageCareTeam,
        Self::OfferConnection,
        Self::Administer,
    ];
}

impl Action {
    /// Its name in the audit trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadGlucose => "read-glucose",
            Self::WriteGlucose => "write-glucose",
            Self::ReadMeals => "read-meals",
            Self::WriteMeals => "write-meals",
            Self::ReadRecords => "read-records",
            Self::WriteRecords => "write-records",
            Self::ReadReport => "read-report",
            Self::SetTargets => "set-targets",
            Self::Review => "review",
            Self::ManageCareTeam => "manage-care-team",
            Self::OfferConnection => "offer-connection",
            Self::Administer => "administer",
        }
    }
}

/// What the actor is to the patient whose data is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// It is their own data.
    Own,
    /// A doctor with an active link.
    Treats,
    /// A doctor without one, in an emergency that was opened with a reason and is not over.
    Emergency,
    /// A caregiver with an active link, and what it grants.
    Follows(Vec<DataType>),
    /// No active link, or no patient is concerned.
    None,
}

/// Whether the table allows it.
pub fn may(role: Role, relation: &Relation, action: Action) -> bool {
    let granted = |data| matches!(relation, Relation::Follows(types) if types.contains(&data));
    match action {
        Action::ReadGlucose => match relation {
            Relation::Own => role == Role::Patient,
            Relation::Treats | Relation::Emergency => role == Role::Doctor,
            Relation::Follows(_) => matches!(role, Role::Caregiver | Role::Patient) && granted(DataType::Glucose),
            Relation::None => false,
        },
        Action::ReadMeals => match relation {
            Relation::Own => role == Role::Patient,
            Relation::Treats | Relation::Emergency => role == Role::Doctor,
            Relation::Follows(_) => matches!(role, Role::Caregiver | Role::Patient) && granted(DataType::Meals),
            Relation::None => false,
        },
        Action::ReadRecords => match relation {
            Relation::Own => role == Role::Patient,
            Relation::Treats | Relation::Emergency => role == Role::Doctor,
            Relation::Follows(_) => matches!(role, Role::Caregiver | Role::Patient) && granted(DataType::Records),
            Relation::None => false,
        },
        Action::WriteGlucose | Action::WriteMeals | Action::WriteRecords | Action::ManageCareTeam => {
            role == Role::Patient && *relation == Relation::Own
        }
        Action::ReadReport => match relation {
            Relation::Own => role == Role::Patient,
            Relation::Treats | Relation::Emergency => role == Role::Doctor,
            Relation::Follows(_) | Relation::None => false,
        },
        Action::SetTargets | Action::Review => role == Role::Doctor && *relation == Relation::Treats,
        Action::OfferConnection => role == Role::Doctor,
        Action::Administer => role == Role::Admin,
    }
}

#[cfg(test)]
mod tests {
    use super::{Action as A, *};

    /// The whole table, written out: a change to it is seen in review.
    #[test]
    fn the_permission_table_is_as_agreed() {
        let full = Relation::Follows(DataType::ALL.to_vec());
        let records_only = Relation::Follows(vec![DataType::Records]);
        let alerts_only = Relation::Follows(vec![DataType::Alerts]);
        let own = [
            A::ReadGlucose,
            A::WriteGlucose,
            A::ReadMeals,
            A::WriteMeals,
            A::ReadRecords,
            A::WriteRecords,
            A::ReadReport,
            A::ManageCareTeam,
        ];
        let doctor = [A::ReadGlucose, A::ReadMeals, A::ReadRecords, A::ReadReport, A::SetTargets, A::Review];
        let urgent = [A::ReadGlucose, A::ReadMeals, A::ReadRecords, A::ReadReport];
        let follower = [A::ReadGlucose, A::ReadMeals, A::ReadRecords];
        for &role in Role::ALL {
            for (name, relation) in [
                ("own", Relation::Own),
                ("treats", Relation::Treats),
                ("emergency", Relation::Emergency),
                ("full", full.clone()),
                ("alerts", alerts_only.clone()),
                ("records", records_only.clone()),
                ("none", Relation::None),
            ] {
                let allowed: &[Action] = match (role, name) {
                    (Role::Patient, "own") => &own,
                    (Role::Doctor, "treats") => &doctor,
                    (Role::Doctor, "emergency") => &urgent,
                    (Role::Caregiver | Role::Patient, "full") => &follower,
                    (Role::Caregiver | Role::Patient, "records") => &[A::ReadRecords],
                    _ => &[],
                };
                for action in Action::ALL {
                    // What concerns no patient is the role's alone.
                    let by_role = match action {
                        A::Administer => role == Role::Admin,
                        A::OfferConnection => role == Role::Doctor,
                        _ => false,
                    };
                    let expected = allowed.contains(&action) || by_role;
                    assert_eq!(may(role, &relation, action), expected, "{role:?} {name} {action:?}");
                }
            }
        }
    }
}
