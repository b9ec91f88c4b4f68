//! Every door that takes words: the app's calls, the pages' forms, files, and what is refused at each of them.

use std::cell::Cell;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    consent::{DataType, LinkKind},
    contact::Phone,
    ids::{LinkId, UserId},
    people::Role,
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use server::{
    clock::SystemClock,
    services::Deps,
    storage::{links, sessions},
};
use uuid::Uuid;

use super::{NO_SECRET, NUMBERS, STEM, process::RealServer};
use crate::support::{TestClock, TestDb, add_person, deps, prove};

/// Somebody at the doors.
pub struct Doors<'a> {
    server: &'a RealServer,
    deps: Deps,
    http: Client,
    written: &'a Cell<usize>,
}

/// A number of ours; none is used for two sign-ins, as a phone is sent one code in half a minute.
fn number(last: u8) -> String {
    format!("{NUMBERS}{last}")
}

fn browser() -> Client {
    Client::builder().redirect(Policy::none()).cookie_store(true).no_gzip().no_brotli().build().unwrap()
}

async fn answered(answer: Response, status: StatusCode) -> String {
    let (got, path, text) = (answer.status(), answer.url().path().to_owned(), answer.text().await.unwrap());
    assert_eq!(got, status, "{path} {text}");
    text
}

/// A local time in the past, as a form sends it.
fn wall(days_ago: i64) -> String {
    (SystemClock.now() - TimeDelta::days(days_ago)).format("%Y-%m-%dT08:00").to_string()
}

impl Doors<'_> {
    /// Goes through all of them; gives how many canaries were written.
    pub async fn open(server: &RealServer, db: &TestDb) -> usize {
        let now: DateTime<Utc> = SystemClock.now();
        let (deps, _) = deps(db.store.clone(), TestClock::at(&now.to_rfc3339())).await;
        let written = Cell::new(0);
        let doors = |http| Doors { server, deps: deps.clone(), http, written: &written };
        let asha = doors(browser()).app().await;
        doors(browser()).patient().await;
        doors(browser()).doctor(&asha).await;
        doors(browser()).admin().await;
        written.get()
    }

    /// The next canary: letters only, as names take no others.
    fn word(&self) -> String {
        let number = self.written.replace(self.written.get() + 1);
        let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
        format!("{STEM}{}{}vw", letter(number / 26), letter(number))
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, format!("{}{path}", self.server.base)).header("sec-fetch-site", "same-origin")
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)], status: StatusCode) -> String {
        answered(self.request("POST", path).form(fields).send().await.unwrap(), status).await
    }

    async fn get(&self, path: &str) -> String {
        answered(self.request("GET", path).send().await.unwrap(), StatusCode::OK).await
    }

    /// The mobile app of somebody new; gives their id.
    async fn app(&self) -> String {
        let phone = format!("+91{}", number(1));
        let asked = self.request("POST", "/api/v1/auth/otp").json(&json!({ "phoneNumber": phone })).send().await;
        let asked: Value = serde_json::from_str(&answered(asked.unwrap(), StatusCode::ACCEPTED).await).unwrap();
        let verify = json!({ "challengeId": asked["challengeId"], "phoneNumber": phone, "otp": self.server.code(),
            "device": format!("Phone of {}", self.word()) });
        let tokens = self.request("POST", "/api/v1/auth/verify").json(&verify).send().await.unwrap();
        let tokens: Value = serde_json::from_str(&answered(tokens, StatusCode::OK).await).unwrap();
        let token = tokens["accessToken"].as_str().unwrap();
        let call = async |method: &str, path: &str, body: Option<Value>, status: StatusCode| {
            let request = self.request(method, &format!("/api/v1{path}")).bearer_auth(token);
            let request = match body {
                Some(body) => request.json(&body),
                None => request,
            };
            let text = answered(request.send().await.unwrap(), status).await;
            serde_json::from_str::<Value>(&text).unwrap_or_default()
        };
        let at = (SystemClock.now() - TimeDelta::minutes(5)).to_rfc3339();
        let reading = |notes: String| json!({ "value": 110, "unit": "mg/dL", "recordedAt": at, "notes": notes });
        let meal = |item: String| json!({ "foodItems": ["roti", item], "mealType": "LUNCH", "recordedAt": at });
        let (ok, created, wrong) = (StatusCode::OK, StatusCode::CREATED, StatusCode::BAD_REQUEST);

        call("PATCH", "/me", Some(json!({ "name": self.word() })), ok).await;
        call("POST", "/me/phone", Some(json!({ "phoneNumber": number(8) })), StatusCode::ACCEPTED).await;
        for _ in 0..6 {
            let made = call("POST", "/glucose", Some(reading(self.word())), created).await;
            let path = format!("/glucose/{}", made["id"].as_str().unwrap());
            call("PATCH", &path, Some(json!({ "notes": self.word() })), ok).await;
            let made = call("POST", "/meals", Some(meal(self.word())), created).await;
            let path = format!("/meals/{}", made["id"].as_str().unwrap());
            call("PATCH", &path, Some(json!({ "foodItems": [self.word()] })), ok).await;
        }
        let notes: Vec<Value> = (0..5).map(|_| reading(self.word())).collect();
        call("POST", "/glucose/batch", Some(json!({ "items": notes })), ok).await;
        let items: Vec<Value> = (0..5).map(|_| meal(self.word())).collect();
        call("POST", "/meals/batch", Some(json!({ "items": items })), ok).await;
        self.records(token, &call).await;
        self.files(token).await;

        // What is refused must not reach the log either.
        call("POST", "/glucose", Some(reading(format!("{}{}", self.word(), "x".repeat(600)))), wrong).await;
        let unknown = json!({ "value": 1, "unit": self.word(), "state": self.word(), self.word(): self.word() });
        call("POST", "/glucose", Some(unknown), wrong).await;
        call("POST", "/auth/otp", Some(json!({ "phoneNumber": self.word() })), wrong).await;
        call("POST", "/auth/refresh", Some(json!({ "refreshToken": self.word() })), StatusCode::UNAUTHORIZED).await;
        for (path, status) in [
            (format!("/glucose?cursor={}", self.word()), wrong),
            (format!("/report?from={}", self.word()), wrong),
            (format!("/glucose/{}", self.word()), StatusCode::NOT_FOUND),
            (format!("/{}?x={}", self.word(), self.word()), StatusCode::NOT_FOUND),
            (format!("/doctor/patients?q={}", self.word()), StatusCode::FORBIDDEN),
        ] {
            call("GET", &path, None, status).await;
        }
        let broken =
            self.request("POST", "/api/v1/meals").bearer_auth(token).header("content-type", "application/json");
        answered(broken.body(format!("{{\"foodItems\": [{}", self.word())).send().await.unwrap(), wrong).await;
        let forged = self.request("GET", "/api/v1/me").bearer_auth(self.word()).send().await.unwrap();
        answered(forged, StatusCode::UNAUTHORIZED).await;
        // What is cached, and what is packed.
        for path in ["/insights/weekly", "/report?force=true", "/glucose", "/meals", "/records", "/me", "/me/sessions"]
        {
            call("GET", path, None, ok).await;
        }
        let packed = self.request("GET", "/api/v1/me/export").bearer_auth(token).send().await.unwrap();
        assert_eq!(packed.status(), ok);
        packed.bytes().await.unwrap();
        call("DELETE", "/me", None, StatusCode::ACCEPTED).await;
        tokens["user"]["id"].as_str().unwrap().to_owned()
    }

    /// Health records: every text of every type, changed once, and files.
    async fn records(&self, token: &str, call: &impl AsyncFn(&str, &str, Option<Value>, StatusCode) -> Value) {
        let (ok, created, wrong) = (StatusCode::OK, StatusCode::CREATED, StatusCode::BAD_REQUEST);
        let at = (SystemClock.now() - TimeDelta::minutes(5)).to_rfc3339();
        // A number that nothing else makes: values are sealed too.
        let values =
            json!([{ "test": "TRIGLYCERIDES", "value": super::LAB_VALUE.parse::<f64>().unwrap(), "unit": "mg/dL" }]);
        let lab = json!({ "type": "LAB_REPORT", "recordedAt": at, "laboratory": self.word(), "notes": self.word(), "values": values });
        let lab = call("POST", "/records", Some(lab), created).await["id"].as_str().unwrap().to_owned();
        call("PATCH", &format!("/records/{lab}"), Some(json!({ "laboratory": self.word() })), ok).await;
        let medicine = json!({ "type": "MEDICINE", "name": self.word(), "kind": "INSULIN_RAPID", "amount": 6, "unit": "U",
            "instructions": self.word() });
        let medicine = call("POST", "/records", Some(medicine), created).await["id"].as_str().unwrap().to_owned();
        call("PATCH", &format!("/records/{medicine}"), Some(json!({ "name": self.word() })), ok).await;
        let dose = json!({ "type": "DOSE", "recordedAt": at, "medicineId": medicine, "amount": 4, "unit": "U", "notes": self.word() });
        let weight = json!({ "type": "WEIGHT", "recordedAt": at, "weightKg": 71, "notes": self.word() });
        call("POST", "/records/batch", Some(json!({ "items": [dose, weight] })), ok).await;
        let unknown = json!({ "type": self.word(), "kind": self.word(), self.word(): self.word() });
        call("POST", "/records", Some(unknown), wrong).await;
        for (content, status) in [(format!("%PDF-1.7 {}", self.word()), ok), (format!("<html>{}", self.word()), wrong)]
        {
            let part = reqwest::multipart::Part::text(content).file_name(format!("{}.pdf", self.word()));
            let form = reqwest::multipart::Form::new().part("file", part);
            let path = format!("/api/v1/records/{lab}/file");
            let sent = self.request("PUT", &path).bearer_auth(token).multipart(form).send().await.unwrap();
            answered(sent, status).await;
        }
        let file = self.request("GET", &format!("/api/v1/records/{lab}/file")).bearer_auth(token).send().await.unwrap();
        answered(file, ok).await;
    }

    /// Files of readings: one that is looked at, one that is stored, one that is none.
    async fn files(&self, token: &str) {
        let own = "record,time,value,unit,clipped,state,source,notes,mealType,carbsGrams,foodItems\n";
        let reading = format!("reading,2026-10-01T08:00:00.000Z,110,mg/dL,,RANDOM,MANUAL,{},,,\n", self.word());
        let meal = format!("meal,2026-10-01T09:00:00.000Z,,,,,,,LUNCH,40,\"[\"\"{}\"\"]\"\n", self.word());
        for (content, status, confirm) in [
            (
                format!("time,value,unit\n2026-10-01 08:00,{},mg/dL\n2026-10-02 08:00,110,mg/dL\n", self.word()),
                201,
                false,
            ),
            (format!("{own}{reading}{meal}"), 201, true),
            (format!("Dear {},\nthis is no table.\n", self.word()), 400, false),
        ] {
            let part = reqwest::multipart::Part::text(content).file_name(format!("{}.csv", self.word()));
            let form = reqwest::multipart::Form::new().part("file", part);
            let sent = self.request("POST", "/api/v1/imports").bearer_auth(token).multipart(form).send().await.unwrap();
            let made = answered(sent, StatusCode::from_u16(status).unwrap()).await;
            if confirm {
                let made: Value = serde_json::from_str(&made).unwrap();
                let path = format!("/api/v1/imports/{}/confirm", made["id"].as_str().unwrap());
                let stored = self.request("POST", &path).bearer_auth(token).send().await.unwrap();
                let stored = answered(stored, StatusCode::OK).await;
                assert!(stored.contains("\"inserted\":"), "{stored}");
            }
        }
    }

    /// Signs a browser in, with what it wants to see afterwards.
    async fn sign_in(&self, number: &str) {
        let seen = StatusCode::SEE_OTHER;
        let (agent, wanted) = (format!("{}/1.0 Firefox/1.0 (Android)", self.word()), self.word());
        let asked = self.request("POST", &format!("/login?next=/patient?from={wanted}")).header("user-agent", agent);
        answered(asked.form(&[("phone", number)]).send().await.unwrap(), seen).await;
        self.post("/login/code", &[("code", &self.word())], StatusCode::UNPROCESSABLE_ENTITY).await;
        self.post("/login/code", &[("code", &self.server.code())], seen).await;
    }

    /// A member of staff who signed in, and whose second factor is proven past the doors.
    async fn staff(&self, role: Role, number: &str) -> UserId {
        let (name, phone, now) = (self.word(), Phone::parse(number).unwrap(), SystemClock.now());
        let user = add_person(&self.deps, role, &phone, Some(&name), now).await;
        self.sign_in(number).await;
        let newest = sessions::devices(&self.deps.store, user, SystemClock.now()).await.unwrap();
        prove(&self.deps, newest.first().unwrap().id, SystemClock.now()).await;
        user
    }

    /// A patient's pages.
    async fn patient(&self) {
        let (seen, wrong) = (StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY);
        self.sign_in(&number(3)).await;
        self.post("/settings", &[("name", &self.word())], seen).await;
        let (first, second) = (wall(20), wall(19));
        let reading = |notes: &str| {
            let fixed = [("value", "120"), ("unit", "mg/dL"), ("state", "RANDOM"), ("recordedAt", first.as_str())];
            [&fixed[..], &[("notes", notes), ("version", "1")]]
                .concat()
                .iter()
                .map(|(n, v)| (*n, (*v).to_owned()))
                .collect::<Vec<_>>()
        };
        let meal = |items: &str| {
            let fixed = [("mealType", "DINNER"), ("recordedAt", second.as_str()), ("version", "1")];
            [&fixed[..], &[("foodItems", items)]]
                .concat()
                .iter()
                .map(|(n, v)| (*n, (*v).to_owned()))
                .collect::<Vec<_>>()
        };
        let post = async |path: &str, fields: Vec<(&str, String)>, status| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            self.post(path, &fields, status).await
        };
        post("/patient/log", reading(&self.word()), seen).await;
        post("/patient/meals/new", meal(&self.word()), seen).await;
        post("/patient/log", reading(&format!("{}{}", self.word(), "x".repeat(600))), wrong).await;
        for (list, start) in
            [("/patient/history", "/patient/history/"), ("/patient/history?kind=meals", "/patient/meals/")]
        {
            let page = self.get(list).await;
            let links = page.split("href=\"").filter(|rest| rest.starts_with(start));
            let path = links.map(|rest| rest.split('"').next().unwrap()).find(|path| path.len() == start.len() + 36);
            let fields = if start.contains("meals") { meal(&self.word()) } else { reading(&self.word()) };
            post(path.expect("something to change"), fields, seen).await;
        }
        let invitation = [("name", self.word()), ("phone", number(2)), ("glucose", "yes".into())];
        post("/patient/care-team/invite", invitation.into(), seen).await;
        post("/patient/care-team/invite", vec![("name", self.word()), ("phone", self.word())], wrong).await;
        let file = format!("time,value,unit\n2026-10-01 08:00,{},mg/dL\n2026-10-02 08:00,99,mg/dL\n", self.word());
        let part = reqwest::multipart::Part::text(file).file_name(self.word());
        let form = reqwest::multipart::Form::new().part("file", part);
        let sent = self.request("POST", "/patient/import").multipart(form).send().await.unwrap();
        answered(sent, seen).await;
        self.post("/step-up", &[("code", &self.word()), ("next", &format!("/patient?{}", self.word()))], wrong).await;
        for page in ["", "/history", "/history?kind=meals", "/care-team", "/trends", "/access-log"] {
            self.get(&format!("/patient{page}")).await;
        }
        self.post("/security/phone", &[("phone", &self.word())], wrong).await;
        self.post("/security/phone", &[("phone", &number(7))], seen).await;
        self.post("/security/phone/code", &[("code", &self.word())], wrong).await;
        self.post("/security/phone/code", &[("code", &self.server.code())], seen).await;
        self.get("/security").await;
        self.get(&format!("/settings/data?{}", self.word())).await;
        let packed = self.request("GET", "/settings/data/export").send().await.unwrap();
        assert_eq!(packed.status(), StatusCode::OK);
        packed.bytes().await.unwrap();
    }

    /// A doctor's pages, who does not treat the patient of the app.
    async fn doctor(&self, patient: &str) {
        let (seen, wrong) = (StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY);
        let doctor = self.staff(Role::Doctor, &number(4)).await;
        self.post("/doctor", &[("q", &self.word())], StatusCode::OK).await;
        self.post("/doctor/emergency", &[("phone", &number(1)), ("reason", &self.word()[..12])], wrong).await;
        let reason = format!("{} was found unconscious", self.word());
        self.post("/doctor/emergency", &[("phone", &number(1)), ("reason", &reason)], seen).await;
        self.get(&format!("/doctor/patients/{patient}")).await;
        self.get("/doctor").await;
        self.desk(doctor, patient).await;
    }

    /// Tags, views and a hand-over of a doctor who treats the patient now, past the doors.
    async fn desk(&self, doctor: UserId, patient: &str) {
        let (seen, wrong) = (StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY);
        let now = SystemClock.now();
        let colleague = Phone::parse(&number(0)).unwrap();
        let colleague = add_person(&self.deps, Role::Doctor, &colleague, Some(&self.word()), now).await;
        for viewer in [doctor, colleague] {
            let id = LinkId(Uuid::now_v7());
            let new = links::NewLink {
                id,
                kind: LinkKind::Care,
                patient: patient.parse().unwrap(),
                viewer,
                awaits: viewer,
                label_sealed: None,
                data_types: DataType::ALL,
                consent: None,
                at: now,
                until: None,
            };
            let mut tx = self.deps.store.begin().await.unwrap();
            links::add(&mut tx, &new).await.unwrap();
            links::accept(&mut tx, id, viewer, None, now).await.unwrap();
            tx.commit().await.unwrap();
        }
        let desk = format!("/doctor/patients/{patient}/desk");
        self.post(&desk, &[("tag", &self.word())], seen).await;
        self.post(&desk, &[("tag", &format!("{}{}", self.word(), "x".repeat(30)))], wrong).await;
        self.post(&desk, &[("to", &colleague.to_string()), ("note", &self.word())], seen).await;
        self.post(&desk, &[("to", &self.word()), ("note", &self.word())], wrong).await;
        self.post("/doctor/views", &[("name", &self.word()), ("filter", "due")], seen).await;
        self.post("/doctor/views", &[("name", &format!("{}{}", self.word(), "x".repeat(30)))], wrong).await;
        for page in [&desk, "/doctor/views", "/doctor?filter=handedToMe"] {
            self.get(page).await;
        }
    }

    /// The admin's pages.
    async fn admin(&self) {
        let (seen, wrong) = (StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY);
        self.staff(Role::Admin, &number(5)).await;
        let staff = [("name", &*self.word()), ("phone", &*number(6)), ("role", "DOCTOR")];
        self.post("/admin/staff", &staff, seen).await;
        self.post("/admin/staff", &[("name", &*self.word()), ("phone", &*self.word()), ("role", "ADMIN")], wrong).await;
        self.post("/admin/links", &[("phone", &*number(9)), ("doctor", &*self.word())], wrong).await;
        self.post("/admin/clinics", &[("name", NO_SECRET), ("city", "Pune")], seen).await;
        for page in ["/admin", "/admin/staff", "/admin/links", "/admin/clinics"] {
            self.get(page).await;
        }
        self.get(&format!("/admin/audit?action={}", self.word())).await;
    }
}
