//! `server::seed`.

use std::collections::HashSet;

use domain::{
    contact::Phone,
    ids::SessionId,
    people::{Actor, Role},
    ports::{Panel, PanelQuery, Reports},
};
use server::{
    seed::{self, DEMO},
    services::{following, panel::PanelService, reports::ReportService},
    storage::users,
};
use uuid::Uuid;

use crate::support::{TestClock, deps, on_both_engines};

on_both_engines!(demo_data_fills_the_work_list_and_a_second_run_does_nothing, |db| async {
    let (deps, _) = deps(db.store.clone(), TestClock::new()).await;
    assert_eq!(seed::run(&deps, 1).await, Ok(true));
    assert_eq!(seed::run(&deps, 1).await, Ok(false));

    let mut actors = Vec::new();
    for (_, phone) in DEMO {
        let phone = Phone::parse(phone).unwrap();
        let mut tx = db.store.begin().await.unwrap();
        let (user, role, active) = users::by_phone(&mut tx, &deps.purposes.phone_index(&phone)).await.unwrap().unwrap();
        assert!(active);
        actors.push(Actor { user, role, session: SessionId(Uuid::now_v7()) });
    }
    let roles: Vec<_> = actors.iter().map(|a| a.role).collect();
    assert_eq!(roles, [Role::Doctor, Role::Admin, Role::Patient, Role::Caregiver]);

    let query = PanelQuery { limit: Some(200), ..PanelQuery::default() };
    let page = PanelService::new(deps.clone()).list(&actors[0], &query).await.unwrap();
    assert_eq!(page.total, 26);
    let codes: HashSet<_> = page.items.iter().flat_map(|row| &row.reasons).map(domain::triage::Reason::code).collect();
    for code in [
        "severeLows",
        "veryLowTime",
        "lowTime",
        "veryHighTime",
        "highTime",
        "belowTarget",
        "rangeDrop",
        "meterOutOfTarget",
        "noDataFor",
        "noDataEver",
        "littleData",
    ] {
        assert!(codes.contains(code), "nobody in the demo has {code}");
    }
    assert!(page.items.iter().any(|row| row.reasons.is_empty()), "somebody is doing well");
    assert!(page.items.iter().any(|row| row.name.chars().count() == 40));
    let today = ReportService::new(deps.clone()).today(&actors[2]).await.unwrap();
    assert!(today.streak_days >= 13 && today.last.is_some(), "{today:?}");
    let followed = following::followed(&deps, &actors[3]).await.unwrap();
    assert_eq!(followed.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["Asha Verma"]);
    assert!(followed[0].last.is_some());
});
