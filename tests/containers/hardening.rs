//! What a container may do, as the engine sees it.

use std::time::Duration;

use serde_json::json;

use crate::{
    compose::{Compose, config, inspect},
    support::STAGES,
};

#[tokio::test(flavor = "multi_thread")]
async fn services_have_no_rights_that_they_do_not_need() {
    let compose = Compose::new("rights", &["compose.yaml"]);
    compose.configure(&config(Duration::ZERO), "");
    compose.run(&["up", "--detach", "--no-build"]);
    for service in STAGES.into_iter().chain(["nats"]) {
        let [container] = compose.containers(service).try_into().unwrap();
        let known = inspect(&container);
        let host = &known["HostConfig"];
        assert_eq!(host["ReadonlyRootfs"], true, "{service}");
        assert_eq!(host["CapDrop"], json!(["ALL"]), "{service}");
        assert_eq!(host["CapAdd"], json!(null), "{service}");
        assert_eq!(host["Privileged"], false, "{service}");
        assert_eq!(host["SecurityOpt"], json!(["no-new-privileges:true"]), "{service}");
        assert!(host["Memory"].as_u64().unwrap() > 0, "{service} has a limit of memory");
        assert!(!known["Config"]["Healthcheck"].is_null(), "{service} tells whether it is well");
        if service != "nats" {
            assert_eq!(known["Config"]["User"], "65532:65532", "{service}");
            assert_eq!(known["Config"]["StopSignal"], "SIGTERM", "{service}");
            assert!(known["Config"]["StopTimeout"].as_u64().unwrap() >= 30, "{service} has the time to drain");
        }
        // Only the sink writes, and only where articles go.
        let mounts = known["Mounts"].as_array().unwrap();
        let writable: Vec<_> =
            mounts.iter().filter(|mount| mount["RW"] == true).map(|mount| &mount["Destination"]).collect();
        let expected: &[&str] = match service {
            "sink" => &["/var/lib/tallywire/out"],
            "nats" => &["/data"],
            _ => &[],
        };
        assert_eq!(writable, expected, "{service}");
    }
}
