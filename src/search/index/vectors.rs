//! The copies of vectors that searches read, made anew and checked.

use pgrx::Uuid;

use super::codes;
use crate::error::Result;
use crate::spi;

/// Makes the copies and their number what the chunks of a tenant have. Writers may go on.
pub fn rebuild(config_id: Uuid) -> Result<()> {
    for statement in [
        include_str!("../../../sql/queries/search/remove_wrong_vectors.sql"),
        include_str!("../../../sql/queries/search/copy_missing_vectors.sql"),
        include_str!("../../../sql/queries/search/correct_vector_count.sql"),
    ] {
        spi::execute(statement, &[config_id.into()])?;
    }
    codes::rebuild(config_id)
}

/// Statistic, what it should be, what it is: where the two differ.
pub fn differences(config_id: Uuid) -> Result<Vec<(String, i64, i64)>> {
    let counted = spi::select_one(
        include_str!("../../../sql/queries/search/check_vectors.sql"),
        &[config_id.into()],
        |row| {
            Ok([
                spi::value::<i64>(row, 1)?,
                spi::value::<i64>(row, 2)?,
                spi::value::<i64>(row, 3)?,
                spi::value::<i64>(row, 4)?,
            ])
        },
    )?;
    let [chunks, right, copies, counted] = counted.unwrap_or_default();
    let mut compared = vec![
        ("vectors".to_owned(), chunks, right),
        ("copies of vectors".to_owned(), right, copies),
        ("vectors counted".to_owned(), copies, counted),
    ];
    compared.retain(|(_, expected, found)| expected != found);
    compared.extend(codes::differences(config_id)?);
    Ok(compared)
}
