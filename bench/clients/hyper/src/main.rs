//! hyper: hyper-util's pooled client on tokio's single-threaded runtime, C tasks. It can't pipeline.

mod measuring;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::Uri;
use hyper_tls::HttpsConnector;
use hyper_util::client::legacy::{connect::HttpConnector, Client};
use hyper_util::rt::TokioExecutor;
use measuring::{Failure, Options, Stopwatch};

type PooledClient = Client<HttpsConnector<HttpConnector>, Empty<Bytes>>;

fn make_client(options: &Options) -> Result<PooledClient, Failure> {
    let mut tls = native_tls::TlsConnector::builder();
    if let Some(file) = &options.ca {
        tls.add_root_certificate(native_tls::Certificate::from_pem(&std::fs::read(file)?)?);
    }
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let connector = HttpsConnector::from((tcp, tls.build()?.into()));
    Ok(Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(options.connections)
        .build(connector))
}

struct Phase {
    left: usize,
    waits: Vec<f64>,
}

async fn work(
    client: PooledClient,
    uri: Uri,
    expected: usize,
    serial: bool,
    phase: Rc<RefCell<Phase>>,
) -> Result<(), String> {
    loop {
        {
            let mut shared = phase.borrow_mut();
            if shared.left == 0 {
                return Ok(());
            }
            shared.left -= 1;
        }
        let begun = Instant::now();
        let response = client
            .get(uri.clone())
            .await
            .map_err(|error| format!("{error:?}"))?;
        let status = response.status();
        let body = response
            .into_body()
            .collect()
            .await
            .map_err(|error| format!("{error:?}"))?;
        let bytes = body.to_bytes().len();
        if status != 200 || bytes != expected {
            return Err(format!("an answer of status {status} and {bytes} bytes"));
        }
        if serial {
            phase
                .borrow_mut()
                .waits
                .push(begun.elapsed().as_secs_f64() * 1e6);
        }
    }
}

async fn play(client: &PooledClient, options: &Options, count: usize) -> Result<Vec<f64>, Failure> {
    let uri: Uri = options.url.parse()?;
    let phase = Rc::new(RefCell::new(Phase {
        left: count,
        waits: Vec::new(),
    }));
    let tasks: Vec<_> = (0..options.connections)
        .map(|_| {
            let (client, uri, phase) = (client.clone(), uri.clone(), phase.clone());
            tokio::task::spawn_local(work(client, uri, options.body_bytes, options.serial, phase))
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let waits = std::mem::take(&mut phase.borrow_mut().waits);
    Ok(waits)
}

fn run() -> Result<(), Failure> {
    let options = Options::read()?;
    let client = make_client(&options)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        play(&client, &options, options.warm_up).await?;
        let watch = Stopwatch::start();
        let waits = play(&client, &options, options.requests).await?;
        watch.report(&options, env!("HYPER_VERSION"), waits);
        Ok(())
    })
}

fn main() {
    if let Err(failure) = run() {
        eprintln!("hyper: {failure}");
        std::process::exit(1);
    }
}
