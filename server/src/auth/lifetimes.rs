//! How long a device stays signed in.

use chrono::TimeDelta;
use domain::people::Role;

/// The end that nothing moves, after the sign-in.
pub fn absolute(role: Role) -> TimeDelta {
    if role.is_staff() { TimeDelta::hours(12) } else { TimeDelta::days(7) }
}

/// How long it may lie idle: staff share rooms and machines, and see other people's data.
pub fn idle(role: Role) -> TimeDelta {
    if role.is_staff() { TimeDelta::minutes(15) } else { TimeDelta::days(7) }
}
