//! Figures as Parquet, beside the files of articles.

use std::{fs, path::PathBuf, process::Command};

use bytes::Bytes;

use crate::support::{Pipeline, Site, parquet, root, store};

const ARTICLES: usize = 60;

fn files(pipeline: &Pipeline) -> Vec<PathBuf> {
    let days = fs::read_dir(pipeline.path("out/figures")).into_iter().flatten();
    let files = days.flat_map(|day| fs::read_dir(day.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_every_file_once_though_sinks_are_killed() {
    let site = Site::of_articles(ARTICLES, 2).await;
    let settings = [
        ("sink.parquet", "true"),
        ("sink.rotate_bytes", "50KiB"),
        ("sink.compression", "zstd"),
        ("fetcher.host_delay", "10ms"),
    ];
    let mut pipeline = Pipeline::new(&site.feeds_toml(2), &settings).await;
    pipeline.start_all();
    for round in 1..=3 {
        let goal = round * ARTICLES / 5;
        pipeline.writes(goal).await;
        pipeline.kill_and_restart("sink");
    }
    pipeline.assert_exactly_once(ARTICLES).await;
    // Its end ends the last file.
    pipeline.terminate("sink");
    let files = files(&pipeline);
    assert!(files.len() > 1, "{files:?}");
    let read = files.iter().map(|file| Bytes::from(fs::read(file).unwrap())).collect();
    parquet::assert_exactly_once(read, &pipeline.output());

    let Some(python) = store::python() else { return };
    // The query that users are shown.
    let subjects = fs::read_to_string(root().join("docs/subjects.md")).unwrap();
    let (query, _) = subjects.split_once("```sql").unwrap().1.split_once("```").unwrap();
    let shown = Command::new(&python)
        .args(["-c", "import duckdb, sys; print(duckdb.sql(sys.argv[1]).columns)", query])
        .current_dir(pipeline.path(""))
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&shown.stdout).contains("'country', 'killed'"), "{shown:?}");
    let query = "import duckdb, sys\n\
                 rows = duckdb.sql(f\"select count(*), sum(figure_value_low), max(figure_event_status) \
                 from '{sys.argv[1]}/figures/*/*.parquet' where figure_kind = 'count'\").fetchall()\n\
                 print(*rows[0])";
    let answer = Command::new(python).args(["-c", query]).arg(pipeline.path("out")).output().unwrap();
    assert!(answer.status.success(), "{answer:?}");
    let output = pipeline.output();
    let figures = output.articles.iter().flat_map(|article| article["figures"].as_array().unwrap());
    let counts: Vec<_> = figures.filter(|figure| figure["kind"] == "count").collect();
    let sum: f64 = counts.iter().filter_map(|figure| figure["value"]["low"].as_f64()).sum();
    let status = counts.iter().filter_map(|figure| figure["event"]["status"].as_str()).max().unwrap_or("None");
    let expected = format!("{} {sum:?} {status}", counts.len());
    assert_eq!(String::from_utf8_lossy(&answer.stdout).trim(), expected);
}
