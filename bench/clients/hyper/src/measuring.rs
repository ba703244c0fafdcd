//! The command line, the process's time, the line of JSON.

use std::time::Instant;

pub type Failure = Box<dyn std::error::Error>;

/// What every client is told (bench/README.md).
pub struct Options {
    pub url: String,
    pub body_bytes: usize,
    pub connections: usize,
    pub requests: usize,
    pub warm_up: usize,
    pub serial: bool,
    pub ca: Option<String>,
}

impl Options {
    pub fn read() -> Result<Options, Failure> {
        let mut options = Options {
            url: String::new(),
            body_bytes: 0,
            connections: 1,
            requests: 10_000,
            warm_up: 0,
            serial: false,
            ca: None,
        };
        let mut words = std::env::args().skip(1);
        while let Some(name) = words.next() {
            let value = words.next().ok_or(format!("{name} takes a value"))?;
            match name.as_str() {
                "--url" => options.url = value,
                "--connections" => options.connections = value.parse()?,
                "--depth" => {} // it can't pipeline
                "--requests" => options.requests = value.parse()?,
                "--warm-up" => options.warm_up = value.parse()?,
                "--mode" => options.serial = value == "serial",
                "--ca" => options.ca = Some(value),
                _ => return Err(format!("there is no option {name}").into()),
            }
        }
        let count = options.url.rsplit('/').next().unwrap_or_default();
        options.body_bytes = count
            .parse()
            .map_err(|_| "--url http(s)://host:port/bytes/COUNT is missing")?;
        if options.serial {
            options.connections = 1;
        }
        Ok(options)
    }
}

/// This process's time, all threads: from making it to `report`.
pub struct Stopwatch {
    begun: Instant,
    usage: libc::rusage,
}

impl Stopwatch {
    pub fn start() -> Stopwatch {
        Stopwatch {
            begun: Instant::now(),
            usage: usage(),
        }
    }

    pub fn report(&self, options: &Options, version: &str, mut waits: Vec<f64>) {
        let seconds = self.begun.elapsed().as_secs_f64();
        let now = usage();
        let mut result = serde_json::json!({
            "client": "hyper",
            "variant": "hyper-util's pooled client, one thread",
            "version": version,
            "requests": options.requests,
            "failed": 0,
            "body_bytes": options.requests * options.body_bytes,
            "seconds": seconds,
            "cpu_user_seconds": to_seconds(now.ru_utime) - to_seconds(self.usage.ru_utime),
            "cpu_system_seconds": to_seconds(now.ru_stime) - to_seconds(self.usage.ru_stime),
            "peak_rss_kib": peak_rss_kib(),
        });
        if !waits.is_empty() {
            waits.sort_by(f64::total_cmp);
            let last = (waits.len() - 1) as f64;
            result["p50_us"] = waits[(0.5 * last) as usize].into();
            result["p99_us"] = waits[(0.99 * last) as usize].into();
        }
        println!("{result}");
    }
}

fn usage() -> libc::rusage {
    // SAFETY: a rusage is plain numbers, for which zero is good, and the call fills it.
    unsafe {
        let mut usage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    }
}

/// Not ru_maxrss: that begins with what the process was before exec, the runner's copy.
fn peak_rss_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|text| text.split_whitespace().next()?.parse().ok())
        .expect("VmHWM is there")
}

fn to_seconds(time: libc::timeval) -> f64 {
    time.tv_sec as f64 + time.tv_usec as f64 / 1e6
}
