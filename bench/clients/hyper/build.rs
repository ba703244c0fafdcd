//! The versions that the program reports are those of its lock file.

fn locked(lock: &str, name: &str) -> String {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{name}\""));
    let version = lines.next().and_then(|line| line.split('"').nth(1));
    format!("{name} {}", version.unwrap_or("?"))
}

fn main() {
    let lock = std::fs::read_to_string("Cargo.lock").unwrap_or_default();
    let versions = [
        locked(&lock, "hyper"),
        locked(&lock, "hyper-util"),
        locked(&lock, "tokio"),
    ];
    println!("cargo:rustc-env=HYPER_VERSION={}", versions.join(", "));
    println!("cargo:rerun-if-changed=Cargo.lock");
}
