import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoCollection;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One collection, in memory and in the journal. A stored document is never changed in place: an update works on a
 * copy, as an answer may still be on its way out with the old one.
 */
final class JournaledCollection extends AbstractSynchronizedMongoCollection<KeyValue> {

  private Journal journal;
  private final Map<KeyValue, Document> documents;
  private boolean updating;

  JournaledCollection(
      MongoDatabase database, String name, CollectionOptions options, Journal journal, CursorRegistry cursors) {
    super(database, name, options, cursors);
    this.journal = journal;
    documents = journal.takeStored(name);
  }

  /**
   * An index is asked first whenever the query names its keys, whatever else the query asks: the server alone would
   * read the whole collection for {@code {_id, version}}. Candidates may be too many, never too few; each is matched.
   */
  @Override
  protected QueryResult queryDocuments(
      Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
    Iterable<KeyValue> candidates = candidates(query);
    QueryResult found =
        candidates == null
            ? matchDocuments(query, orderBy, skip, limit, batchSize, fields)
            : matchDocuments(query, candidates, orderBy, skip, limit, batchSize, fields);
    return updating ? copiesOf(found) : found;
  }

  @Override
  public synchronized Document updateDocuments(
      Document selector, Document update, ArrayFilters filters, boolean multi, boolean upsert, Oplog oplog) {
    updating = true;
    try {
      return super.updateDocuments(selector, update, filters, multi, upsert, oplog);
    } finally {
      updating = false;
    }
  }

  @Override
  public synchronized Document findAndModify(Document query) {
    updating = true;
    try {
      return super.findAndModify(query);
    } finally {
      updating = false;
    }
  }

  @Override
  protected KeyValue addDocumentInternal(Document document) {
    KeyValue key = getIdField() == null ? new KeyValue(UUID.randomUUID().toString()) : keyOf(document, getIdField());
    journal.put(getCollectionName(), key, document);
    documents.put(key, document);
    return key;
  }

  @Override
  protected void handleUpdate(KeyValue key, Document oldDocument, Document newDocument) {
    journal.put(getCollectionName(), key, newDocument);
    documents.put(key, newDocument);
  }

  @Override
  protected void removeDocument(KeyValue key) {
    journal.remove(getCollectionName(), key);
    documents.remove(key);
  }

  @Override
  public synchronized void addIndex(Index<KeyValue> index) {
    super.addIndex(index);
  }

  @Override
  public synchronized void dropIndex(String name) {
    super.dropIndex(name);
  }

  @Override
  public synchronized void drop() {
    super.drop();
    journal.dropCollection(getCollectionName());
    documents.clear();
  }

  @Override
  public synchronized void renameTo(MongoDatabase database, String name) {
    journal.dropCollection(getCollectionName());
    super.renameTo(database, name);
    journal = ((JournaledDatabase) database).journal();
    documents.forEach((key, document) -> journal.put(name, key, document));
  }

  @Override
  protected QueryResult matchDocuments(
      Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
    Stream<Document> all = documents.values().stream();
    if (isNaturalDescending(orderBy)) {
      List<Document> newestFirst = new ArrayList<>(documents.values());
      Collections.reverse(newestFirst);
      all = newestFirst.stream();
    }
    return matchDocumentsFromStream(all, query, orderBy, skip, limit, batchSize, fields);
  }

  @Override
  protected Document getDocument(KeyValue key) {
    return documents.get(key);
  }

  @Override
  protected Stream<DocumentWithPosition<KeyValue>> streamAllDocumentsWithPosition() {
    return documents.entrySet().stream().map(entry -> new DocumentWithPosition<>(entry.getValue(), entry.getKey()));
  }

  @Override
  public synchronized int count() {
    return documents.size();
  }

  @Override
  public synchronized boolean isEmpty() {
    return documents.isEmpty();
  }

  /** Sizes are only for statistics, and would cost an encoding of every document twice over. */
  @Override
  protected boolean tracksDataSize() {
    return false;
  }

  @Override
  protected void updateDataSize(int delta) {}

  @Override
  protected int getDataSize() {
    return 0;
  }

  static KeyValue keyOf(Document document, String idField) {
    return new KeyValue(Utils.getSubdocumentValue(document, idField)).normalized();
  }

  /** Where the documents that may match are, or null when only reading all of them can tell. */
  private Iterable<KeyValue> candidates(Document query) {
    Collection<KeyValue> fewest = null;
    for (Index<KeyValue> index : getIndexes()) {
      if (index instanceof FirstKeyIndex) {
        Collection<KeyValue> found = ((FirstKeyIndex) index).candidates(query);
        if (found != null && (fewest == null || found.size() < fewest.size())) fewest = found;
      } else {
        Document keys = keysAskedFor(query, index);
        if (keys != null && index.canHandle(keys)) return each(index.getPositions(keys));
      }
    }
    return fewest;
  }

  /** The part of a query that names every key of an index, or null. A null in a query also matches what is missing. */
  private static Document keysAskedFor(Document query, Index<KeyValue> index) {
    Document keys = new Document();
    for (var key : index.getKeys()) {
      Object condition = query.get(key.getKey());
      if (condition instanceof Document && ((Document) condition).keySet().equals(Collections.singleton("$eq"))) {
        condition = ((Document) condition).get("$eq");
      }
      if (condition == null) return null;
      keys.put(key.getKey(), condition);
    }
    return keys;
  }

  /** A document with a list under an indexed key may be found by several of its elements. */
  private static Iterable<KeyValue> each(Iterable<KeyValue> positions) {
    Set<KeyValue> once = new LinkedHashSet<>();
    positions.forEach(once::add);
    return once;
  }

  private static QueryResult copiesOf(QueryResult found) {
    return new QueryResult(found.collectDocuments().stream().map(Document::cloneDeeply).collect(Collectors.toList()));
  }
}
