//! What doctors keep beside their work list: tags, saved views, hand-overs.

use chrono::TimeDelta;
use domain::{
    Error,
    access::Action,
    clock::Clock,
    consent::{DataType, LinkKind},
    desk::{Desks, HandedOver, MOST_TAGS, MOST_VIEWS, ViewQuery},
    field::{FieldErrors, Problem},
    ids::{PatientId, TagId, UserId, ViewId},
    people::{Actor, Role},
    ports::{Admin, CareTeam, Panel, PanelFilter, PanelQuery, PanelSort, Readings},
};
use server::services::{access, admin::AdminService, care_team::CareTeamService, desk::DeskService};
use uuid::Uuid;

use super::readings::value;
use crate::support::{World, add_session, on_both_engines, phone};

fn desks(world: &World) -> DeskService {
    DeskService::new(world.deps.clone())
}

async fn names(world: &World, doctor: &Actor, patient: PatientId) -> Vec<String> {
    desks(world).of_patient(doctor, patient).await.unwrap().tags.into_iter().map(|tag| tag.name).collect()
}

async fn listed(world: &World, doctor: &Actor, query: PanelQuery) -> Vec<String> {
    world.panel.list(doctor, &query).await.unwrap().items.into_iter().map(|row| row.name).collect()
}

fn handed_to_me() -> PanelQuery {
    PanelQuery { filter: PanelFilter::HandedToMe, ..PanelQuery::default() }
}

/// Two doctors of one clinic: the first treats Asha, the second does not.
async fn clinic_of_two(world: &World) -> [Actor; 2] {
    let admin = AdminService::new(world.deps.clone());
    let clinic = admin.add_clinic(&world.admin, "Sunrise".into(), "Pune".into()).await.unwrap();
    let mut doctors = Vec::new();
    for (n, name) in [(801, "Dr. Iyer"), (802, "Dr. Sen")] {
        let added = admin.add_staff(&world.admin, name.into(), phone(n), Role::Doctor, Some(clinic)).await.unwrap();
        let session = add_session(&world.deps, added, world.clock.now()).await;
        doctors.push(Actor { user: added, role: Role::Doctor, session });
    }
    let [first, second] = doctors[..] else { panic!("two doctors") };
    world.link(&world.patient, &first, LinkKind::Care, DataType::ALL).await;
    [first, second]
}

on_both_engines!(a_tag_is_made_by_its_name_once_and_only_its_doctor_sees_it, |db| async {
    let world = World::new(&db.store).await;
    let desk = desks(&world);
    let colleague = world.person(Role::Doctor, Some("Dr. Khan")).await;
    world.link(&world.patient, &colleague, LinkKind::Care, DataType::ALL).await;
    let pump = desk.tag(&world.doctor, world.asha(), " on a  pump ").await.unwrap();
    assert_eq!(desk.tag(&world.doctor, world.asha(), "On A Pump").await.unwrap(), pump, "whatever its case");
    let study = desk.tag(&world.doctor, world.asha(), "study").await.unwrap();
    assert_eq!(names(&world, &world.doctor, world.asha()).await, ["on a pump", "study"]);
    assert_eq!(names(&world, &colleague, world.asha()).await, [""; 0], "another doctor's own desk");
    assert_eq!(desk.retag(&colleague, world.asha(), pump).await, Err(Error::NotFound));
    desk.untag(&colleague, world.asha(), pump).await.unwrap();
    assert_eq!(names(&world, &world.doctor, world.asha()).await, ["on a pump", "study"], "not theirs to take off");

    let second = world.person(Role::Patient, Some("Bina Shah")).await;
    world.link(&second, &world.doctor, LinkKind::Care, DataType::ALL).await;
    let with = |tag| PanelQuery { tag: Some(tag), ..PanelQuery::default() };
    assert_eq!(listed(&world, &world.doctor, with(pump)).await, ["Asha Verma"]);
    assert_eq!(listed(&world, &world.doctor, with(TagId(Uuid::now_v7()))).await, [""; 0]);
    assert_eq!(listed(&world, &colleague, with(pump)).await, [""; 0]);
    let by_name = PanelQuery { sort: PanelSort::Name, ..PanelQuery::default() };
    let tags: Vec<usize> =
        world.panel.list(&world.doctor, &by_name).await.unwrap().items.iter().map(|row| row.tags.len()).collect();
    assert_eq!(tags, [2, 0], "Asha, Bina");
    assert_eq!(world.panel.patient(&world.doctor, world.asha()).await.unwrap().tags.len(), 2);

    desk.untag(&world.doctor, world.asha(), study).await.unwrap();
    desk.untag(&world.doctor, world.asha(), study).await.unwrap();
    assert_eq!(names(&world, &world.doctor, world.asha()).await, ["on a pump"]);
    desk.retag(&world.doctor, world.asha(), study).await.unwrap();
    assert_eq!(names(&world, &world.doctor, world.asha()).await, ["on a pump", "study"]);
});

on_both_engines!(a_doctor_has_so_many_tags_and_unused_ones_make_room, |db| async {
    let world = World::new(&db.store).await;
    let desk = desks(&world);
    let mut last = None;
    for n in 0..MOST_TAGS {
        last = Some(desk.tag(&world.doctor, world.asha(), &format!("tag {n}")).await.unwrap());
    }
    let full = Err(FieldErrors::one("tag", Problem::ItemCount { min: 0, max: MOST_TAGS }).into());
    assert_eq!(desk.tag(&world.doctor, world.asha(), "one more").await, full);
    assert_eq!(desk.tag(&world.doctor, world.asha(), "").await, Err(FieldErrors::one("tag", Problem::Required).into()));
    desk.untag(&world.doctor, world.asha(), last.unwrap()).await.unwrap();
    desk.tag(&world.doctor, world.asha(), "one more").await.unwrap();
    let other_tags = desk.of_patient(&world.doctor, world.asha()).await.unwrap().other_tags;
    assert_eq!(other_tags, [], "the unused one made room");
});

on_both_engines!(a_tag_that_a_view_names_is_kept, |db| async {
    let world = World::new(&db.store).await;
    let desk = desks(&world);
    let pump = desk.tag(&world.doctor, world.asha(), "pump").await.unwrap();
    let query = ViewQuery { tag: Some(pump), filter: PanelFilter::NotReviewed, sort: PanelSort::Name };
    desk.save_view(&world.doctor, "pumps", query).await.unwrap();
    desk.untag(&world.doctor, world.asha(), pump).await.unwrap();
    desk.tag(&world.doctor, world.asha(), "another").await.unwrap();
    let mine = desk.mine(&world.doctor).await.unwrap();
    assert_eq!(mine.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["another", "pump"]);
    assert_eq!(mine.views[0].query, query);
});

on_both_engines!(a_view_has_one_name_and_comes_back_for_a_day, |db| async {
    let world = World::new(&db.store).await;
    let desk = desks(&world);
    let due = ViewQuery { filter: PanelFilter::Due, ..ViewQuery::default() };
    desk.save_view(&world.doctor, "Mondays", ViewQuery::default()).await.unwrap();
    let view = desk.save_view(&world.doctor, "mondays", due).await.unwrap();
    let mine = desk.mine(&world.doctor).await.unwrap().views;
    assert_eq!(mine.iter().map(|v| (v.id, v.name.as_str(), v.query)).collect::<Vec<_>>(), [(view, "mondays", due)]);
    assert_eq!(desk.mine(&world.stranger).await.unwrap().views, []);
    assert_eq!(desk.set_view_removed(&world.stranger, view, true).await, Err(Error::NotFound), "not theirs");
    desk.set_view_removed(&world.doctor, view, true).await.unwrap();
    assert_eq!(desk.mine(&world.doctor).await.unwrap().views, []);
    desk.set_view_removed(&world.doctor, view, false).await.unwrap();
    assert_eq!(desk.mine(&world.doctor).await.unwrap().views.len(), 1);

    desk.set_view_removed(&world.doctor, view, true).await.unwrap();
    world.clock.forward(TimeDelta::hours(25));
    for n in 0..MOST_VIEWS {
        desk.save_view(&world.doctor, &format!("view {n}"), due).await.unwrap();
    }
    assert_eq!(desk.set_view_removed(&world.doctor, view, false).await, Err(Error::NotFound), "forgotten by now");
    let full = Err(FieldErrors::one("name", Problem::ItemCount { min: 0, max: MOST_VIEWS }).into());
    assert_eq!(desk.save_view(&world.doctor, "one more", due).await, full);
    desk.save_view(&world.doctor, "View 3", ViewQuery::default()).await.expect("takes the place of its name");
    let foreign = desk.tag(&world.doctor, world.asha(), "pump").await.unwrap();
    let query = ViewQuery { tag: Some(foreign), ..due };
    desk.save_view(&world.stranger, "theirs", query).await.unwrap();
    assert_eq!(desk.mine(&world.stranger).await.unwrap().views[0].query.tag, None, "another doctor's tag is none");
});

on_both_engines!(a_colleague_who_treats_the_patient_finds_them_at_once_until_they_reviewed_them, |db| async {
    let world = World::new(&db.store).await;
    let desk = desks(&world);
    let khan = world.person(Role::Doctor, Some("Dr. Khan")).await;
    world.link(&world.patient, &khan, LinkKind::Care, DataType::ALL).await;
    assert_eq!(listed(&world, &khan, handed_to_me()).await, [""; 0]);
    let passed = desk.hand_over(&world.doctor, world.asha(), khan.user, Some("lows at night")).await;
    assert_eq!(passed, Ok(HandedOver::Now));
    assert_eq!(listed(&world, &khan, handed_to_me()).await, ["Asha Verma"]);
    assert_eq!(listed(&world, &world.doctor, handed_to_me()).await, [""; 0]);
    let row = world.panel.list(&khan, &PanelQuery::default()).await.unwrap().items.remove(0);
    let told = row.handover.unwrap();
    assert_eq!((told.from.as_str(), told.to.as_str(), told.to_me), ("Dr. Rao", "Dr. Khan", true));
    assert_eq!(told.note.as_deref(), Some("lows at night"));
    let mine = world.panel.patient(&world.doctor, world.asha()).await.unwrap().handover.unwrap();
    assert_eq!((mine.to.as_str(), mine.to_me), ("Dr. Khan", false));

    world.clock.forward(TimeDelta::minutes(5));
    world.panel.review(&world.doctor, world.asha(), true).await.unwrap();
    assert_eq!(
        listed(&world, &khan, handed_to_me()).await,
        ["Asha Verma"],
        "only the colleague's own review settles it"
    );
    world.panel.review(&khan, world.asha(), true).await.unwrap();
    assert_eq!(listed(&world, &khan, handed_to_me()).await, [""; 0]);
    world.panel.review(&khan, world.asha(), false).await.unwrap();
    assert_eq!(listed(&world, &khan, handed_to_me()).await, ["Asha Verma"], "the review was undone");
    desk.take_back(&khan, world.asha()).await.unwrap();
    desk.take_back(&khan, world.asha()).await.expect("nothing left to end");
    assert_eq!(listed(&world, &khan, handed_to_me()).await, [""; 0]);
    desk.hand_over(&world.doctor, world.asha(), khan.user, None).await.unwrap();
    desk.hand_over(&khan, world.asha(), world.doctor.user, None).await.unwrap();
    assert_eq!(listed(&world, &khan, handed_to_me()).await, [""; 0], "passed on: the earlier one ended");
    assert_eq!(listed(&world, &world.doctor, handed_to_me()).await, ["Asha Verma"]);
});

on_both_engines!(a_colleague_who_does_not_treat_the_patient_sees_nothing_before_the_patient_agrees, |db| async {
    let world = World::new(&db.store).await;
    let desk = desks(&world);
    let [iyer, sen] = clinic_of_two(&world).await;
    let whom: Vec<(String, bool)> = desk
        .of_patient(&iyer, world.asha())
        .await
        .unwrap()
        .colleagues
        .into_iter()
        .map(|colleague| (colleague.name, colleague.treats))
        .collect();
    assert_eq!(whom, [("Dr. Rao".to_owned(), true), ("Dr. Sen".to_owned(), false)], "not Dr. Menon of nowhere");
    let choice = Err(FieldErrors::one("to", Problem::UnknownChoice).into());
    assert_eq!(desk.hand_over(&iyer, world.asha(), world.stranger.user, None).await, choice);
    assert_eq!(desk.hand_over(&iyer, world.asha(), iyer.user, None).await, choice, "oneself");
    assert_eq!(desk.hand_over(&iyer, world.asha(), world.follower.user, None).await, choice, "a caregiver");

    assert_eq!(desk.hand_over(&iyer, world.asha(), sen.user, Some("please")).await, Ok(HandedOver::OnceAgreed));
    assert_eq!(listed(&world, &sen, PanelQuery::default()).await, [""; 0]);
    assert_eq!(access::require(&world.deps, &sen, world.asha(), Action::ReadReport).await, Err(Error::NotFound));
    let team = CareTeamService::new(world.deps.clone());
    let asked = team.of_me(&world.patient).await.unwrap().into_iter().find(|link| link.awaits_me).expect("asked");
    assert_eq!(asked.name, "Dr. Sen");
    team.accept(&world.patient, asked.id).await.unwrap();
    assert_eq!(listed(&world, &sen, handed_to_me()).await, ["Asha Verma"]);
    desk.take_back(&iyer, world.asha()).await.unwrap();
    assert_eq!(listed(&world, &sen, PanelQuery::default()).await, ["Asha Verma"], "what the patient agreed to stays");
});

on_both_engines!(what_is_taken_back_is_no_longer_asked_of_the_patient, |db| async {
    let world = World::new(&db.store).await;
    let desk = desks(&world);
    let [iyer, sen] = clinic_of_two(&world).await;
    let team = CareTeamService::new(world.deps.clone());
    let asked = || async { team.of_me(&world.patient).await.unwrap().iter().filter(|link| link.awaits_me).count() };
    desk.hand_over(&iyer, world.asha(), sen.user, None).await.unwrap();
    assert_eq!(asked().await, 1);
    desk.hand_over(&iyer, world.asha(), world.doctor.user, None).await.unwrap();
    assert_eq!(asked().await, 0, "passed to another");
    desk.hand_over(&iyer, world.asha(), sen.user, None).await.unwrap();
    desk.take_back(&iyer, world.asha()).await.unwrap();
    assert_eq!(asked().await, 0);
});

on_both_engines!(only_doctors_who_treat_a_patient_tag_or_pass_them_on, |db| async {
    let world = World::new(&db.store).await;
    let desk = desks(&world);
    let tag = desk.tag(&world.doctor, world.asha(), "pump").await.unwrap();
    for actor in [world.patient, world.other, world.stranger, world.follower, world.limited, world.admin] {
        let wrong = |result: &domain::Result<()>| matches!(result, Err(Error::NotFound | Error::Forbidden));
        assert!(wrong(&desk.tag(&actor, world.asha(), "x").await.map(|_| ())), "{actor:?}");
        assert!(wrong(&desk.retag(&actor, world.asha(), tag).await), "{actor:?}");
        assert!(wrong(&desk.untag(&actor, world.asha(), tag).await), "{actor:?}");
        assert!(wrong(&desk.of_patient(&actor, world.asha()).await.map(|_| ())), "{actor:?}");
        let to = world.stranger.user;
        assert!(wrong(&desk.hand_over(&actor, world.asha(), to, None).await.map(|_| ())), "{actor:?}");
        assert!(wrong(&desk.take_back(&actor, world.asha()).await), "{actor:?}");
        if actor.role != Role::Doctor {
            assert_eq!(desk.mine(&actor).await, Err(Error::Forbidden));
            assert_eq!(desk.save_view(&actor, "x", ViewQuery::default()).await, Err(Error::Forbidden));
            assert_eq!(desk.set_view_removed(&actor, ViewId(Uuid::now_v7()), true).await, Err(Error::Forbidden));
        }
    }
    world.readings.log(&world.patient, value(&world, 1, 110.0)).await.unwrap();
    let head = world.panel.patient(&world.patient, world.asha()).await.unwrap();
    assert_eq!((head.tags.len(), head.handover), (0, None), "a doctor's desk is nothing for the patient's own pages");
});

on_both_engines!(sixteen_hand_overs_at_once_leave_one_open, |db| async {
    let world = World::new(&db.store).await;
    let mut khans: Vec<UserId> = Vec::new();
    for n in 0..4 {
        let khan = world.person(Role::Doctor, Some(&format!("Dr. Khan {}", char::from(b'A' + n)))).await;
        world.link(&world.patient, &khan, LinkKind::Care, DataType::ALL).await;
        khans.push(khan.user);
    }
    let desk = desks(&world);
    let all = (0..16).map(|n| desk.hand_over(&world.doctor, world.asha(), khans[n % 4], None));
    let done = futures::future::join_all(all).await;
    assert!(done.iter().any(Result::is_ok), "{done:?}");
    assert!(done.iter().all(|d| matches!(d, Ok(_) | Err(Error::Conflict))), "{done:?}");
    let open =
        server::storage::handovers::open_of_panel(&db.store, world.doctor.user, world.clock.now()).await.unwrap();
    assert_eq!(open.len(), 1);
});
