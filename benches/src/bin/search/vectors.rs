//! Vectors that lie to each other as real ones do: sentence embeddings with noise, projected at random to as many dimensions
//! as are wanted (Johnson and Lindenstrauss: the projection keeps angles).

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use bytes::{BufMut, BytesMut};
use npyz::NpyFile;
use npyz::half::f16;
use postgres_types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use walkdir::WalkDir;

/// Dimensions of the sentence embeddings that are read.
const SOURCE: usize = 384;
/// Length of the noise beside a vector of length 1: the cosine between a document and its variant is 0.86.
const NOISE: f32 = 0.6;
/// Without sentence embeddings: so many random centres.
const CENTRES: usize = 2_000;

/// A value of pgvector's type, as it travels in binary.
#[derive(Clone, Debug)]
pub struct Vector(pub Vec<f32>);

impl ToSql for Vector {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.put_u16(u16::try_from(self.0.len())?);
        out.put_u16(0);
        self.0.iter().for_each(|x| out.put_f32(*x));
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        ty.name() == "vector"
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Vector {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let numbers = raw.get(4..).unwrap_or_default().chunks_exact(4);
        Ok(Self(
            numbers
                .map(|x| f32::from_be_bytes([x[0], x[1], x[2], x[3]]))
                .collect(),
        ))
    }

    fn accepts(ty: &Type) -> bool {
        ty.name() == "vector"
    }
}

/// Makes vectors.
pub struct Source {
    documents: Vec<Vec<f32>>,
    questions: Vec<Vec<f32>>,
    projection: Vec<Vec<f32>>,
    random: fastrand::Rng,
    next: usize,
}

impl Source {
    pub fn new(folder: Option<&Path>, dimensions: usize) -> Self {
        let mut random = fastrand::Rng::with_seed(2);
        let (documents, questions) = match folder {
            Some(folder) => (read_all(folder, "corpus"), read_all(folder, "queries")),
            None => {
                eprintln!("--vectors is not given: vectors are random clusters");
                let centres: Vec<_> = (0..CENTRES)
                    .map(|_| gaussian(&mut random, SOURCE))
                    .collect();
                (centres.clone(), centres)
            }
        };
        let projection = (0..dimensions)
            .map(|_| gaussian(&mut random, SOURCE))
            .collect();
        Self {
            documents,
            questions,
            projection,
            random,
            next: 0,
        }
    }

    /// The vector of one more chunk.
    pub fn document(&mut self) -> Vector {
        let place = self.random.usize(..self.documents.len());
        let noise = gaussian(&mut self.random, SOURCE);
        let scale = NOISE / length(&noise);
        let noisy = self.documents[place]
            .iter()
            .zip(&noise)
            .map(|(x, n)| x + n * scale)
            .collect::<Vec<_>>();
        self.projected(&noisy)
    }

    /// The vector of one more question.
    pub fn question(&mut self) -> Vector {
        self.next = (self.next + 7919) % self.questions.len();
        let question = self.questions[self.next].clone();
        self.projected(&question)
    }

    fn projected(&self, vector: &[f32]) -> Vector {
        let mut out: Vec<f32> = self.projection.iter().map(|row| dot(row, vector)).collect();
        let length = length(&out);
        out.iter_mut().for_each(|x| *x /= length);
        Vector(out)
    }
}

fn read_all(folder: &Path, kind: &str) -> Vec<Vec<f32>> {
    let files = WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok);
    let vectors: Vec<_> = files
        .filter(|file| {
            let name = file.file_name().to_string_lossy();
            name.starts_with(kind) && name.ends_with(".npy")
        })
        .flat_map(|file| read(file.path()))
        .collect();
    assert!(
        !vectors.is_empty(),
        "no {kind}*.npy below {}",
        folder.display()
    );
    vectors
}

/// The rows of an array of float16.
fn read(path: &Path) -> Vec<Vec<f32>> {
    let failed = |error| -> ! { panic!("{}: {error}", path.display()) };
    let file = File::open(path).unwrap_or_else(|error| failed(error));
    let array = NpyFile::new(BufReader::new(file)).unwrap_or_else(|error| failed(error));
    let numbers: Vec<f16> = array.into_vec().unwrap_or_else(|error| failed(error));
    let rows = numbers.chunks_exact(SOURCE);
    rows.map(|row| row.iter().map(|x| x.to_f32()).collect())
        .collect()
}

/// Normally distributed numbers (Box and Muller).
fn gaussian(random: &mut fastrand::Rng, count: usize) -> Vec<f32> {
    (0..count)
        .map(|_| {
            let radius = (-2.0 * (1.0 - random.f32()).max(f32::MIN_POSITIVE).ln()).sqrt();
            radius * (std::f32::consts::TAU * random.f32()).cos()
        })
        .collect()
}

fn length(vector: &[f32]) -> f32 {
    dot(vector, vector).sqrt()
}

/// In eight sums, which the compiler turns into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum()
}
