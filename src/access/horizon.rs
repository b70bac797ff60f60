//! Which transactions a snapshot sees, and whether one snapshot sees all that another does.

use pgrx::pg_sys;

/// Transactions that a snapshot sees: those below `xmax` that were not running.
#[derive(Debug)]
pub struct Horizon {
    xmax: u32,
    running: Vec<u32>,
}

/// The same of a snapshot that is in use.
struct View<'a> {
    /// Below this number none was running.
    xmin: u32,
    xmax: u32,
    running: &'a [u32],
    /// Whether `running` names all that were.
    is_complete: bool,
}

/// Whether transaction number `a` is older than `b`; the numbers go round in a circle.
fn precedes(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() < 0
}

impl View<'_> {
    /// Whether this snapshot sees every transaction that `earlier` sees.
    fn includes(&self, earlier: &Horizon) -> bool {
        if !precedes(self.xmin, earlier.xmax) {
            return true;
        }
        self.is_complete
            && !precedes(self.xmax, earlier.xmax)
            && self
                .running
                .iter()
                .all(|id| !precedes(*id, earlier.xmax) || earlier.running.contains(id))
    }
}

/// # Safety
/// `snapshot` is an MVCC snapshot that stays as it is for as long as the view is used.
unsafe fn view<'a>(snapshot: pg_sys::Snapshot) -> View<'a> {
    // SAFETY: the snapshot's counts say how long its arrays are, which may be null when they are empty; a TransactionId is
    // a transparent u32.
    unsafe {
        let snapshot = &*snapshot;
        // On a standby all that run are in the other array, which may overflow.
        let (ids, count) = if snapshot.takenDuringRecovery {
            (snapshot.subxip, snapshot.subxcnt.cast_unsigned())
        } else {
            (snapshot.xip, snapshot.xcnt)
        };
        View {
            xmin: snapshot.xmin.into_inner(),
            xmax: snapshot.xmax.into_inner(),
            running: if count == 0 {
                &[]
            } else {
                std::slice::from_raw_parts(ids.cast::<u32>(), count as usize)
            },
            is_complete: !(snapshot.takenDuringRecovery && snapshot.suboverflowed),
        }
    }
}

/// What a statement that began now would see; `None` in a parallel plan, which may not ask.
pub fn latest() -> Option<Horizon> {
    // SAFETY: GetLatestSnapshot may be called in a transaction outside of parallel mode; its snapshot is read before any
    // other call can replace it.
    unsafe {
        if pg_sys::IsInParallelMode() {
            return None;
        }
        let view = view(pg_sys::GetLatestSnapshot());
        Some(Horizon {
            xmax: view.xmax,
            running: view.running.to_vec(),
        })
    }
}

/// Whether the statement that runs sees all that `earlier` does.
pub fn is_seen_by_this_statement(earlier: &Horizon) -> bool {
    // SAFETY: the active snapshot is not replaced while this function runs.
    unsafe {
        if !pg_sys::ActiveSnapshotSet() {
            return false;
        }
        let snapshot = pg_sys::GetActiveSnapshot();
        (*snapshot).snapshot_type == pg_sys::SnapshotType::SNAPSHOT_MVCC
            && view(snapshot).includes(earlier)
    }
}

/// Whether Postgres watches what this transaction reads.
pub fn transaction_is_serializable() -> bool {
    // SAFETY: a plain variable of the backend, which has only this thread.
    unsafe { pg_sys::XactIsoLevel == pg_sys::XACT_SERIALIZABLE.cast_signed() }
}
