//! Whatever is changed, removed, swapped or cut is found, on both engines.

use std::path::Path;

use chrono::TimeDelta;
use server::{
    audit::{Finding, HEAD_EVERY, HEADS_FILE, HeadFile, KEEP_DAYS, Sequencer, Verdict, retention, verify},
    request_id::RequestId,
    storage::{Store, audit},
};
use uuid::Uuid;

use crate::support::{TestClock, TestDb, World, on_both_engines};

/// A trail of ten rows, chained and signed, and the file of heads.
struct Trail {
    world: World,
    folder: tempfile::TempDir,
}

impl Trail {
    async fn new(db: &TestDb) -> Self {
        let trail = Self { world: World::on(&db.store, TestClock::new()).await, folder: tempfile::tempdir().unwrap() };
        // Rows that no request caused, and rows that one did.
        trail.write(5).await;
        RequestId::random().of(trail.write(5)).await;
        trail.sequencer().step().await.unwrap();
        trail
    }

    async fn write(&self, rows: usize) {
        let deps = &self.world.deps;
        let entry = audit::Entry::by(&self.world.doctor, "patient.view", deps.clock.now()).of(self.world.asha());
        let mut tx = deps.store.begin().await.unwrap();
        audit::add_all(&mut tx, &vec![entry; rows]).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn sequencer(&self) -> Sequencer {
        let deps = &self.world.deps;
        Sequencer::new(deps.store.clone(), deps.purposes.clone(), deps.clock.clone(), self.file())
    }

    fn file(&self) -> HeadFile {
        HeadFile(self.folder.path().join(HEADS_FILE))
    }

    async fn verify(&self) -> Verdict {
        verify(&self.world.deps, &self.file()).await.unwrap()
    }

    async fn findings(&self) -> Vec<Finding> {
        self.verify().await.findings
    }

    /// What somebody does who owns the database: the triggers do not hold them.
    async fn tamper(&self, statements: &[&'static str]) {
        let store = &self.world.deps.store;
        for table in ["audit", "audit_chain", "audit_heads", "audit_cuts"] {
            match store {
                Store::Sqlite { write, .. } => {
                    let sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1";
                    let names: Vec<String> = sqlx::query_scalar(sql).bind(table).fetch_all(write).await.unwrap();
                    for name in names {
                        run(store, &format!("DROP TRIGGER {name}")).await.unwrap();
                    }
                }
                Store::Postgres(_) => run(store, &format!("ALTER TABLE {table} DISABLE TRIGGER USER")).await.unwrap(),
            }
        }
        for sql in statements {
            run(store, sql).await.unwrap();
        }
    }

    async fn id(&self, seq: i64) -> Uuid {
        let sql = "SELECT audit_id FROM audit_chain WHERE seq = $1";
        match &self.world.deps.store {
            Store::Sqlite { read, .. } => sqlx::query_scalar(sql).bind(seq).fetch_one(read).await.unwrap(),
            Store::Postgres(pool) => sqlx::query_scalar(sql).bind(seq).fetch_one(pool).await.unwrap(),
        }
    }
}

async fn run(store: &Store, sql: &str) -> Result<(), sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match store {
        Store::Sqlite { write, .. } => sqlx::query(sql).execute(write).await.map(|_| ()),
        Store::Postgres(pool) => sqlx::query(sql).execute(pool).await.map(|_| ()),
    }
}

fn lines(path: &Path) -> usize {
    std::fs::read_to_string(path).map_or(0, |text| text.lines().count())
}

on_both_engines!(a_trail_that_nobody_touched_is_whole, |db| async {
    let trail = Trail::new(db).await;
    trail.write(1_500).await;
    assert_eq!(trail.sequencer().chain().await.unwrap(), 1_500, "more than one batch");
    let verdict = trail.verify().await;
    assert_eq!(verdict.findings, []);
    assert_eq!((verdict.rows, verdict.last, verdict.heads), (1_510, 1_510, 2), "inside and outside");
});

on_both_engines!(a_changed_row_is_found_in_whichever_column, |db| async {
    let trail = Trail::new(db).await;
    trail.tamper(&[]).await;
    let store = &trail.world.deps.store;
    let id = trail.id(4).await;
    let null = "X'00000000000000000000000000000001'";
    let uuid = match store {
        Store::Sqlite { .. } => null,
        Store::Postgres(_) => "'00000000-0000-0000-0000-000000000001'",
    };
    let at = "(SELECT audit_id FROM audit_chain WHERE seq = 4)";
    for (column, value) in [
        ("at", "5"),
        ("actor_id", uuid),
        ("role", "'ADMIN'"),
        ("session_id", uuid),
        ("action", "'x'"),
        ("object_type", "'x'"),
        ("object_id", uuid),
        ("patient_id", uuid),
        ("allowed", "FALSE"),
        ("address", "'10.0.0.1'"),
        ("reason", "'x'"),
        ("request_id", "'x'"),
    ] {
        run(store, "DROP TABLE IF EXISTS kept").await.unwrap();
        run(store, "CREATE TABLE kept AS SELECT * FROM audit").await.unwrap();
        run(store, &format!("UPDATE audit SET {column} = {value} WHERE id = {at}")).await.unwrap();
        assert_eq!(trail.findings().await, [Finding::Changed(4, id)], "{column}");
        run(store, &format!("UPDATE audit SET {column} = (SELECT {column} FROM kept WHERE id = {at}) WHERE id = {at}"))
            .await
            .unwrap();
        assert_eq!(trail.findings().await, [], "{column} as it was");
    }
    let seventh = trail.id(7).await;
    let at = "(SELECT audit_id FROM audit_chain WHERE seq = 7)";
    run(store, &format!("UPDATE audit SET request_id = NULL WHERE id = {at}")).await.unwrap();
    assert_eq!(trail.findings().await, [Finding::Changed(7, seventh)]);
});

on_both_engines!(a_removed_row_is_found_with_its_number_or_without, |db| async {
    let trail = Trail::new(db).await;
    let (third, sixth) = (trail.id(3).await, trail.id(6).await);
    trail.tamper(&["DELETE FROM audit WHERE id = (SELECT audit_id FROM audit_chain WHERE seq = 3)"]).await;
    assert_eq!(trail.findings().await, [Finding::Removed(3, third)]);
    trail
        .tamper(&[
            "DELETE FROM audit WHERE id = (SELECT audit_id FROM audit_chain WHERE seq = 6)",
            "DELETE FROM audit_chain WHERE seq = 6",
        ])
        .await;
    let seventh = trail.id(7).await;
    assert_eq!(
        trail.findings().await,
        [Finding::Removed(3, third), Finding::Gap(5), Finding::Changed(7, seventh)],
        "the code after {sixth} no longer fits"
    );
});

on_both_engines!(two_swapped_rows_are_found, |db| async {
    let trail = Trail::new(db).await;
    trail
        .tamper(&[
            "UPDATE audit_chain SET seq = -1 WHERE seq = 3",
            "UPDATE audit_chain SET seq = 3 WHERE seq = 4",
            "UPDATE audit_chain SET seq = 4 WHERE seq = -1",
        ])
        .await;
    let findings = trail.findings().await;
    assert!(findings.contains(&Finding::Changed(3, trail.id(3).await)), "{findings:?}");
    assert!(findings.contains(&Finding::Changed(4, trail.id(4).await)), "{findings:?}");
});

on_both_engines!(a_cut_end_is_found_also_if_the_heads_inside_are_cut_with_it, |db| async {
    let trail = Trail::new(db).await;
    trail
        .tamper(&[
            "DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_chain WHERE seq > 8)",
            "DELETE FROM audit_chain WHERE seq > 8",
        ])
        .await;
    assert_eq!(trail.findings().await, [Finding::Head(10)]);
    trail.tamper(&["DELETE FROM audit_heads"]).await;
    assert_eq!(trail.findings().await, [Finding::Head(10)], "the file outside still knows");
    // Rows written afterwards take the numbers of those that are gone.
    trail.write(5).await;
    trail.sequencer().chain().await.unwrap();
    assert_eq!(trail.findings().await, [Finding::Head(10)]);
});

on_both_engines!(a_forged_head_and_a_forged_cut_are_found, |db| async {
    let trail = Trail::new(db).await;
    let forged = match &trail.world.deps.store {
        Store::Sqlite { .. } => "INSERT INTO audit_heads VALUES (7, 1, zeroblob(32), zeroblob(64))",
        Store::Postgres(_) => {
            "INSERT INTO audit_heads VALUES (7, 1, decode(repeat('00', 32), 'hex'), decode(repeat('00', 64), 'hex'))"
        }
    };
    trail.tamper(&[forged]).await;
    assert_eq!(trail.findings().await, [Finding::Signature(7)]);
    let forged = match &trail.world.deps.store {
        Store::Sqlite { .. } => {
            "INSERT INTO audit_cuts SELECT seq, 1, mac, zeroblob(64) FROM audit_chain WHERE seq = 5"
        }
        Store::Postgres(_) => {
            "INSERT INTO audit_cuts SELECT seq, 1, mac, decode(repeat('00', 64), 'hex') FROM audit_chain WHERE seq = 5"
        }
    };
    // The triggers let go of what a cut covers; its signature does not.
    run(&trail.world.deps.store, forged).await.unwrap();
    trail
        .tamper(&[
            "DELETE FROM audit_heads WHERE seq = 7",
            "DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_chain WHERE seq <= 5)",
            "DELETE FROM audit_chain WHERE seq <= 5",
        ])
        .await;
    let sixth = trail.id(6).await;
    assert_eq!(trail.findings().await, [Finding::Signature(5), Finding::Gap(0), Finding::Changed(6, sixth)]);
});

on_both_engines!(a_row_kept_out_of_the_chain_and_one_removed_before_its_number_are_found, |db| async {
    let trail = Trail::new(db).await;
    trail.write(1).await;
    trail.tamper(&["DELETE FROM audit_unchained"]).await;
    assert_eq!(trail.findings().await, [], "it may still wait for its number");
    trail.world.clock.forward(TimeDelta::minutes(2));
    assert!(matches!(trail.findings().await[..], [Finding::Outside(1, _)]));
    trail.tamper(&["DELETE FROM audit WHERE NOT EXISTS (SELECT 1 FROM audit_chain WHERE audit_id = audit.id)"]).await;
    let queued = match &trail.world.deps.store {
        Store::Sqlite { .. } => "INSERT INTO audit_unchained VALUES (zeroblob(16))",
        Store::Postgres(_) => "INSERT INTO audit_unchained VALUES ('00000000-0000-0000-0000-000000000000')",
    };
    run(&trail.world.deps.store, queued).await.unwrap();
    assert_eq!(trail.sequencer().chain().await.unwrap(), 0, "and it does not turn in circles");
    assert_eq!(trail.findings().await, [Finding::GoneBefore(1, Uuid::nil())]);
});

on_both_engines!(the_tables_refuse_changes_and_deletions, |db| async {
    let trail = Trail::new(db).await;
    let store = &trail.world.deps.store;
    let mut refused = vec![
        "UPDATE audit SET action = 'x'",
        "DELETE FROM audit",
        "UPDATE audit_chain SET mac = mac",
        "DELETE FROM audit_chain",
        "UPDATE audit_heads SET at = 1",
        "DELETE FROM audit_heads",
    ];
    if matches!(store, Store::Postgres(_)) {
        refused.extend(["TRUNCATE audit", "TRUNCATE audit_chain", "TRUNCATE audit_heads", "TRUNCATE audit_cuts"]);
    }
    for sql in refused {
        assert!(run(store, sql).await.is_err(), "{sql}");
    }
    assert_eq!(trail.findings().await, []);
});

on_both_engines!(what_is_older_than_a_year_goes_and_the_rest_stays_verifiable, |db| async {
    let trail = Trail::new(db).await;
    let deps = &trail.world.deps;
    trail.world.clock.forward(TimeDelta::days(200));
    trail.write(7).await;
    trail.sequencer().step().await.unwrap();
    assert_eq!(retention(deps).await.unwrap(), 0);
    trail.world.clock.forward(TimeDelta::days(KEEP_DAYS - 100));
    assert_eq!(retention(deps).await.unwrap(), 10);
    assert_eq!(retention(deps).await.unwrap(), 0);
    let verdict = trail.verify().await;
    assert_eq!((verdict.rows, verdict.last, verdict.findings), (7, 17, vec![]));
    trail.world.clock.forward(TimeDelta::days(KEEP_DAYS));
    assert_eq!(retention(deps).await.unwrap(), 7);
    trail.write(1).await;
    trail.sequencer().step().await.unwrap();
    let verdict = trail.verify().await;
    assert_eq!((verdict.rows, verdict.last, verdict.findings), (1, 18, vec![]), "it goes on behind the cut");
});

on_both_engines!(several_sequencers_at_once_make_one_chain, |db| async {
    let trail = Trail::new(db).await;
    trail.write(300).await;
    let (a, b) = (trail.sequencer(), trail.sequencer());
    let (a, b) = tokio::join!(a.chain(), b.chain());
    assert_eq!(a.unwrap() + b.unwrap(), 300);
    assert_eq!((trail.verify().await.last, trail.findings().await), (310, vec![]));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_is_signed_every_five_minutes_if_there_is_something_new() {
    let db = TestDb::sqlite().await;
    let trail = Trail::new(&db).await;
    let path = trail.file().0;
    assert_eq!(lines(&path), 1);
    trail.world.clock.forward(HEAD_EVERY);
    trail.sequencer().step().await.unwrap();
    assert_eq!(lines(&path), 1, "nothing new");
    trail.write(1).await;
    trail.sequencer().step().await.unwrap();
    assert_eq!(lines(&path), 2);
    trail.write(1).await;
    trail.sequencer().step().await.unwrap();
    assert_eq!(lines(&path), 2, "too soon");
}
