//! What the answers call for.

use std::sync::Arc;

use shared::{
    clock::UnixSeconds,
    store::{
        keep::grants::{Due, PageChange, PersonChange},
        leases::Lease,
        records::{Kept, Page, Status},
        schedule::{KEEP_DEAD, person_due_at},
    },
};

use crate::outcome::{Condemned, CondemnedGrant};

use super::findings::{GrantCheck, Stop};

/// When a check goes on that was not through: in the next run, and there behind those who have waited for longer.
const GOES_ON_AFTER: u64 = 240;

impl GrantCheck<'_> {
    /// Seals anew, lets go of what has been dead for long, and says when to come again. With deaths that is left to the write that marks them: if they are not believed,
    /// the person stays due.
    pub(super) async fn finish(&mut self, lease: &Lease) -> Result<bool, Stop> {
        let due = match self.goes_on.take() {
            Some(progress) => Due::GoesOn(self.keeper.clock.now().saturating_add(GOES_ON_AFTER), progress),
            None if self.unfinished => Due::Unchanged,
            None => self.next(),
        };
        let pages: Vec<(&Page<Kept>, PageChange)> = match due {
            Due::At(_) | Due::Never => self.housekeeping(),
            Due::Unchanged | Due::GoesOn(..) => self.noted().collect(),
        };
        let tables = &self.keeper.tables;
        if self.dead_pages.is_empty() && self.person_died.is_none() {
            if due == Due::Unchanged {
                tables.change_grant(&self.grant, &pages, None, None).await?;
                return Ok(false);
            }
            let mut person = self.person_change(due);
            if !self.rests_on_it_after(&pages) {
                person = PersonChange { token: None, forget: true, due: Due::Never, ..person };
            }
            let written = tables.change_grant(&self.grant, &pages, Some(&person), Some(lease)).await?;
            return Ok(written.lease_over);
        }
        tables.change_grant(&self.grant, &pages, None, None).await?;
        let grant = Arc::new(self.grant.clone());
        let mut dead: Vec<CondemnedGrant> = std::mem::take(&mut self.dead_pages)
            .into_iter()
            .map(|page| CondemnedGrant { grant: Arc::clone(&grant), page: Some(page), person: None })
            .collect();
        match (self.person_died, dead.last_mut()) {
            (Some(death), _) => {
                let person = PersonChange { dead: Some(death.as_str()), due, ..PersonChange::default() };
                dead.push(CondemnedGrant { grant, page: None, person: Some(person) });
            }
            (None, Some(last)) if due != Due::Unchanged => last.person = Some(PersonChange { due, ..PersonChange::default() }),
            _ => {}
        }
        self.outcome.dead = dead.into_iter().map(Condemned::Facebook).collect();
        Ok(false)
    }

    /// What is to be noted about Pages.
    fn noted(&self) -> impl Iterator<Item = (&Page<Kept>, PageChange)> {
        self.notes.iter().filter_map(|(id, note)| Some((self.grant.pages.iter().find(|page| page.id == *id)?, note.clone())))
    }

    /// The same, and whatever else a Page needs: each is written once, and the rest waits.
    fn housekeeping(&self) -> Vec<(&Page<Kept>, PageChange)> {
        let change = |page: &Page<Kept>| {
            if is_over(page.status, page.dead_since, &page.access_token, self.now) {
                return Some(PageChange::Forget);
            }
            page.access_token.to_reseal().map(|token| PageChange::Token(token.clone()))
        };
        let spoken_of = |page: &Page<Kept>| {
            self.dead_pages.iter().any(|(dead, _)| *dead == page.id) || self.notes.iter().any(|(noted, _)| *noted == page.id)
        };
        let pages = self.grant.pages.iter().filter(|page| !spoken_of(page));
        pages.filter_map(|page| Some((page, change(page)?))).chain(self.noted()).collect()
    }

    /// Whether a Page rests on the grant once these changes are written.
    fn rests_on_it_after(&self, changes: &[(&Page<Kept>, PageChange)]) -> bool {
        let goes = |page: &Page<Kept>| changes.iter().any(|(other, change)| other.id == page.id && matches!(change, PageChange::Forget));
        self.grant.pages.iter().any(|page| page.rests() && !goes(page))
    }

    fn person_change(&self, due: Due) -> PersonChange {
        let forget = is_over(self.grant.person.status, self.grant.person.dead_since, &self.grant.person.token, self.now);
        let learned = self.facts.as_ref().and_then(|facts| facts.expires_at).filter(|_| self.grant.person.expires_at.is_none());
        PersonChange {
            token: self.grant.person.token.to_reseal().filter(|_| !forget).cloned(),
            issued: learned.map(|end| (self.grant.person.issued_at, Some(end))),
            data_access_expires_at: self.facts.as_ref().and_then(|facts| facts.data_access_expires_at),
            dead: None,
            seen_dead: false,
            forget,
            due,
        }
    }

    /// Daily while anything lives; then when the first dead token may go; then never.
    fn next(&self) -> Due {
        if self.person_lives() || self.living_pages().next().is_some() {
            let end = self.end().filter(|_| self.person_lives());
            return Due::At(person_due_at(self.grant.user_uuid, self.now, self.grant.person.issued_at, end));
        }
        let person = (&self.grant.person.token, self.grant.person.dead_since);
        let kept = self.grant.pages.iter().map(|page| (&page.access_token, page.dead_since)).chain([person]);
        let ends =
            kept.filter(|(token, _)| !matches!(token, Kept::None)).map(|(_, since)| since.unwrap_or(self.now).saturating_add(KEEP_DEAD));
        // What is over goes now.
        ends.filter(|end| *end > self.now).min().map_or(Due::Never, Due::At)
    }
}

/// Whether a token has been dead for so long that it goes.
fn is_over(status: Status, dead_since: Option<UnixSeconds>, token: &Kept, now: UnixSeconds) -> bool {
    let since = dead_since.filter(|_| status == Status::ReconnectNeeded && !matches!(token, Kept::None));
    since.is_some_and(|since| since.saturating_add(KEEP_DEAD) <= now)
}
