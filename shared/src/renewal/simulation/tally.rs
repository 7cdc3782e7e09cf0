//! What schedules went through, so that a test can tell whether they reach what they should.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) refreshes: u32,
    pub(super) recovered: u32,
    pub(super) renewed: u32,
    pub(super) taken_over: u32,
    pub(super) stale_saves: u32,
    pub(super) links: u32,
    pub(super) stale_links: u32,
    pub(super) lost_links: u32,
    pub(super) refused: u32,
    pub(super) condemned: u32,
    pub(super) late: u32,
    pub(super) kills: u32,
}

impl Tally {
    pub(super) const fn add(&mut self, other: Self) {
        self.refreshes += other.refreshes;
        self.recovered += other.recovered;
        self.renewed += other.renewed;
        self.taken_over += other.taken_over;
        self.stale_saves += other.stale_saves;
        self.links += other.links;
        self.stale_links += other.stale_links;
        self.lost_links += other.lost_links;
        self.refused += other.refused;
        self.condemned += other.condemned;
        self.late += other.late;
        self.kills += other.kills;
    }
}
