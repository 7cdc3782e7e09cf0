//! Reads of more than one item.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{KeysAndAttributes, Select};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::calls::timed;

use super::{
    Attribute, Condition, Database, Failure, Key, Named, PK, Pause, Row, SK, TRIES, Table,
    attribute::Item,
    expression::{Path, Placeholders},
};

/// Keys per request.
const AT_ONCE: usize = 100;
/// Concurrent requests.
const READERS: usize = 8;

/// Where reading resumes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Position(Item);

/// What was read in one request, and where to resume while there may be more.
pub(crate) type Portion = (Vec<Row>, Option<Position>);

/// The items of one partition.
#[derive(Clone)]
pub(crate) struct Query {
    condition: Condition,
    /// By the table's own key, strongly consistent, unless it names an index.
    index: Option<&'static str>,
    limit: Option<i32>,
}

/// A scan of a table, or of one segment of it.
#[derive(Clone)]
pub(crate) struct Scan {
    attributes: Vec<Path>,
    filter: Condition,
    segment: Option<(u16, u16)>,
}

impl Position {
    /// After this item, of which only the key matters: the table's and the index's own.
    pub(crate) fn behind(key: Row) -> Self {
        Self(key.0)
    }

    /// An attribute of the key after which reading resumes.
    pub(crate) fn get<T: super::Value>(&self, attribute: &Attribute<T>) -> Option<T> {
        Row(self.0.clone()).get(attribute)
    }
}

impl Query {
    /// A partition of the connections table, strongly consistent.
    pub(crate) fn partition(pk: &str) -> Self {
        Self { condition: PK.is(pk), index: None, limit: None }
    }

    /// The items of an index under this condition on its key. An index lags slightly.
    pub(crate) const fn index(name: &'static str, condition: Condition) -> Self {
        Self { condition, index: Some(name), limit: None }
    }

    /// Only the item with this sort key.
    pub(crate) fn at(self, sk: &str) -> Self {
        Self { condition: self.condition.and(SK.is(sk)), ..self }
    }

    /// Only items whose sort key has this prefix.
    pub(crate) fn beginning_with(self, prefix: &str) -> Self {
        Self { condition: self.condition.and(SK.begins_with(prefix)), ..self }
    }

    /// At most this many at a time.
    pub(crate) const fn at_most(mut self, limit: i32) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl Scan {
    /// Reads these attributes of the items that match.
    pub(crate) fn of<'a>(attributes: impl IntoIterator<Item = &'a dyn Named>, filter: Condition) -> Self {
        Self { attributes: attributes.into_iter().map(Named::path).collect(), filter, segment: None }
    }

    /// One of this many segments.
    pub(crate) const fn segment(mut self, segment: u16, of: u16) -> Self {
        self.segment = Some((segment, of));
        self
    }
}

impl Database {
    /// One page of a query, and where to resume while there may be more.
    ///
    /// # Errors
    /// [`Failure`], timed under `name`.
    pub(crate) async fn portion(&self, name: &'static str, query: &Query, from: Option<Position>) -> Result<Portion, Failure> {
        let mut placeholders = Placeholders::default();
        let condition = query.condition.text(&mut placeholders);
        let (names, values) = placeholders.into_parts();
        let request = self
            .client
            .query()
            .table_name(self.name(Table::Connections)?)
            .set_index_name(query.index.map(str::to_owned))
            .set_consistent_read(query.index.is_none().then_some(true))
            .key_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .set_limit(query.limit)
            .set_exclusive_start_key(from.map(|from| from.0));
        let output = timed(name, request.send()).await.map_err(|e| Failure::of(name, &e))?;
        Ok(part(output.items, output.last_evaluated_key))
    }

    /// All pages of a query.
    ///
    /// # Errors
    /// As [`Database::portion`].
    pub(crate) async fn query(&self, name: &'static str, query: &Query) -> Result<Vec<Row>, Failure> {
        let (mut rows, mut next) = self.portion(name, query, None).await?;
        while let Some(from) = next.take() {
            let (more, rest) = self.portion(name, query, Some(from)).await?;
            rows.extend(more);
            next = rest;
        }
        Ok(rows)
    }

    /// Up to `limit` entries of an index across its partitions, and where to resume while there are
    /// more.
    ///
    /// # Errors
    /// [`Failure`], timed under `name`.
    pub(crate) async fn first_of_index(&self, name: &'static str, index: &str, limit: i32) -> Result<Portion, Failure> {
        let request = self.client.scan().table_name(self.name(Table::Connections)?).index_name(index).limit(limit);
        let output = timed(name, request.send()).await.map_err(|e| Failure::of(name, &e))?;
        Ok(part(output.items, output.last_evaluated_key))
    }

    /// One page of a scan, and where to resume while there is more.
    ///
    /// # Errors
    /// [`Failure`], timed under `name`.
    pub(crate) async fn scan(&self, name: &'static str, scan: &Scan, from: Option<Position>) -> Result<Portion, Failure> {
        let mut placeholders = Placeholders::default();
        let mut projection = String::new();
        for path in &scan.attributes {
            projection += if projection.is_empty() { "" } else { ", " };
            placeholders.path(&mut projection, path);
        }
        let filter = scan.filter.text(&mut placeholders);
        let (names, values) = placeholders.into_parts();
        let request = self
            .client
            .scan()
            .table_name(self.name(Table::Connections)?)
            .select(Select::SpecificAttributes)
            .projection_expression(projection)
            .filter_expression(filter)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .set_segment(scan.segment.map(|(segment, _)| segment.into()))
            .set_total_segments(scan.segment.map(|(_, of)| of.into()))
            .set_exclusive_start_key(from.map(|from| from.0));
        let output = timed(name, request.send()).await.map_err(|e| Failure::of(name, &e))?;
        Ok(part(output.items, output.last_evaluated_key))
    }

    /// Items of the connections table, strongly consistent, in as few requests as possible; omits
    /// missing ones.
    ///
    /// # Errors
    /// As [`Database::read_each`].
    pub(crate) async fn read_many(&self, name: &'static str, keys: BTreeSet<Key>) -> Result<Vec<Row>, Failure> {
        let keys = Vec::from_iter(keys);
        let requests: Vec<_> = keys.chunks(AT_ONCE).map(|keys| self.read_each(name, keys)).collect();
        Ok(stream::iter(requests).buffered(READERS).try_collect::<Vec<_>>().await?.concat())
    }

    /// The same in one request, for at most [`AT_ONCE`] keys, each once.
    ///
    /// # Errors
    /// [`Failure`], timed under `name`.
    pub(crate) async fn read_each(&self, name: &'static str, keys: &[Key]) -> Result<Vec<Row>, Failure> {
        let table = self.name(Table::Connections)?;
        let mut wanted: Vec<Item> = keys.iter().map(Key::item).collect();
        let (mut items, mut pause) = (Vec::new(), Pause::default());
        loop {
            let keys = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(wanted)).build();
            let keys = keys.map_err(|error| Failure::unsent(name, error))?;
            let read = self.client.batch_get_item().request_items(table, keys);
            let output = timed(name, read.send()).await.map_err(|e| Failure::of(name, &e))?;
            items.extend(output.responses.unwrap_or_default().into_values().flatten().map(Row));
            // DynamoDB omits keys under load; request them again.
            wanted = output.unprocessed_keys.unwrap_or_default().into_values().flat_map(|left| left.keys).collect();
            if wanted.is_empty() {
                return Ok(items);
            }
            if pause.tries >= TRIES {
                return Err(Failure::unsent(name, "keys left over"));
            }
            pause.wait().await;
        }
    }
}

/// An empty continuation key is also the end.
fn part(items: Option<Vec<Item>>, next: Option<Item>) -> Portion {
    (items.unwrap_or_default().into_iter().map(Row).collect(), next.filter(|key| !key.is_empty()).map(Position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_asks_for_one_partition_and_its_range() {
        let asks = |query: Query| query.condition.text(&mut Placeholders::default());
        assert_eq!(asks(Query::partition("a")), "#pk = :v0");
        assert_eq!(asks(Query::partition("a").at("b")), "#pk = :v0 AND #sk = :v1");
        assert_eq!(asks(Query::partition("a").beginning_with("b")), "#pk = :v0 AND begins_with(#sk, :v1)");
    }
}
