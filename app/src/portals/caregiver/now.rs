//! The newest value of a person, large; its age; and a warning when it is too old to lean on.

use chrono::TimeDelta;
use domain::{
    clock::Moment,
    consent::DataType,
    glucose::Clip,
    ports::{Followed, ShownReading, Trend},
};
use leptos::prelude::*;

use crate::{
    components::{
        BandChip, ago, band_class,
        icon::{Glyph, Icon},
        names::trend_glyph,
    },
    context, tr, words,
};

/// A value older than this says little about now.
const OLD: TimeDelta = TimeDelta::minutes(60);

/// Whether a reading is too old to lean on.
pub fn is_old(at: Moment, now: Moment) -> bool {
    now.at - at.at > OLD
}

/// The newest value with its unit, arrow, band and age; or why there is none.
#[component]
pub fn Now(
    /// Whose.
    followed: Followed,
) -> impl IntoView {
    if !followed.data_types.contains(&DataType::Glucose) {
        return view! { <p class="soft">{tr!(caregiver.glucose_not_shared)}</p> }.into_any();
    }
    let Some(last) = followed.last else {
        return view! { <p class="soft">{tr!(caregiver.no_readings_yet)}</p> }.into_any();
    };
    let age = ago(last.at, followed.now);
    let old = is_old(last.at, followed.now);
    let (band, clip) = (last.band, last.clip);
    let (number, unit) = number(&last);
    view! {
        <div class="now">
            <p class="now__value">
                <span class=format!("now__number num {}", band_class(band))>{number}</span>
                " "
                {unit.map(|unit| view! { <span class="now__unit">{unit}</span> })}
                {followed.trend.filter(|_| !old).map(|trend| view! { <Arrow trend /> })}
            </p>
            <p class="now__facts">
                <BandChip band />
                " "
                <span class="now__age">{age.clone()}</span>
                {clip.map(|clip| view! { <span class="soft">{words::clip(context::language(), clip)}</span> })}
            </p>
            {old
                .then(|| {
                    view! {
                        <p class="notice notice--warn now__old">
                            <Icon glyph=Glyph::Warning />
                            <span>{tr!(caregiver.old_reading, ago = age).to_string()}</span>
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}

/// How the value moves: an arrow and its word.
#[component]
fn Arrow(trend: Trend) -> impl IntoView {
    view! {
        <span class="now__trend">
            <Icon glyph=trend_glyph(trend) />
            <span>{words::trend(context::language(), trend)}</span>
        </span>
    }
    .into_any()
}

/// `126` and its unit; `LO` or `HI`, as the sensor itself says, where the value is beyond what it measures.
fn number(reading: &ShownReading) -> (String, Option<&'static str>) {
    let unit = context::unit();
    match reading.clip {
        None => (reading.glucose.shown(unit), Some(unit.as_str())),
        Some(Clip::Low) => ("LO".to_owned(), None),
        Some(Clip::High) => ("HI".to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_value_is_old_after_an_hour_and_not_before() {
        let now = Moment { at: DateTime::UNIX_EPOCH + TimeDelta::days(20_000), offset_s: 19_800 };
        let before = |minutes| Moment { at: now.at - TimeDelta::minutes(minutes), ..now };
        assert!(!is_old(before(60), now));
        assert!(is_old(before(61), now));
        // A device whose clock is a little ahead.
        assert!(!is_old(before(-4), now));
    }
}
