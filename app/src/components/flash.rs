//! What the last post did, once, with its undo.

use leptos::prelude::*;

use super::{
    button::{ButtonKind, PostButton},
    icon::{Glyph, Icon},
};
use crate::{context, forms::FlashMessage, i18n::is_one, tr};

/// The bar on top of a page. A live region says it too: it is filled after the page is read, or it would not be heard.
#[component]
pub fn FlashBar() -> impl IntoView {
    let flash = context::page().flash;
    let said = RwSignal::new(String::new());
    let text = flash.as_ref().map(|flash| words(&flash.message));
    Effect::new({
        let text = text.clone();
        move |_| {
            if let Some(text) = &text {
                said.set(text.clone());
            }
        }
    });
    let bad = flash
        .as_ref()
        .is_some_and(|f| matches!(f.message, FlashMessage::Conflict | FlashMessage::Failed | FlashMessage::PhoneTaken));
    let class = if bad { "flash flash--bad" } else { "flash" };
    let glyph = if bad { Glyph::Warning } else { Glyph::Check };
    view! {
        <div class="visually-hidden" role="status" aria-live="polite">{move || said.get()}</div>
        {flash
            .zip(text)
            .map(|(flash, text)| {
                view! {
                    <div class=class>
                        <p class="flash__words">
                            <Icon glyph />
                            <span>{text}</span>
                        </p>
                        {flash
                            .undo
                            .map(|undo| {
                                view! { <PostButton action=undo label=tr!(common.undo) kind=ButtonKind::Link /> }
                            })}
                    </div>
                }
            })}
    }
    .into_any()
}

/// The message in the page's language.
fn words(message: &FlashMessage) -> String {
    let language = context::language();
    match message {
        FlashMessage::ReadingSaved(value) => tr!(common.flash_reading_saved, value = value.clone()).to_string(),
        FlashMessage::ReadingChanged => tr!(common.flash_reading_changed).to_owned(),
        FlashMessage::ReadingDeleted => tr!(common.flash_reading_deleted).to_owned(),
        FlashMessage::ReadingRestored => tr!(common.flash_reading_restored).to_owned(),
        FlashMessage::MealSaved => tr!(common.flash_meal_saved).to_owned(),
        FlashMessage::MealChanged => tr!(common.flash_meal_changed).to_owned(),
        FlashMessage::MealDeleted => tr!(common.flash_meal_deleted).to_owned(),
        FlashMessage::MealRestored => tr!(common.flash_meal_restored).to_owned(),
        FlashMessage::RecordSaved => tr!(common.flash_record_saved).to_owned(),
        FlashMessage::RecordDeleted => tr!(common.flash_record_deleted).to_owned(),
        FlashMessage::RecordRestored => tr!(common.flash_record_restored).to_owned(),
        FlashMessage::RecordFileRemoved => tr!(common.flash_record_file_removed).to_owned(),
        FlashMessage::Imported(count) if is_one(language, *count) => {
            tr!(common.flash_imported_single, count = *count).to_string()
        }
        FlashMessage::Imported(count) => tr!(common.flash_imported_plural, count = *count).to_string(),
        FlashMessage::ImportUndone(count) if is_one(language, *count) => {
            tr!(common.flash_import_undone_single, count = *count).to_string()
        }
        FlashMessage::ImportUndone(count) => tr!(common.flash_import_undone_plural, count = *count).to_string(),
        FlashMessage::Invited => tr!(common.flash_invited).to_owned(),
        FlashMessage::LinkAccepted => tr!(common.flash_link_accepted).to_owned(),
        FlashMessage::LinkEnded => tr!(common.flash_link_ended).to_owned(),
        FlashMessage::PhoneTaken => tr!(common.flash_phone_taken).to_owned(),
        FlashMessage::PhoneChanged => tr!(common.flash_phone_changed).to_owned(),
        FlashMessage::SettingsSaved => tr!(common.flash_settings_saved).to_owned(),
        FlashMessage::Reviewed => tr!(common.flash_reviewed).to_owned(),
        FlashMessage::ReviewUndone => tr!(common.flash_review_undone).to_owned(),
        FlashMessage::Saved => tr!(common.flash_saved).to_owned(),
        FlashMessage::Removed => tr!(common.flash_removed).to_owned(),
        FlashMessage::HandedOver => tr!(common.flash_handed_over).to_owned(),
        FlashMessage::HandedOverAsked => tr!(common.flash_handed_over_asked).to_owned(),
        FlashMessage::TargetsSaved => tr!(common.flash_targets_saved).to_owned(),
        FlashMessage::StaffAdded => tr!(common.flash_staff_added).to_owned(),
        FlashMessage::StaffChanged => tr!(common.flash_staff_changed).to_owned(),
        FlashMessage::ClinicAdded => tr!(common.flash_clinic_added).to_owned(),
        FlashMessage::LinkProposed => tr!(common.flash_link_proposed).to_owned(),
        FlashMessage::ErasureAsked => tr!(common.flash_erasure_asked).to_owned(),
        FlashMessage::ErasureEnded => tr!(common.flash_erasure_ended).to_owned(),
        FlashMessage::SignedOut => tr!(common.flash_signed_out).to_owned(),
        FlashMessage::PasskeyAdded => tr!(common.flash_passkey_added).to_owned(),
        FlashMessage::PasskeyRemoved => tr!(common.flash_passkey_removed).to_owned(),
        FlashMessage::PasskeyUnknown => tr!(common.flash_passkey_unknown).to_owned(),
        FlashMessage::DeviceSignedOut => tr!(common.flash_device_signed_out).to_owned(),
        FlashMessage::SecondFactorRemoved => tr!(common.flash_second_factor_removed).to_owned(),
        FlashMessage::Proven => tr!(common.flash_proven).to_owned(),
        FlashMessage::EmergencyOpened => tr!(common.flash_emergency_opened).to_owned(),
        FlashMessage::SecondFactorReset => tr!(common.flash_second_factor_reset).to_owned(),
        FlashMessage::CodeSent => tr!(common.flash_code_sent).to_owned(),
        FlashMessage::Conflict => tr!(common.flash_conflict).to_owned(),
        FlashMessage::Failed => tr!(common.flash_failed).to_owned(),
    }
}
