//! Figures as Parquet: a row each, made from the lines of a file of articles that is ended.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::Path,
    sync::Arc,
};

use parquet::{
    basic::{Compression, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
};
use serde_json::Value;
use tallywire_proto::{DecodeError, Enriched, Message, StatedFigure};

use crate::{
    columns::{Column, Kind, columns, schema},
    files::COMPRESSED,
};

/// Rows that are held in memory before they are written: some 20 MB. Larger groups compress hardly better.
const ROWS: usize = 20_000;

/// A file of figures cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FiguresError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    #[error("line {line}: {error}")]
    Line { line: usize, error: DecodeError },
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Makes the file of figures that belongs to a file of articles. It has its name only when it is whole.
pub(crate) fn derive(articles: &Path, figures: &Path) -> Result<(), FiguresError> {
    let file = File::open(articles)?;
    let mut unfinished = figures.as_os_str().to_owned();
    unfinished.push(".part");
    if let Some(folder) = figures.parent() {
        fs::create_dir_all(folder)?;
    }
    let target = File::create(&unfinished)?;
    let mut buffered = BufWriter::new(&target);
    if articles.extension().is_some_and(|ending| ending == COMPRESSED) {
        write(BufReader::new(zstd::stream::read::Decoder::new(file)?), &mut buffered)?;
    } else {
        write(BufReader::new(file), &mut buffered)?;
    }
    buffered.flush()?;
    drop(buffered);
    target.sync_all()?;
    fs::rename(&unfinished, figures)?;
    Ok(())
}

/// Writes the figures of articles, a line each.
pub(crate) fn write(lines: impl BufRead, to: impl Write + Send) -> Result<(), FiguresError> {
    write_groups(lines, to, ROWS)
}

fn write_groups(mut lines: impl BufRead, to: impl Write + Send, group: usize) -> Result<(), FiguresError> {
    let columns = columns();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("tallywire version {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![KeyValue::new("schema".to_owned(), StatedFigure::SCHEMA.to_owned())]))
        .build();
    let mut writer = SerializedFileWriter::new(to, schema(&columns)?, Arc::new(properties))?;
    let mut rows = Rows::of(&columns);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let enriched = Enriched::decode(&line).map_err(|error| FiguresError::Line { line: number, error })?;
        for stated in StatedFigure::all_of(&enriched) {
            rows.push(&serde_json::to_value(stated)?);
            if rows.count == group {
                rows.write(writer.next_row_group()?)?;
                rows = Rows::of(&columns);
            }
        }
    }
    if rows.count > 0 {
        rows.write(writer.next_row_group()?)?;
    }
    writer.close()?;
    Ok(())
}

/// Rows that are not written yet, column by column.
struct Rows {
    columns: Vec<(Column, Values)>,
    count: usize,
}

/// The values of a column, and for each row whether it has one (a definition level of 1) or is null (0).
struct Values {
    given: Given,
    levels: Vec<i16>,
}

/// The values that are not null.
enum Given {
    Texts(Vec<ByteArray>),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
    Flags(Vec<bool>),
}

impl Rows {
    fn of(columns: &[Column]) -> Self {
        let values = |column: &Column| {
            let given = match column.kind {
                Kind::Text => Given::Texts(Vec::new()),
                Kind::Integer => Given::Integers(Vec::new()),
                Kind::Number => Given::Numbers(Vec::new()),
                Kind::Flag => Given::Flags(Vec::new()),
            };
            (column.clone(), Values { given, levels: Vec::new() })
        };
        Self { columns: columns.iter().map(values).collect(), count: 0 }
    }

    fn push(&mut self, message: &Value) {
        for (column, values) in &mut self.columns {
            let is_given = message.pointer(&column.pointer).is_some_and(|value| values.given.push(value));
            values.levels.push(i16::from(is_given));
        }
        self.count += 1;
    }

    fn write<W: Write + Send>(self, mut group: SerializedRowGroupWriter<'_, W>) -> Result<(), ParquetError> {
        let mut columns = self.columns.into_iter();
        while let (Some(mut writer), Some((_, Values { given, levels }))) = (group.next_column()?, columns.next()) {
            let levels = Some(levels.as_slice());
            match given {
                Given::Texts(texts) => writer.typed::<ByteArrayType>().write_batch(&texts, levels, None)?,
                Given::Integers(integers) => writer.typed::<Int64Type>().write_batch(&integers, levels, None)?,
                Given::Numbers(numbers) => writer.typed::<DoubleType>().write_batch(&numbers, levels, None)?,
                Given::Flags(flags) => writer.typed::<BoolType>().write_batch(&flags, levels, None)?,
            };
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }
}

impl Given {
    /// Takes a value; false where there is none.
    fn push(&mut self, value: &Value) -> bool {
        match self {
            Self::Texts(texts) => value.as_str().map(|text| texts.push(ByteArray::from(text))),
            Self::Integers(integers) => value.as_i64().map(|integer| integers.push(integer)),
            Self::Numbers(numbers) => value.as_f64().map(|number| numbers.push(number)),
            Self::Flags(flags) => value.as_bool().map(|flag| flags.push(flag)),
        }
        .is_some()
    }
}

#[cfg(test)]
mod tests {
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::Field,
    };

    use super::*;

    const SAMPLE: &[u8] = include_bytes!("../../../proto/samples/enriched.json");

    fn sample() -> Enriched {
        Enriched::decode(SAMPLE).unwrap()
    }

    fn parquet(articles: &[Enriched]) -> Vec<u8> {
        let lines: String = articles.iter().map(|article| serde_json::to_string(article).unwrap() + "\n").collect();
        let mut bytes = Vec::new();
        write(lines.as_bytes(), &mut bytes).unwrap();
        bytes
    }

    /// What is in a file, as JSON: a list of the columns' values a row.
    fn read(bytes: Vec<u8>) -> Vec<Vec<(String, Value)>> {
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let value = |field: &Field| match field {
            Field::Null => Value::Null,
            Field::Str(text) => text.as_str().into(),
            Field::Long(integer) => (*integer).into(),
            Field::Double(number) => (*number).into(),
            Field::Bool(flag) => (*flag).into(),
            other => panic!("{other:?}"),
        };
        let rows = reader.get_row_iter(None).unwrap();
        rows.map(|row| row.unwrap().get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect())
            .collect()
    }

    #[test]
    fn every_figure_is_read_back_with_all_that_its_message_says() {
        let article = sample();
        let expected: Vec<Value> =
            StatedFigure::all_of(&article).into_iter().map(|f| serde_json::to_value(f).unwrap()).collect();
        let rows = read(parquet(&[article]));
        assert_eq!(rows.len(), expected.len());
        for (row, message) in rows.into_iter().zip(expected) {
            for (column, (name, found)) in columns().iter().zip(row) {
                assert_eq!(name, column.name);
                let told = message.pointer(&column.pointer).cloned().unwrap_or_default();
                // A whole number is written without a fraction in JSON.
                assert_eq!(told.as_f64(), found.as_f64(), "{name}");
                assert!(told == found || told.is_number(), "{name}: {told} is read back as {found}");
            }
        }
    }

    #[test]
    fn groups_of_rows_follow_each_other() {
        let mut article = sample();
        let figure = article.figures[0].clone();
        let figures = (0..15).map(|number| tallywire_proto::Figure { id: format!("f{number}"), ..figure.clone() });
        article.figures = figures.collect();
        let mut bytes = Vec::new();
        write_groups(serde_json::to_vec(&article).unwrap().as_slice(), &mut bytes, 10).unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes.clone())).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let ids: Vec<Value> = read(bytes)
            .into_iter()
            .map(|row| row.into_iter().find(|(name, _)| name == "figure_id").unwrap().1)
            .collect();
        assert_eq!(ids, (0..15).map(|number| Value::from(format!("f{number}"))).collect::<Vec<Value>>());
    }

    #[test]
    fn articles_without_figures_make_a_file_without_rows() {
        let mut article = sample();
        article.figures.clear();
        assert_eq!(read(parquet(&[article])), Vec::<Vec<(String, Value)>>::new());
        assert!(read(parquet(&[])).is_empty());
    }

    #[test]
    fn a_line_that_is_no_article_is_named() {
        let text =
            [SAMPLE.iter().copied().filter(|byte| *byte != b'\n').collect::<Vec<u8>>(), b"\n{}\n".to_vec()].concat();
        let error = write(text.as_slice(), Vec::new()).unwrap_err().to_string();
        assert!(error.starts_with("line 2: ") && error.contains(Enriched::SCHEMA), "{error}");
    }
}
