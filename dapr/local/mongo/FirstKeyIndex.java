import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * An index that is not unique, by its first key alone: enough to narrow a query by equality, {@code $in} or a range.
 * It never sorts.
 */
final class FirstKeyIndex extends Index<KeyValue> {

  private final String field;
  private final Map<Object, Set<KeyValue>> positions = new HashMap<>();
  /** The same sets by order, for the kinds of value that ranges are asked of. */
  private final NavigableMap<Object, Set<KeyValue>> ordered = new TreeMap<>(ValueComparator.asc());
  /** Once a document has had a list here, one of its elements may meet the one bound of a range, one the other. */
  private boolean holdsLists;

  FirstKeyIndex(String name, List<IndexKey> keys) {
    super(name, keys, true);
    field = keys.get(0).getKey();
  }

  /** Every position that may match the query, or null when this index cannot tell. */
  synchronized Collection<KeyValue> candidates(Document query) {
    Object condition = query.get(field);
    if (isPlain(condition)) return at(condition);
    if (!(condition instanceof Document)) return null;
    Document operators = (Document) condition;
    if (isPlain(operators.get("$eq"))) return at(operators.get("$eq"));
    Object oneOf = operators.get("$in");
    if (oneOf instanceof Collection && ((Collection<?>) oneOf).stream().allMatch(FirstKeyIndex::isPlain)) {
      Set<KeyValue> union = new LinkedHashSet<>();
      ((Collection<?>) oneOf).forEach(value -> union.addAll(at(value)));
      return union;
    }
    return between(operators);
  }

  private Collection<KeyValue> at(Object value) {
    return positions.getOrDefault(new KeyValue(value).normalized().get(0), Collections.emptySet());
  }

  private Collection<KeyValue> between(Document operators) {
    Object above = firstOf(operators, "$gte", "$gt");
    Object below = firstOf(operators, "$lte", "$lt");
    if (holdsLists && above != null) below = null;
    if (!isOrdered(above) && !isOrdered(below)) return null;
    NavigableMap<Object, Set<KeyValue>> range = ordered;
    if (isOrdered(above)) range = range.tailMap(above, true);
    if (isOrdered(below) && (range.isEmpty() || ValueComparator.asc().compare(range.firstKey(), below) <= 0)) {
      range = range.headMap(below, true);
    } else if (isOrdered(below)) {
      return Collections.emptySet();
    }
    Collection<KeyValue> found = holdsLists ? new LinkedHashSet<>() : new ArrayList<>();
    range.values().forEach(found::addAll);
    return found;
  }

  private static Object firstOf(Document operators, String one, String other) {
    Object value = operators.get(one);
    return value == null ? operators.get(other) : value;
  }

  /** A value to compare with, as it is: no operator, pattern or list, and no null, which also matches what is missing. */
  private static boolean isPlain(Object value) {
    if (value == null || value instanceof Collection || BsonRegularExpression.isRegularExpression(value)) return false;
    return !(value instanceof Document) || ((Document) value).keySet().stream().noneMatch(key -> key.startsWith("$"));
  }

  private static boolean isOrdered(Object value) {
    return value instanceof Number || value instanceof String || value instanceof Instant || value instanceof ObjectId;
  }

  @Override
  public synchronized void add(Document document, KeyValue position, MongoCollection<KeyValue> collection) {
    Set<Object> values = valuesOf(document);
    holdsLists |= values.size() > 1;
    for (Object value : values) {
      Set<KeyValue> set = positions.computeIfAbsent(value, key -> new LinkedHashSet<>());
      set.add(position);
      if (isOrdered(value)) ordered.put(value, set);
    }
  }

  @Override
  public synchronized KeyValue remove(Document document) {
    KeyValue position = JournaledCollection.keyOf(document, "_id");
    removeAt(valuesOf(document), position);
    return position;
  }

  private void removeAt(Set<Object> values, KeyValue position) {
    for (Object value : values) {
      Set<KeyValue> set = positions.get(value);
      if (set == null) continue;
      set.remove(position);
      if (!set.isEmpty()) continue;
      positions.remove(value);
      if (isOrdered(value)) ordered.remove(value);
    }
  }

  @Override
  public synchronized void updateInPlace(
      Document oldDocument, Document newDocument, KeyValue position, MongoCollection<KeyValue> collection) {
    Set<Object> before = valuesOf(oldDocument);
    if (before.equals(valuesOf(newDocument))) return;
    removeAt(before, position);
    add(newDocument, position, collection);
  }

  private Set<Object> valuesOf(Document document) {
    Set<Object> values = new HashSet<>();
    for (KeyValue value : getKeyValues(document)) values.add(value.get(0));
    return values;
  }

  @Override
  public synchronized long getCount() {
    return positions.size();
  }

  @Override
  public KeyValue getPosition(Document document) {
    return null;
  }

  @Override
  public boolean canHandle(Document query) {
    return false;
  }

  @Override
  public Iterable<KeyValue> getPositions(Document query) {
    throw new UnsupportedOperationException("asked by candidates() only");
  }

  @Override
  public void checkAdd(Document document, MongoCollection<KeyValue> collection) {}

  @Override
  public void checkUpdate(Document oldDocument, Document newDocument, MongoCollection<KeyValue> collection) {}

  @Override
  public long getDataSize() {
    return 0;
  }

  @Override
  public void drop() {}
}
