//! `services::records`.

use chrono::TimeDelta;
use domain::{
    Error,
    clock::Clock,
    consent::{DataType, LinkKind},
    field::{FieldErrors, Problem},
    glucose::{NewReading, Source},
    ids::RecordId,
    people::{Actor, Role},
    ports::{ListQuery, PeriodQuery, Readings, Reports},
    records::{
        Body, Dose, DoseUnit, LabReport, LabTest, LabUnit, LabValue, Medicine, MedicineKind, NewRecord, RecordQuery,
        RecordType, Records, Weight,
    },
};
use uuid::Uuid;

use super::readings::value;
use crate::support::{World, on_both_engines};

/// A record so many days ago.
fn of(world: &World, days_ago: i64, body: Body) -> NewRecord {
    NewRecord { client_id: None, recorded_at: world.clock.now() - TimeDelta::days(days_ago), body, notes: None }
}

/// A lab report with an HbA1c of 7.2 %, so many days ago.
pub fn lab(world: &World, days_ago: i64) -> NewRecord {
    let value = LabValue { test: LabTest::Hba1c, value: 7.2, unit: LabUnit::Percent };
    let report = LabReport { laboratory: Some("City Lab".into()), values: vec![value] };
    of(world, days_ago, Body::LabReport(report))
}

/// A rapid insulin.
pub fn medicine(world: &World, name: &str) -> NewRecord {
    let medicine = Medicine {
        name: name.into(),
        kind: MedicineKind::RapidInsulin,
        amount: 6.0,
        unit: DoseUnit::Unit,
        times_a_day: Some(3),
        instructions: None,
        since: None,
        until: None,
    };
    of(world, 1, Body::Medicine(medicine))
}

fn dose(world: &World, medicine_id: RecordId, unit: DoseUnit) -> NewRecord {
    of(world, 0, Body::Dose(Dose { medicine_id, name: String::new(), kind: MedicineKind::Other, amount: 4.0, unit }))
}

fn weight(world: &World, kg: f64) -> NewRecord {
    of(world, 0, Body::Weight(Weight { weight_kg: kg }))
}

fn all() -> RecordQuery {
    RecordQuery { list: ListQuery::default(), record_type: None }
}

const PDF: &[u8] = b"%PDF-1.7 my report";

on_both_engines!(a_deleted_record_can_be_restored_by_its_owner_only, |db| async {
    let world = World::new(&db.store).await;
    let (record, _) = world.records.log(&world.patient, weight(&world, 71.0)).await.unwrap();
    assert_eq!(world.records.delete(&world.other, record.id).await, Err(Error::NotFound));
    assert_eq!(world.records.delete(&world.patient, record.id).await, Ok(()));
    assert_eq!(world.records.delete(&world.patient, record.id).await, Err(Error::NotFound));
    assert_eq!(world.records.get(&world.patient, record.id).await.err(), Some(Error::NotFound));
    assert_eq!(world.records.restore(&world.other, record.id).await, Err(Error::NotFound));
    for _ in 0..2 {
        assert_eq!(world.records.restore(&world.patient, record.id).await, Ok(()));
    }
    assert_eq!(world.records.get(&world.patient, record.id).await.map(|shown| shown.record.body), Ok(record.body));
});

on_both_engines!(only_the_patient_writes_and_those_who_may_read_do, |db| async {
    let world = World::new(&db.store).await;
    let (record, _) = world.records.log(&world.patient, lab(&world, 3)).await.unwrap();
    world.records.attach(&world.patient, record.id, PDF.to_vec()).await.unwrap();
    let relative = world.person(Role::Caregiver, Some("Anil")).await;
    world.link(&world.patient, &relative, LinkKind::Family, &[DataType::Records]).await;
    let readers = [world.patient, world.doctor, relative];
    for actor in readers {
        let page = world.records.list(&actor, world.asha(), &all()).await.unwrap();
        assert_eq!(page.items.len(), 1, "{:?}", actor.role);
        assert_eq!(world.records.summary(&actor, world.asha()).await.map(|s| s.labs.len()), Ok(1));
        assert_eq!(world.records.file(&actor, world.asha(), record.id).await.map(|f| f.bytes), Ok(PDF.to_vec()));
    }
    let refused = |actor: &Actor| {
        let linked = [world.follower.user, world.limited.user].contains(&actor.user);
        Some(if linked { Error::Forbidden } else { Error::NotFound })
    };
    for actor in [world.other, world.stranger, world.follower, world.limited, world.admin] {
        let refused = refused(&actor);
        assert_eq!(world.records.list(&actor, world.asha(), &all()).await.err(), refused);
        assert_eq!(world.records.summary(&actor, world.asha()).await.err(), refused);
        assert_eq!(world.records.file(&actor, world.asha(), record.id).await.err(), refused);
    }
    for actor in world.everybody_else().into_iter().chain([relative]) {
        let refused = if actor.role == Role::Patient { Error::NotFound } else { Error::Forbidden };
        let changed = world.records.change(&actor, record.id, lab(&world, 1), None).await;
        assert_eq!(changed.err(), Some(refused.clone()));
        assert_eq!(world.records.delete(&actor, record.id).await, Err(refused.clone()));
        assert_eq!(world.records.restore(&actor, record.id).await, Err(refused.clone()));
        assert_eq!(world.records.attach(&actor, record.id, PDF.to_vec()).await.err(), Some(refused.clone()));
        assert_eq!(world.records.detach(&actor, record.id).await, Err(refused.clone()));
        assert_eq!(world.records.restore_file(&actor, record.id).await, Err(refused));
    }
    assert_eq!(world.records.get(&world.patient, record.id).await.map(|shown| shown.record.version), Ok(2));
});

on_both_engines!(a_record_is_logged_once_for_each_client_id_and_changed_as_a_whole, |db| async {
    let world = World::new(&db.store).await;
    let from_client = || NewRecord { client_id: Some("r1".into()), notes: Some("n".into()), ..weight(&world, 71.0) };
    let trail = world.trail().await;
    let (record, created) = world.records.log(&world.patient, from_client()).await.unwrap();
    assert!(created);
    assert_eq!(world.records.log(&world.patient, from_client()).await, Ok((record.clone(), false)));
    let after = world.trail().await;
    assert_eq!((after.0 - trail.0, after.1 - trail.1), (1, 1), "one row of the trail and one event");

    let changed = world.records.change(&world.patient, record.id, weight(&world, 70.5), Some(1)).await.unwrap();
    assert_eq!((&changed.body, &changed.notes, changed.version), (&Body::Weight(Weight { weight_kg: 70.5 }), &None, 2));
    assert_eq!(changed.client_id, record.client_id);
    let stale = world.records.change(&world.patient, record.id, weight(&world, 70.0), Some(1)).await;
    assert_eq!(stale, Err(Error::Conflict));
    let other_type = world.records.change(&world.patient, record.id, lab(&world, 1), None).await;
    assert_eq!(other_type, Err(FieldErrors::one("type", Problem::UnknownChoice).into()));
    let late = NewRecord { recorded_at: world.clock.now() + TimeDelta::hours(1), ..weight(&world, 70.0) };
    let late = world.records.change(&world.patient, record.id, late, None).await;
    assert_eq!(late, Err(FieldErrors::one("recordedAt", Problem::InFuture).into()));
});

on_both_engines!(a_dose_is_of_a_medicine_of_ones_own_and_keeps_its_name, |db| async {
    let world = World::new(&db.store).await;
    let records = &world.records;
    let (insulin, _) = records.log(&world.patient, medicine(&world, "Lispro")).await.unwrap();
    let (foreign, _) = records.log(&world.other, medicine(&world, "Aspart")).await.unwrap();
    let (weight, _) = records.log(&world.patient, weight(&world, 71.0)).await.unwrap();
    let unknown = Err(FieldErrors::one("medicineId", Problem::UnknownChoice).into());
    for id in [foreign.id, weight.id, RecordId(Uuid::now_v7())] {
        assert_eq!(records.log(&world.patient, dose(&world, id, DoseUnit::Unit)).await, unknown.clone());
    }
    let in_mg = records.log(&world.patient, dose(&world, insulin.id, DoseUnit::Mg)).await;
    assert_eq!(in_mg, Err(FieldErrors::one("unit", Problem::InsulinInUnits).into()));

    let (taken, _) = records.log(&world.patient, dose(&world, insulin.id, DoseUnit::Unit)).await.unwrap();
    let name = |body: &Body| match body {
        Body::Dose(dose) => (dose.name.clone(), dose.kind),
        other => panic!("{other:?}"),
    };
    assert_eq!(name(&taken.body), ("Lispro".to_owned(), MedicineKind::RapidInsulin));
    records.delete(&world.patient, insulin.id).await.unwrap();
    let changed = records.change(&world.patient, taken.id, dose(&world, insulin.id, DoseUnit::Unit), None).await;
    assert_eq!(changed.map(|record| name(&record.body)), Ok(name(&taken.body)), "the medicine is gone, its name stays");
    assert_eq!(records.log(&world.patient, dose(&world, insulin.id, DoseUnit::Unit)).await, unknown);
});

on_both_engines!(a_list_is_of_one_type_if_asked_and_a_summary_says_what_matters_now, |db| async {
    let world = World::new(&db.store).await;
    let today = world.clock.now().date_naive();
    for days in [200, 20] {
        world.records.log(&world.patient, lab(&world, days)).await.unwrap();
    }
    for (name, until) in [("Old", Some(today - TimeDelta::days(30))), ("New", None)] {
        let NewRecord { body: Body::Medicine(of), .. } = medicine(&world, name) else { unreachable!() };
        let new = NewRecord { body: Body::Medicine(Medicine { until, ..of }), ..medicine(&world, name) };
        world.records.log(&world.patient, new).await.unwrap();
    }
    world.records.log(&world.patient, weight(&world, 71.0)).await.unwrap();
    let query = |record_type| RecordQuery { list: ListQuery::default(), record_type };
    for (record_type, count) in
        [(None, 5), (Some(RecordType::LabReport), 2), (Some(RecordType::Weight), 1), (Some(RecordType::Dose), 0)]
    {
        let page = world.records.list(&world.doctor, world.asha(), &query(record_type)).await.unwrap();
        assert_eq!(page.items.len(), count, "{record_type:?}");
        assert!(page.items.is_sorted_by(|a, b| a.record.recorded_at >= b.record.recorded_at));
    }
    let summary = world.records.summary(&world.doctor, world.asha()).await.unwrap();
    let names: Vec<_> = summary.medicines.iter().map(|record| &record.body).collect();
    assert!(matches!(names[..], [Body::Medicine(medicine)] if medicine.name == "New"), "{names:?}");
    assert_eq!(
        summary.labs.iter().map(|trend| (trend.value.value, trend.change())).collect::<Vec<_>>(),
        [(7.2, Some(0.0))]
    );
});

on_both_engines!(a_lab_reports_file_is_sealed_replaced_removed_and_restored, |db| async {
    let world = World::new(&db.store).await;
    let records = &world.records;
    let (report, _) = records.log(&world.patient, lab(&world, 3)).await.unwrap();
    let file = async || records.file(&world.patient, world.asha(), report.id).await;
    assert_eq!(file().await, Err(Error::NotFound));
    for (bytes, problem) in [
        (&b""[..], Problem::Required),
        (b"<svg/>", Problem::FileFormat),
        (&[b"%PDF-1.7".to_vec(), vec![0; 5 * 1024 * 1024]].concat(), Problem::FileTooLarge { max_mib: 5 }),
    ] {
        let refused = records.attach(&world.patient, report.id, bytes.to_vec()).await;
        assert_eq!(refused.err(), Some(FieldErrors::one("file", problem).into()));
    }
    let (weighed, _) = records.log(&world.patient, weight(&world, 71.0)).await.unwrap();
    let refused = records.attach(&world.patient, weighed.id, PDF.to_vec()).await;
    assert_eq!(refused.err(), Some(FieldErrors::one("file", Problem::UnknownField).into()));

    let attached = records.attach(&world.patient, report.id, PDF.to_vec()).await.unwrap();
    assert_eq!((attached.file.map(|file| file.size), attached.version), (Some(18), 2));
    let read = file().await.unwrap();
    assert!(read.name.starts_with("lab-report-2026-") && read.name.strip_suffix(".pdf").is_some(), "{}", read.name);
    assert_eq!(read.bytes, PDF);
    let jpeg = b"\xff\xd8\xff\xe0 a photo".to_vec();
    records.attach(&world.patient, report.id, jpeg.clone()).await.unwrap();
    assert_eq!(file().await.map(|file| file.bytes), Ok(jpeg.clone()));
    assert_eq!(records.detach(&world.patient, report.id).await, Ok(()));
    assert_eq!(records.detach(&world.patient, report.id).await, Err(Error::NotFound));
    assert_eq!(file().await, Err(Error::NotFound));
    for _ in 0..2 {
        assert_eq!(records.restore_file(&world.patient, report.id).await, Ok(()));
    }
    assert_eq!(file().await.map(|file| file.bytes), Ok(jpeg));
    records.delete(&world.patient, report.id).await.unwrap();
    assert_eq!(file().await, Err(Error::NotFound));
});

on_both_engines!(a_recent_hba1c_stands_beside_the_reports_gmi_with_the_gap, |db| async {
    let world = World::new(&db.store).await;
    for n in 0..15 * 96 {
        let reading = NewReading { source: Source::Sensor, ..value(&world, n * 15, 150.0) };
        world.readings.log(&world.patient, reading).await.unwrap();
    }
    let report = async |actor: &Actor, days| {
        world.reports.report(actor, world.asha(), PeriodQuery::LastDays(days), false).await.unwrap()
    };
    assert_eq!(report(&world.doctor, 14).await.hba1c, None);
    world.records.log(&world.patient, lab(&world, 101)).await.unwrap();
    assert_eq!(report(&world.doctor, 14).await.hba1c, None, "too old");
    let in_mmol = LabValue { test: LabTest::Hba1c, value: 53.0, unit: LabUnit::MmolPerMol };
    let body = Body::LabReport(LabReport { laboratory: None, values: vec![in_mmol] });
    world.records.log(&world.patient, of(&world, 40, body)).await.unwrap();
    for actor in [world.patient, world.doctor] {
        let report = report(&actor, 14).await;
        let (gmi, hba1c) = (report.report.gmi_percent.unwrap(), report.hba1c.unwrap());
        assert_eq!((hba1c.value, hba1c.at.at), (in_mmol, world.clock.now() - TimeDelta::days(40)));
        assert!((hba1c.percent - 7.00044).abs() < 1e-9);
        assert!((hba1c.gap.unwrap() - (hba1c.percent - gmi)).abs() < 1e-12);
    }
    let (newest, _) = world.records.log(&world.patient, lab(&world, 5)).await.unwrap();
    assert!((report(&world.doctor, 14).await.hba1c.unwrap().percent - 7.2).abs() < 1e-9);
    // A period that ended before the sample was taken does not know it.
    let day = world.clock.now().date_naive() - TimeDelta::days(20);
    let before = PeriodQuery::Between(day - TimeDelta::days(13), day);
    let before = world.reports.report(&world.doctor, world.asha(), before, false).await.unwrap();
    assert_eq!(before.hba1c.unwrap().value, in_mmol);
    world.records.delete(&world.patient, newest.id).await.unwrap();
    assert_eq!(report(&world.doctor, 14).await.hba1c.unwrap().value, in_mmol);
});
