//! Tables that are read like any other ([`super::plain`]) but are known by their headings, so that a preview can say whose they
//! are, and what the values are that the table itself does not tell.

use domain::ports::FileFormat;

use super::{Device, records::Record, words};

/// Whose a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vendor {
    /// Its name.
    pub format: FileFormat,
    /// What measured the values of columns that do not say it.
    pub device: Option<Device>,
}

/// Tells it by the first lines.
pub fn of(head: &[Record<'_>]) -> Option<Vendor> {
    let first = head.iter().take(30);
    let heading = |needed: &[&str]| {
        first.clone().any(|r| needed.iter().all(|name| r.cells().any(|cell| words::normal(cell).starts_with(name))))
    };
    let vendor = |format, device| Some(Vendor { format, device });
    // `DAY;TIME;UDT_CGMS;BG_LEVEL;CH_GR;BOLUS;REMARK`
    if heading(&["day", "time", "udtcgms", "bglevel"]) {
        return vendor(FileFormat::XDrip, None);
    }
    // `Index,Date,Time,…,BG Reading (mg/dL),…,BWZ Estimate (U),…,Sensor Glucose (mg/dL),ISIG Value,…`
    if heading(&["index", "date", "time", "isigvalue"]) || heading(&["index", "date", "time", "bwzestimate"]) {
        return vendor(FileFormat::CareLink, None);
    }
    // `Date;Time;Result;Unit;Temperature warning;Out of target range;Other;Before meal;After meal;Control test`
    if heading(&["date", "time", "result", "unit", "temperaturewarning"]) {
        return vendor(FileFormat::AccuChek, Some(Device::Meter));
    }
    // `Name:A B,Date Range:2026-11-22 - 2026-11-23`, then `Timestamp,CGM Glucose Value (mg/dl),Serial Number`
    let preamble = head.first().is_some_and(|r| {
        let told: String = r.cells().map(words::normal).collect();
        r.cell(0).starts_with("Name:") && told.contains("daterange")
    });
    if preamble && heading(&["timestamp"]) {
        return vendor(FileFormat::Glooko, (!heading(&["cgmglucose"])).then_some(Device::Meter));
    }
    None
}
